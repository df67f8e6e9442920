import test from "ava";
import { Evaluator } from "../../src/compute/evaluator.js";
import { lowerPart } from "../../src/compute/program/lower.js";
import { type Plan, planSegments } from "../../src/compute/program/segments.js";
import { Weights } from "../../src/compute/program/weights.js";
import type { Dataset } from "../../src/data/dataset.js";
import type { Graph } from "../../src/network/graph.js";
import { initialize } from "../../src/network/initialize.js";
import type { GraphNode } from "../../src/network/ops/index.js";
import { gaussians } from "../fixtures.js";
import { fastContext } from "./context.js";

/** A network with a matrix of parameters of 512 kB, [256, 512]. */
function networkOf(shape: readonly number[], nodes: readonly GraphNode[]): Graph {
	const native = { shape: [256, 512], view: [256, 512], permutation: [0, 1] };
	return {
		name: "made by hand",
		inputs: [{ name: "x", shape }],
		nodes,
		parameters: [{ name: "w", shape: [256, 512], kind: "kernel", filterAxes: [1], fanIn: 256, native }],
		output: nodes.at(-1)?.output ?? "x",
	};
}

async function planOf(graph: Graph, samples: number): Promise<Plan> {
	const context = await fastContext();
	const weights = new Weights(context);
	for (const { name, shape } of graph.parameters) weights.add(name, shape);
	const { nodes, inputs, output } = graph;
	const options = { context, weights, batch: 1, areInside: () => false };
	const one = lowerPart({ nodes, inputs, outputs: [output] }, options);
	const plan = planSegments(graph, one, weights, samples);
	one.release();
	weights.release();
	return plan;
}

/** The outputs of some samples, and those of three of them on their own. */
async function outputsOf(graph: Graph, samples: number, precision: "fast" | "exact") {
	const [{ shape = [] } = {}] = graph.inputs;
	const size = shape.reduce((product, length) => product * length, 1);
	const all = gaussians(samples * size, 3);
	const { parameters } = initialize(graph, 1);
	const evaluate = async (inputs: Float32Array): Promise<number[]> => {
		const count = inputs.length / size;
		const targets = new Int32Array(count);
		const data: Dataset = { name: "numbers", samples: count, sampleShape: shape, inputs, targets };
		const statistics = new Float32Array();
		const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision });
		const values = [...evaluator.outputs(parameters)].flatMap((part) => [...part.values]);
		evaluator.release();
		return values;
	};
	const together = await evaluate(all);
	const width = together.length / samples;
	const some = [0, Math.floor(samples / 2), samples - 1];
	const apart: number[][] = [];
	for (const i of some) apart.push(await evaluate(all.slice(i * size, (i + 1) * size)));
	return { together, some: some.map((i) => together.slice(i * width, (i + 1) * width)), apart };
}

/** What is made before the matrix and read after it under two shapes, and an input that is read again there. */
const handedOn = networkOf(
	[32, 256],
	[
		{ op: "unary", inputs: ["x"], output: "a", attributes: { function: "tanh" } },
		{ op: "reshape", inputs: ["a"], output: "view", attributes: { rank: 2, shape: [16, 512] } },
		{ op: "dense", inputs: ["a", "w"], output: "h", attributes: {} },
		{ op: "slice", inputs: ["h"], output: "s", attributes: { axis: -1, start: 128, length: 256, step: 1 } },
		{ op: "binary", inputs: ["s", "a"], output: "b", attributes: { function: "add" } },
		{ op: "reshape", inputs: ["view"], output: "back", attributes: { rank: 2, shape: [32, 256] } },
		{ op: "binary", inputs: ["b", "back"], output: "c", attributes: { function: "mul" } },
		{ op: "binary", inputs: ["c", "x"], output: "d", attributes: { function: "add" } },
		{ op: "relu", inputs: ["d"], output: "e", attributes: {} },
		{ op: "flatten", inputs: ["e"], output: "out", attributes: {} },
	],
);

test("a layer of many parameters takes all samples, what is around it as many as stay in a cache near the core", async (t) => {
	const { segments, batch } = await planOf(handedOn, 37);
	t.deepEqual(
		segments.map(({ nodes }) => nodes.map(({ output }) => output)),
		[["a", "view"], ["h"], ["s", "b", "back", "c", "d", "e", "out"]],
	);
	// tanh: 32 kB that are read and never kept, and 32 kB that are made. The matrix: 32 and 64 kB. After it: up to 32 + 64 + 32.
	t.is(batch, 37);
	t.deepEqual(
		segments.map(({ samples }) => samples),
		[8, 37, 2],
	);
	t.deepEqual(
		segments.map(({ inputs }) => inputs.map(({ name }) => name)),
		[["x"], ["a"], ["h", "a", "view", "x"]],
	);
	t.deepEqual(
		segments.map(({ outputs }) => outputs),
		[["a", "view"], ["h"], ["out"]],
	);
});

test("of ever so many samples no more are under way than 32 MB of what segments hand on", async (t) => {
	const most = { function: "max", axes: [-2, -1] } as const;
	const graph = networkOf(
		[32, 256],
		[
			...handedOn.nodes.slice(0, -1),
			{ op: "reduce", inputs: ["e"], output: "most", attributes: most },
			{ op: "unary", inputs: ["most"], output: "out", attributes: { function: "tanh" } },
		],
	);
	const { segments, batch, between } = await planOf(graph, 5000);
	// What tanh made and what the matrix made of it are there at the same time, 32 and 64 kB a sample, and a few bytes of the end.
	t.is(Math.floor((32 << 20) / ((32 + 64) * 1024 + 64)), 341);
	t.is(batch, Math.ceil(5000 / Math.ceil(5000 / 341)));
	t.true(between.bytes <= 32 << 20);
	t.true(segments.every(({ samples }) => samples <= batch));
});

test("segments give each sample the bits that it has on its own, and the values of the stock kernels", async (t) => {
	const [ours, theirs] = [await outputsOf(handedOn, 37, "fast"), await outputsOf(handedOn, 37, "exact")];
	t.deepEqual(ours.some, ours.apart);
	const largest = theirs.together.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	t.is(ours.together.length, theirs.together.length);
	for (const [i, value] of theirs.together.entries())
		t.true(Math.abs(value - (ours.together[i] ?? Number.NaN)) < 2e-6 * largest);
});

/** Frames that are samples of their own in between. */
const folded = networkOf(
	[2, 32, 256],
	[
		{ op: "unary", inputs: ["x"], output: "a", attributes: { function: "tanh" } },
		{ op: "foldSamples", inputs: ["a"], output: "frames", attributes: {} },
		{ op: "dense", inputs: ["frames", "w"], output: "h", attributes: {} },
		{ op: "unary", inputs: ["h"], output: "b", attributes: { function: "tanh" } },
		{ op: "unfoldSamples", inputs: ["b"], output: "c", attributes: { count: 2 } },
		{ op: "flatten", inputs: ["c"], output: "out", attributes: {} },
	],
);

test("no segment ends where frames are samples of their own", async (t) => {
	const { segments } = await planOf(folded, 19);
	t.deepEqual(
		segments.map(({ nodes }) => nodes.map(({ output }) => output)),
		[["a", "frames", "h", "b", "c", "out"]],
	);
	const { some, apart } = await outputsOf(folded, 19, "fast");
	t.deepEqual(some, apart);
});

test("a graph that makes nothing gives its input", async (t) => {
	const graph = networkOf([4, 256], [{ op: "flatten", inputs: ["x"], output: "out", attributes: {} }]);
	const { together, some, apart } = await outputsOf(graph, 5, "fast");
	t.deepEqual(together, [...gaussians(5 * 1024, 3)]);
	t.deepEqual(some, apart);
});
