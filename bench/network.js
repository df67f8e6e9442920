import { onnxFile } from "./onnx.js";

/** The article's network on 28×28 images: its tensors in order, NHWC kernels [kh, kw, in, out]. */
export const TENSORS = [
	{ name: "conv1", shape: [3, 3, 1, 32], fanIn: 9 },
	{ name: "bias1", shape: [32], fanIn: 9 },
	{ name: "conv2", shape: [3, 3, 32, 64], fanIn: 288 },
	{ name: "bias2", shape: [64], fanIn: 288 },
	{ name: "dense1", shape: [9216, 128], fanIn: 9216 },
	{ name: "bias3", shape: [128], fanIn: 9216 },
	{ name: "dense2", shape: [128, 10], fanIn: 128 },
	{ name: "bias4", shape: [10], fanIn: 128 },
];

/** Even numbers in [-1, 1), the same in each run (mulberry32). */
export function uniform(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
	};
}

/** Weights scaled as He et al. 2015 do, so that activations neither die nor turn subnormal. */
export function randomWeights(seed = 1) {
	const next = uniform(seed);
	return Object.fromEntries(
		TENSORS.map(({ name, shape, fanIn }) => {
			const scale = Math.sqrt(6 / fanIn);
			return [name, Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => next() * scale)];
		}),
	);
}

export function randomImages(count, seed = 2) {
	const next = uniform(seed);
	return Float32Array.from({ length: count * 784 }, () => next() * 1.7);
}

export function randomLabels(count, seed = 3) {
	const next = uniform(seed);
	return Int32Array.from({ length: count }, () => Math.floor((next() + 1) * 5));
}

/** Mean softmax cross-entropy, added up in float64. */
export function meanLoss(logits, labels, classes = 10) {
	let sum = 0;
	for (let sample = 0; sample < labels.length; sample++) {
		const row = Array.from(logits.subarray(sample * classes, (sample + 1) * classes));
		const top = Math.max(...row);
		sum += Math.log(row.reduce((total, logit) => total + Math.exp(logit - top), 0)) + top - row[labels[sample]];
	}
	return sum / labels.length;
}

/** Kernels [kh, kw, in, out] as ONNX wants them: [out, in, kh, kw]. */
function toOIHW(values, [height, width, inputs, outputs]) {
	const moved = new Float32Array(values.length);
	for (let position = 0; position < height * width; position++)
		for (let i = 0; i < inputs; i++)
			for (let o = 0; o < outputs; o++)
				moved[(o * inputs + i) * height * width + position] = values[(position * inputs + i) * outputs + o];
	return moved;
}

/** Rows of a dense kernel in the order a channels-first flatten gives: (channel, row, column). */
function rowsChannelsFirst(values, side, channels, outputs) {
	const moved = new Float32Array(values.length);
	for (let position = 0; position < side * side; position++)
		for (let channel = 0; channel < channels; channel++) {
			const from = (position * channels + channel) * outputs;
			moved.set(values.subarray(from, from + outputs), (channel * side * side + position) * outputs);
		}
	return moved;
}

/** The network as an ONNX file for [batch, 1, 28, 28]; the dense rows are reordered, so no transposition is timed. */
export function networkAsOnnx(weights) {
	const shapeOf = (name) => TENSORS.find((tensor) => tensor.name === name).shape;
	const conv = (name) => {
		const [height, width, inputs, outputs] = shapeOf(name);
		return { name, shape: [outputs, inputs, height, width], values: toOIHW(weights[name], shapeOf(name)) };
	};
	const plain = (name) => ({ name, shape: shapeOf(name), values: weights[name] });
	return onnxFile({
		input: { name: "images", shape: ["batch", 1, 28, 28] },
		output: { name: "logits", shape: ["batch", 10] },
		initializers: [
			conv("conv1"),
			plain("bias1"),
			conv("conv2"),
			plain("bias2"),
			{ name: "dense1", shape: [9216, 128], values: rowsChannelsFirst(weights.dense1, 12, 64, 128) },
			plain("bias3"),
			plain("dense2"),
			plain("bias4"),
		],
		nodes: [
			{ op: "Conv", inputs: ["images", "conv1", "bias1"], output: "a1", attributes: { kernel_shape: [3, 3] } },
			{ op: "Relu", inputs: ["a1"], output: "a2" },
			{ op: "Conv", inputs: ["a2", "conv2", "bias2"], output: "a3", attributes: { kernel_shape: [3, 3] } },
			{ op: "Relu", inputs: ["a3"], output: "a4" },
			{ op: "MaxPool", inputs: ["a4"], output: "a5", attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
			{ op: "Flatten", inputs: ["a5"], output: "a6", attributes: { axis: 1 } },
			{ op: "Gemm", inputs: ["a6", "dense1", "bias3"], output: "a7" },
			{ op: "Relu", inputs: ["a7"], output: "a8" },
			{ op: "Gemm", inputs: ["a8", "dense2", "bias4"], output: "logits" },
		],
	});
}
