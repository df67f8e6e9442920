import test from "ava";
import { Evaluator } from "../../src/compute/evaluator.js";
import { GraphError, OptionError } from "../../src/errors.js";
import type { Graph } from "../../src/network/graph.js";
import { initialize } from "../../src/network/initialize.js";
import { parameterLayout, type State, slice } from "../../src/network/parameters.js";
import { rescale } from "../../src/network/rescale.js";
import { type RandomDirectionOptions, randomDirection } from "../../src/section/random.js";
import { formPoint } from "../../src/section/section.js";
import { measured, tinyCnn, tinyData } from "../fixtures.js";

const graph = tinyCnn();
const original = initialize(graph, 4);
const data = tinyData(64);

/** Losses at five points along a random direction, which is drawn for the parameters it starts from. */
async function losses(parameters: State, norm: RandomDirectionOptions["norm"]): Promise<number[]> {
	const evaluator = await Evaluator.create({
		graph,
		statistics: parameters.statistics,
		data,
		batchNorm: "running",
		precision: "fast",
	});
	const direction = randomDirection("x", parameters.parameters, parameterLayout(graph), {
		seed: 1,
		norm,
		bias: "zero",
	});
	const point = new Float32Array(parameters.parameters.length);
	const found: number[] = [];
	for (const alpha of [-1, -0.5, 0, 0.5, 1]) {
		formPoint(point, [parameters.parameters, direction], [1, alpha]);
		found.push((await measured(evaluator, point, data)).loss);
	}
	return found;
}

const furthest = (a: readonly number[], b: readonly number[]) =>
	Math.max(...a.map((value, i) => Math.abs(value / (b[i] ?? 0) - 1)));

test("a layer times c and the next divided by c have c-fold and 1/c-fold kernels, the first bias too, the rest as it was", (t) => {
	const { parameters } = rescale(graph, original, "w1", 4);
	const factors: Record<string, number> = { k: 1, b: 1, w1: 4, b1: 4, w2: 1 / 4, b2: 1 };
	for (const slot of parameterLayout(graph).slots)
		t.deepEqual(
			slice(parameters, slot),
			slice(original.parameters, slot).map((value) => value * (factors[slot.name] ?? 0)),
			slot.name,
		);
	t.deepEqual(original, initialize(graph, 4));
});

for (const kernel of ["k", "w1"]) {
	test(`rescaled at ${kernel}, the loss and the filter-normalised line stay and the unnormalised one changes`, async (t) => {
		const [filter, none] = [await losses(original, "filter"), await losses(original, "none")];
		// Powers of two change exponents only, so even the rounding is the same.
		const exact = rescale(graph, original, kernel, 16);
		t.is((await losses(exact, "none"))[2], none[2]);
		const rescaled = rescale(graph, original, kernel, 10);
		const other = await losses(rescaled, "none");
		t.true(Math.abs((other[2] ?? 0) / (none[2] ?? 0) - 1) < 1e-6);
		t.true(furthest(await losses(rescaled, "filter"), filter) < 1e-5);
		t.true(furthest(other, none) > 0.1, `${other} is ${none}`);
	});
}

test("what does not leave the function as it is is refused", (t) => {
	t.throws(() => rescale(graph, original, "w2", 2), {
		instanceOf: GraphError,
		message: /reaches the network's output/,
	});
	t.throws(() => rescale(graph, original, "b", 2), { instanceOf: OptionError, message: /one of k, w1, w2, got "b"/ });
	for (const factor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
		t.throws(() => rescale(graph, original, "k", factor), { instanceOf: OptionError });
	const nodes = graph.nodes.map((node) =>
		node.op === "relu" ? { ...node, op: "unary" as const, attributes: { function: "tanh" as const } } : node,
	);
	t.throws(() => rescale({ ...graph, nodes }, original, "k", 2), { instanceOf: GraphError, message: /through unary/ });
	const twice: Graph = {
		...graph,
		nodes: graph.nodes.map((node) =>
			node.op === "dense" && node.output === "logits" ? { ...node, inputs: ["s", "w2", "b1"] } : node,
		),
	};
	t.throws(() => rescale(twice, original, "w1", 2), { instanceOf: GraphError, message: /b1 is used more than once/ });
});
