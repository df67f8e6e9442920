import test from "ava";
import { type Permutations, randomPermutations, visitBlock } from "../../src/align/permute.js";
import type { Block } from "../../src/align/symmetry.js";
import { symmetryOf } from "../../src/align/symmetry.js";
import { RandomStream } from "../../src/exact/random.js";
import type { Graph, Parameter } from "../../src/network/graph.js";
import { type GraphNode, type OpName, ops } from "../../src/network/ops/index.js";
import { type Case, casesOf, valuesOf } from "../network/float64/cases.js";
import { interpret, type Value } from "../network/float64/index.js";

/** A network of one op between parameters and a number, in which nothing has to stay but what the op says. */
function networkOf({ op, inputs, attributes }: Case): Graph {
	const parameters = inputs.map(({ shape }, i): Parameter => {
		const native = { shape, view: shape, permutation: shape.map((_, axis) => axis) };
		return { name: `p${i}`, shape, kind: "kernel", filterAxes: [], fanIn: 1, native };
	});
	const spread = inputs.flatMap(({ perSample }, i): GraphNode[] =>
		perSample ? [{ op: "perSample", inputs: [`p${i}`, "x"], output: `v${i}`, attributes: {} }] : [],
	);
	const names = inputs.map(({ perSample }, i) => (perSample ? `v${i}` : `p${i}`));
	return {
		name: op,
		inputs: [{ name: "x", shape: [1] }],
		nodes: [...spread, { op, inputs: names, output: "y", attributes } as GraphNode],
		parameters,
		output: "y",
	};
}

/** The same with an end that does not depend on the order of what the op gives. */
function ended(graph: Graph, rank: number): Graph {
	const axes = Array.from({ length: rank }, (_, i) => i - rank);
	const end: GraphNode = { op: "reduce", inputs: ["y"], output: "sum", attributes: { function: "sum", axes } };
	return { ...graph, nodes: [...graph.nodes, end], output: "sum" };
}

function reordered(
	{ shape, values }: Value,
	blocks: readonly Block[],
	permutations: Permutations,
	samples: number,
): Value {
	const out = Float64Array.from(values);
	const size = values.length / samples;
	for (let start = 0; start < values.length; start += size)
		for (const block of blocks)
			visitBlock(block, permutations, (to, from) => {
				out[start + to] = values[start + from] ?? Number.NaN;
			});
	return { shape, values: out };
}

/** How many elements of its inputs moved, and how far that took its output from what it should be. */
function tried(each: Case, seed: number): { readonly moved: number; readonly distance: number } {
	const graph = networkOf(each);
	// All samples are alike, so that every input can be a parameter, whose axes nothing ties down.
	const given = valuesOf(each).map(({ shape, values }, i): Value => {
		const own = each.inputs[i]?.shape ?? [];
		return { shape: own, values: values.slice(0, values.length / (own.length < shape.length ? each.batch : 1)) };
	});
	const x: Value = { shape: [each.batch, 1], values: new Float64Array(each.batch) };
	const outputs = (values: readonly Value[]) =>
		interpret(graph, new Map([["x", x], ...values.map((value, i): [string, Value] => [`p${i}`, value])]));
	const before = outputs(given);
	const isPerSample = each.inputs.some(({ perSample }) => perSample);
	const samples = isPerSample ? (before.shape[0] ?? 1) : 1;
	const { groups, tensors } = symmetryOf(ended(graph, before.shape.length - Number(isPerSample)));
	const permutations = randomPermutations(groups, new RandomStream(seed, "alignment"));
	const moved = given.map((value, i) => reordered(value, tensors.get(`p${i}`) ?? [], permutations, 1));
	const expected = reordered(before, tensors.get("y") ?? [], permutations, samples);
	const after = outputs(moved);
	const distance = expected.values.reduce((most, value, i) => {
		const other = after.values[i] ?? Number.NaN;
		return Object.is(value, other) ? most : Math.max(most, Math.abs(value - other));
	}, 0);
	return { moved: moved.reduce((sum, { values }, i) => sum + countMoved(values, given[i]?.values ?? []), 0), distance };
}

function countMoved(a: ArrayLike<number>, b: ArrayLike<number>): number {
	return Array.from(a).reduce((count, value, i) => count + Number(!Object.is(value, b[i])), 0);
}

for (const name of Object.keys(ops) as OpName[])
	test(`${name}: inputs in another order, as its axes are joined, give its output in another order and nothing else`, (t) => {
		const random = new RandomStream(4, "alignment");
		let moved = 0;
		for (let round = 0; round < 6; round++)
			for (const [i, each] of casesOf[name](() => random.uniform()).entries()) {
				const found = tried(each, 100 * round + i);
				moved += found.moved;
				t.true(found.distance <= 1e-9, `${JSON.stringify(each.attributes)}: ${found.distance}`);
			}
		t.true(moved > 0);
	});
