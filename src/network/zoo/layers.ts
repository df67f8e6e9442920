import type { Graph, Parameter, ParameterKind } from "../graph.js";
import type { Padding } from "../ops/window.js";

/** Nodes of the layers that the families share, and the parameters under them as PyTorch names and lays them out. */

type Node = Graph["nodes"][number];

interface Place {
	readonly output: string;
	readonly input: string;
	readonly layer: string;
}

/** @param bias left out before a normalisation, which takes it away again */
export function convolution(
	{ output, input, layer }: Place,
	{ padding = "valid" as Padding, stride = 1, bias = true } = {},
): Node {
	const parameters = bias ? [`${layer}.weight`, `${layer}.bias`] : [`${layer}.weight`];
	return {
		op: "conv2d",
		inputs: [input, ...parameters],
		output,
		attributes: { strides: [stride, stride], padding },
	};
}

/** PyTorch's ε. */
const BATCH_NORM_EPSILON = 1e-5;

export function batchNorm({ output, input, layer }: Place): Node {
	return {
		op: "batchNorm",
		inputs: [input, `${layer}.weight`, `${layer}.bias`, `${layer}.running_mean`, `${layer}.running_var`],
		output,
		attributes: { epsilon: BATCH_NORM_EPSILON },
	};
}

export function dense({ output, input, layer }: Place): Node {
	return { op: "dense", inputs: [input, `${layer}.weight`, `${layer}.bias`], output, attributes: {} };
}

export function relu(output: string, input: string): Node {
	return { op: "relu", inputs: [input], output, attributes: {} };
}

export function maxPool(output: string, input: string): Node {
	return {
		op: "maxPool",
		inputs: [input],
		output,
		attributes: { window: [2, 2], strides: [2, 2], padding: "valid" },
	};
}

export function dropout(output: string, input: string, rate: number): Node {
	return { op: "dropout", inputs: [input], output, attributes: { rate } };
}

export function flatten(output: string, input: string): Node {
	return { op: "flatten", inputs: [input], output, attributes: {} };
}

/** Kernel [kh, kw, in, out], in files [out, in, kh, kw]; and bias. */
export function convolutionParameters(
	layer: string,
	[kh, kw]: readonly [number, number],
	channels: number,
	out: number,
	{ bias = true } = {},
): Parameter[] {
	const fanIn = kh * kw * channels;
	const native = { shape: [out, channels, kh, kw], view: [out, channels, kh, kw], permutation: [2, 3, 1, 0] };
	return [
		{ name: `${layer}.weight`, shape: [kh, kw, channels, out], kind: "kernel", filterAxes: [3], fanIn, native },
		...(bias ? [vector(`${layer}.bias`, "bias", out, fanIn)] : []),
	];
}

/**
 * Kernel [in, out], in files [out, in]; and bias. Where the layer reads a flattened image, `input` is that image's
 * [height, width, channels]: files count its features channels first.
 */
export function denseParameters(layer: string, input: readonly number[], out: number): Parameter[] {
	const fanIn = input.reduce((product, length) => product * length, 1);
	const [height = 1, width, channels] = input;
	const native =
		width === undefined || channels === undefined
			? { shape: [out, fanIn], view: [out, fanIn], permutation: [1, 0] }
			: { shape: [out, fanIn], view: [out, channels, height, width], permutation: [2, 3, 1, 0] };
	return [
		{ name: `${layer}.weight`, shape: [fanIn, out], kind: "kernel", filterAxes: [1], fanIn, native },
		vector(`${layer}.bias`, "bias", out, fanIn),
	];
}

/** Scale and shift, then the running statistics. */
export function batchNormParameters(layer: string, channels: number): Parameter[] {
	return [
		vector(`${layer}.weight`, "scale", channels, 1),
		vector(`${layer}.bias`, "shift", channels, 1),
		vector(`${layer}.running_mean`, "running-mean", channels, 1),
		vector(`${layer}.running_var`, "running-variance", channels, 1),
	];
}

function vector(name: string, kind: ParameterKind, length: number, fanIn: number): Parameter {
	const native = { shape: [length], view: [length], permutation: [0] };
	return { name, shape: [length], kind, filterAxes: [], fanIn, native };
}
