import { OptionError } from "../errors.js";
import type { Graph, Parameter } from "./graph.js";

/** The networks isoloss knows by name. */
const zoo: Readonly<Record<string, () => Graph>> = { "mnist-cnn": mnistCnn };

export const modelNames = Object.keys(zoo);

/** @throws {OptionError} listing the names there are */
export function modelByName(name: string): Graph {
	const build = Object.hasOwn(zoo, name) ? zoo[name] : undefined;
	if (build === undefined) throw new OptionError("--model", `expected one of ${modelNames.join(", ")}, got "${name}"`);
	return build();
}

/**
 * The small convolutional network for MNIST that PyTorch's examples train: conv 3×3 1→32, relu, conv 3×3 32→64, relu,
 * max-pool 2, dropout, dense 9216→128, relu, dropout, dense 128→10; 1,199,882 parameters. Names are the PyTorch ones.
 */
export function mnistCnn(): Graph {
	return {
		name: "mnist-cnn",
		inputs: [{ name: "x", shape: [28, 28, 1] }],
		nodes: [
			convolution("c1", "x", "conv1"),
			{ op: "relu", inputs: ["c1"], output: "r1", attributes: {} },
			convolution("c2", "r1", "conv2"),
			{ op: "relu", inputs: ["c2"], output: "r2", attributes: {} },
			{
				op: "maxPool",
				inputs: ["r2"],
				output: "p",
				attributes: { window: [2, 2], strides: [2, 2], padding: "valid" },
			},
			{ op: "dropout", inputs: ["p"], output: "d1", attributes: { rate: 0.25 } },
			{ op: "flatten", inputs: ["d1"], output: "f", attributes: {} },
			{ op: "dense", inputs: ["f", "fc1.weight", "fc1.bias"], output: "h", attributes: {} },
			{ op: "relu", inputs: ["h"], output: "r3", attributes: {} },
			{ op: "dropout", inputs: ["r3"], output: "d2", attributes: { rate: 0.5 } },
			{ op: "dense", inputs: ["d2", "fc2.weight", "fc2.bias"], output: "logits", attributes: {} },
		],
		parameters: [
			...convolutionParameters("conv1", [3, 3], 1, 32),
			...convolutionParameters("conv2", [3, 3], 32, 64),
			...denseParameters("fc1", [12, 12, 64], 128),
			...denseParameters("fc2", [128], 10),
		],
		output: "logits",
	};
}

function convolution(output: string, input: string, layer: string): Graph["nodes"][number] {
	return {
		op: "conv2d",
		inputs: [input, `${layer}.weight`, `${layer}.bias`],
		output,
		attributes: { strides: [1, 1], padding: "valid" },
	};
}

/** Kernel [kh, kw, in, out], in files [out, in, kh, kw]; and bias. */
function convolutionParameters(layer: string, [kh, kw]: [number, number], channels: number, out: number): Parameter[] {
	const fanIn = kh * kw * channels;
	const native = { shape: [out, channels, kh, kw], view: [out, channels, kh, kw], permutation: [2, 3, 1, 0] };
	return [
		{ name: `${layer}.weight`, shape: [kh, kw, channels, out], kind: "kernel", filterAxes: [3], fanIn, native },
		bias(layer, out, fanIn),
	];
}

/**
 * Kernel [in, out], in files [out, in]; and bias. Where the layer reads a flattened image, `input` is that image's
 * [height, width, channels]: files count its features channels first.
 */
function denseParameters(layer: string, input: readonly number[], out: number): Parameter[] {
	const fanIn = input.reduce((product, length) => product * length, 1);
	const [height = 1, width, channels] = input;
	const native =
		width === undefined || channels === undefined
			? { shape: [out, fanIn], view: [out, fanIn], permutation: [1, 0] }
			: { shape: [out, fanIn], view: [out, channels, height, width], permutation: [2, 3, 1, 0] };
	return [
		{ name: `${layer}.weight`, shape: [fanIn, out], kind: "kernel", filterAxes: [1], fanIn, native },
		bias(layer, out, fanIn),
	];
}

function bias(layer: string, length: number, fanIn: number): Parameter {
	const native = { shape: [length], view: [length], permutation: [0] };
	return { name: `${layer}.bias`, shape: [length], kind: "bias", filterAxes: [], fanIn, native };
}
