import test from "ava";
import { identity, permuted } from "../../src/align/permute.js";
import { type Block, type Symmetry, symmetryOf } from "../../src/align/symmetry.js";
import { verify } from "../../src/align/verify.js";
import { AlignmentError } from "../../src/errors.js";
import { initialize } from "../../src/network/initialize.js";
import { tinyCnn, tinyData } from "../fixtures.js";

const graph = tinyCnn();
const state = initialize(graph, 4);
const tried = { graph, data: tinyData(64), precision: "fast" } as const;

/** A symmetry that forgets that a parameter goes with a group. */
function without({ tensors, ...symmetry }: Symmetry, name: string): Symmetry {
	const still = (block: Block): Block => ({
		...block,
		factors: block.factors.map((factor) => ({ ...factor, group: undefined, over: [] })),
	});
	return { ...symmetry, tensors: new Map([...tensors, [name, (tensors.get(name) ?? []).map(still)]]) };
}

for (const [parameter, group, node] of [
	["b", 0, "c"],
	["w1", 0, "h"],
	["b1", 1, "h"],
	["w2", 1, "logits"],
] as const)
	test(`a network whose ${parameter} was left behind is refused at ${node}, which reads it`, async (t) => {
		const symmetry = symmetryOf(graph);
		const permutations = identity(symmetry.groups).map((orders, i) => (i === group ? orders.toReversed() : orders));
		// Biases are zero at first; no two alike here.
		const parameters = state.parameters.map((value, i) => value + 0.01 * (i % 7));
		const original = { ...state, parameters };
		const right = permuted(graph, symmetry, original, permutations);
		await t.notThrowsAsync(verify(tried, symmetry, permutations, [original, right]));
		const wrong = permuted(graph, without(symmetry, parameter), original, permutations);
		const error = await t.throwsAsync(verify(tried, symmetry, permutations, [original, wrong]), {
			instanceOf: AlignmentError,
			message: /^alignment: .* outputs differ by [\d.e-]+ of the largest, .* the first node that differs is /,
		});
		t.is((error as AlignmentError).node, node);
	});
