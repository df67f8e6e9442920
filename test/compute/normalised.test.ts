import "../kernels/relaxed-simd.js";
import test, { type ExecutionContext } from "ava";
import { Evaluator } from "../../src/compute/evaluator.js";
import type { Dataset } from "../../src/data/dataset.js";
import { hasRelaxedSimd } from "../../src/kernels/module.js";
import type { Graph, Parameter } from "../../src/network/graph.js";
import { parameterLayout, slice, statisticsLayout } from "../../src/network/parameters.js";
import {
	batchNorm,
	batchNormParameters,
	convolution,
	convolutionParameters,
	dense,
	denseParameters,
	relu,
} from "../../src/network/zoo/layers.js";
import { gaussians } from "../fixtures.js";

const SAMPLES = 3;
/** Height and width: tiles of four and of two are left over at the edges. */
const SIDE = 9;

interface Layer {
	readonly node: Graph["nodes"][number];
	readonly parameters: readonly Parameter[];
	readonly inputs: number;
	readonly outputs: number;
}

const place = { output: "layer", input: "x", layer: "layer" };

function convolutionOf(size: number, inputs: number, outputs: number, { stride = 1, bias = true } = {}): Layer {
	const parameters = convolutionParameters("layer", [size, size], inputs, outputs, { bias });
	return { node: convolution(place, { padding: "same", stride, bias }), parameters, inputs, outputs };
}

function depthwise(channels: number): Layer {
	const { node, parameters } = convolutionOf(3, 1, channels);
	const attributes = { ...node.attributes, groups: channels };
	return { node: { ...node, attributes } as Layer["node"], parameters, inputs: channels, outputs: channels };
}

const layers: Readonly<Record<string, Layer>> = {
	"a convolution by Winograd's algorithm": convolutionOf(3, 9, 11),
	"one without a bias": convolutionOf(3, 12, 16, { bias: false }),
	"one that reads the image where it lies": convolutionOf(3, 3, 10),
	"one that is a product": convolutionOf(3, 16, 36, { stride: 2 }),
	"one of single pixels, of more outputs than are packed at a time": convolutionOf(1, 12, 300, { bias: false }),
	"one filter a channel": depthwise(10),
	"a dense layer": { node: dense(place), parameters: denseParameters("layer", [300], 21), inputs: 300, outputs: 21 },
};

const MOST = 0.75;

/** What may come after a normalisation. */
const ends = {
	"": [],
	", and rectified": [relu("last", "normed")],
	", and clipped": [
		{ op: "unary", inputs: ["normed"], output: "last", attributes: { function: "clip", alpha: 0, beta: MOST } },
	],
} as const satisfies Readonly<Record<string, Graph["nodes"]>>;

/** The layer, normalised; `apart` where its own outputs are read, too, so that they can't be normalised as they are written. */
function networkOf({ node, parameters, inputs, outputs }: Layer, last: Graph["nodes"], apart: boolean): Graph {
	const end = last.length > 0 ? "last" : "normed";
	const both = { op: "concat", inputs: [end, "layer"], output: "out", attributes: { axis: -1 } } as const;
	return {
		name: "normalised",
		inputs: [{ name: "x", shape: [SIDE, SIDE, inputs] }],
		nodes: [node, batchNorm({ output: "normed", input: "layer", layer: "norm" }), ...last, ...(apart ? [both] : [])],
		parameters: [...parameters, ...batchNormParameters("norm", outputs)],
		output: apart ? "out" : end,
	};
}

async function outputsOf(graph: Graph, inputs: number, precision: "fast" | "relaxed"): Promise<Float32Array> {
	const data: Dataset = {
		name: "numbers",
		samples: SAMPLES,
		sampleShape: [SIDE, SIDE, inputs],
		inputs: gaussians(SAMPLES * SIDE * SIDE * inputs, 1),
		targets: new Int32Array(SAMPLES),
	};
	const statistics = gaussians(statisticsLayout(graph).length, 2);
	for (const slot of statisticsLayout(graph).slots.filter(({ kind }) => kind === "running-variance"))
		slice(statistics, slot).forEach((value, i, all) => {
			all[i] = value ** 2;
		});
	const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision });
	// At one point, at another, and there again: what normalises is worked out anew at each.
	const parts = [3, 4, 3].flatMap((seed) => [...evaluator.outputs(gaussians(parameterLayout(graph).length, seed))]);
	evaluator.release();
	return Float32Array.from(parts.flatMap(({ values }) => [...values]));
}

async function agrees(t: ExecutionContext, layer: Layer, how: keyof typeof ends, precision: "fast" | "relaxed") {
	const last = ends[how];
	const joined = await outputsOf(networkOf(layer, last, false), layer.inputs, precision);
	const both = await outputsOf(networkOf(layer, last, true), layer.inputs, precision);
	t.is(both.length, 2 * joined.length);
	const { outputs } = layer;
	const apart = joined.map((_, i) => both[2 * i - (i % outputs)] ?? Number.NaN);
	t.deepEqual(joined, apart);
	const least = joined.reduce((a, b) => Math.min(a, b));
	const most = joined.reduce((a, b) => Math.max(a, b));
	t.true(last.length === 0 ? least < 0 : least === 0);
	t.true(how.includes("clipped") ? most === MOST : most > MOST);
}

const hows = Object.keys(ends) as (keyof typeof ends)[];

for (const [what, layer] of Object.entries(layers))
	for (const how of hows)
		test(`${what} is normalised as it is written with the bits of the two steps${how}`, (t) =>
			agrees(t, layer, how, "fast"));

// By tiles of 6×6; one after the other, for a thread has kernels of one precision.
if (hasRelaxedSimd())
	for (const how of hows)
		for (const outputs of [11, 16])
			test.serial(
				`relaxed, a convolution to ${outputs} channels is normalised with the bits of the two steps${how}`,
				(t) => agrees(t, convolutionOf(3, 9, outputs), how, "relaxed"),
			);
