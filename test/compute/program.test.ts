import "../kernels/relaxed-simd.js";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { Evaluator } from "../../src/compute/evaluator.js";
import { type Dataset, inputsOf } from "../../src/data/dataset.js";
import { hasRelaxedSimd } from "../../src/kernels/module.js";
import type { Graph } from "../../src/network/graph.js";
import { initialize } from "../../src/network/initialize.js";
import type { GraphNode } from "../../src/network/ops/index.js";
import { parameterLayout } from "../../src/network/parameters.js";
import { convolution, convolutionParameters, maxPool, relu } from "../../src/network/zoo/layers.js";
import { resolve } from "../../src/resolve/index.js";
import { inMemory } from "../../src/section/vector.js";
import { gaussians, root } from "../fixtures.js";

const corpus = join(root, "test", "corpus", "pytorch");
const folders = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory());

async function outputsOf(
	precision: "fast" | "exact" | "relaxed",
	{
		graph,
		parameters,
		statistics,
		data,
	}: { graph: Graph; parameters: Float32Array; statistics: Float32Array; data: Dataset },
): Promise<Float32Array> {
	const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision });
	const values = [...evaluator.outputs(parameters)].flatMap((part) => [...part.values]);
	evaluator.release();
	return Float32Array.from(values);
}

/** The first samples of some data. */
function firstOf(data: Dataset, samples: number): Dataset {
	const part = <A extends Float32Array | Int32Array>(values: A) =>
		values.slice(0, (values.length / data.samples) * samples) as A;
	const [first, ...others] = inputsOf(data).map(({ shape, values }) => ({ shape, values: part(values) }));
	return {
		...data,
		samples,
		inputs: first?.values ?? data.inputs,
		targets: part(data.targets),
		...(others.length > 0 && { others }),
	};
}

for (const { name } of folders) {
	const files = { model: join(corpus, name, "a.onnx"), data: join(corpus, name, "data.npz") };

	test(`${name}: the compiled network gives the outputs of the stock kernels`, async (t) => {
		const { problem } = await resolve({ ...files, samples: "all", y: null });
		const { graph, data, section } = problem;
		const [parameters, statistics] = [
			Float32Array.from(section.vectors.map(inMemory)[0] ?? []),
			Float32Array.from(section.statistics[0] ?? []),
		];
		const state = { graph, parameters, statistics, data };
		const [fast, exact] = [await outputsOf("fast", state), await outputsOf("exact", state)];
		const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		t.true(exact.every((value, i) => Math.abs(value - (fast[i] ?? Number.NaN)) <= 5e-6 * largest));
	});

	test(`${name}: a sample's outputs have the same bits however many go with it`, async (t) => {
		const { problem } = await resolve({ ...files, samples: "all", y: null });
		const { graph, data, section } = problem;
		const [parameters, statistics] = [
			Float32Array.from(section.vectors.map(inMemory)[0] ?? []),
			Float32Array.from(section.statistics[0] ?? []),
		];
		const all = await outputsOf("fast", { graph, parameters, statistics, data });
		for (const samples of [1, 2, 7]) {
			const some = await outputsOf("fast", { graph, parameters, statistics, data: firstOf(data, samples) });
			t.deepEqual(some, all.subarray(0, some.length));
		}
	});
}

/** A network on [4, 6] numbers a sample, with a matrix of parameters [6, 6]. */
function networkOf(nodes: readonly GraphNode[]): Graph {
	return {
		name: "made by hand",
		inputs: [{ name: "x", shape: [4, 6] }],
		nodes,
		parameters: [
			{
				name: "w",
				shape: [6, 6],
				kind: "kernel",
				filterAxes: [1],
				fanIn: 6,
				native: { shape: [6, 6], view: [6, 6], permutation: [0, 1] },
			},
		],
		output: nodes.at(-1)?.output ?? "x",
	};
}

const inTurn = {
	"what only parameters make, by steps of TensorFlow.js in between": [
		{ op: "transpose", inputs: ["w"], output: "turned", attributes: { permutation: [1, 0] } },
		{ op: "dense", inputs: ["x", "turned"], output: "a", attributes: {} },
		{ op: "unary", inputs: ["a"], output: "b", attributes: { function: "sin" } },
		{ op: "dense", inputs: ["b", "w"], output: "c", attributes: {} },
		{ op: "flatten", inputs: ["c"], output: "out", attributes: {} },
	],
	"an input that is read again after it was rectified": [
		{ op: "relu", inputs: ["x"], output: "a", attributes: {} },
		{ op: "binary", inputs: ["a", "x"], output: "b", attributes: { function: "add" } },
		{ op: "relu", inputs: ["b"], output: "c", attributes: {} },
		{ op: "binary", inputs: ["b", "c"], output: "d", attributes: { function: "mul" } },
		{ op: "flatten", inputs: ["d"], output: "out", attributes: {} },
	],
	"comparisons, whose results are true or false": [
		{ op: "unary", inputs: ["x"], output: "a", attributes: { function: "tanh" } },
		{ op: "binary", inputs: ["x", "a"], output: "b", attributes: { function: "greater" } },
		{ op: "where", inputs: ["b", "x", "a"], output: "c", attributes: {} },
		{ op: "flatten", inputs: ["c"], output: "out", attributes: {} },
	],
	"slices, joined in another order": [
		{ op: "slice", inputs: ["x"], output: "a", attributes: { axis: -2, start: 3, length: 2, step: -2 } },
		{ op: "slice", inputs: ["x"], output: "b", attributes: { axis: -1, start: 1, length: 6 - 1, step: 1 } },
		{ op: "concat", inputs: ["a", "x", "a"], output: "c", attributes: { axis: -2 } },
		{ op: "transpose", inputs: ["b"], output: "d", attributes: { permutation: [1, 0] } },
		{ op: "flatten", inputs: ["c"], output: "e", attributes: {} },
		{ op: "flatten", inputs: ["d"], output: "f", attributes: {} },
		{ op: "concat", inputs: ["f", "e"], output: "out", attributes: { axis: -1 } },
	],
} as const satisfies Readonly<Record<string, readonly GraphNode[]>>;

for (const [what, nodes] of Object.entries(inTurn))
	test(`a program agrees with the stock kernels on ${what}, at one point after another`, async (t) => {
		const graph = networkOf(nodes);
		const samples = 5;
		const data: Dataset = {
			name: "numbers",
			samples,
			sampleShape: [4, 6],
			inputs: gaussians(samples * 24),
			targets: new Int32Array(samples),
		};
		const options = { graph, statistics: new Float32Array(0), data, batchNorm: "running" } as const;
		const fast = await Evaluator.create({ ...options, precision: "fast" });
		const exact = await Evaluator.create({ ...options, precision: "exact" });
		for (const seed of [1, 2, 1]) {
			const { parameters } = initialize(graph, seed);
			const [ours, theirs] = [fast, exact].map((each) =>
				[...each.outputs(parameters)].flatMap((part) => [...part.values]),
			);
			t.is(ours?.length, theirs?.length);
			for (const [i, value] of (theirs ?? []).entries()) t.true(Math.abs(value - (ours?.[i] ?? Number.NaN)) < 1e-5);
		}
		fast.release();
		exact.release();
	});

test("a network that is released gives its memory back", async (t) => {
	const { problem } = await resolve({ model: "mnist-cnn", samples: 8, y: null });
	const { graph, data, section } = problem;
	const statistics = new Float32Array(0);
	const parameters = Float32Array.from(section.vectors.map(inMemory)[0] ?? []);
	const once = async () => {
		const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision: "fast" });
		for (const _ of evaluator.outputs(parameters));
		evaluator.release();
	};
	for (let i = 0; i < 3; i++) await once();
	const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
	for (let i = 0; i < 20; i++) await once();
	const after = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
	t.true(after - before < 30e6, `${(after - before) / 1e6} MB more after twenty networks of 5 MB`);
});

if (hasRelaxedSimd())
	test.serial("a filter that two convolutions share is kept for the tiles of each", async (t) => {
		// Of 20×20 outputs tiles of 4×4 waste nothing, of 10×10 those of 6×6 take fewer products.
		const shape = [20, 20, 8];
		const graph: Graph = {
			name: "shared",
			inputs: [{ name: "x", shape }],
			nodes: [
				convolution({ output: "first", input: "x", layer: "layer" }, { padding: "same" }),
				relu("rectified", "first"),
				maxPool("pooled", "rectified"),
				convolution({ output: "second", input: "pooled", layer: "layer" }, { padding: "same" }),
			],
			parameters: convolutionParameters("layer", [3, 3], 8, 8),
			output: "second",
		};
		const inputs = gaussians(3 * 20 * 20 * 8, 1);
		const data: Dataset = { name: "numbers", samples: 3, sampleShape: shape, inputs, targets: new Int32Array(3) };
		const parameters = gaussians(parameterLayout(graph).length, 2);
		const state = { graph, parameters, statistics: new Float32Array(), data };
		const [relaxed, exact] = [await outputsOf("relaxed", state), await outputsOf("exact", state)];
		const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		t.true(exact.every((value, i) => Math.abs(value - (relaxed[i] ?? Number.NaN)) <= 5e-6 * largest));
	});
