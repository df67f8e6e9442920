import type { ConvTranspose2dAttributes } from "../../../src/network/ops/conv-transpose2d.js";
import type { Conv2dAttributes } from "../../../src/network/ops/conv2d.js";
import type { Conv3dAttributes } from "../../../src/network/ops/conv3d.js";
import type { DepthwiseConv2dAttributes } from "../../../src/network/ops/depthwise-conv2d.js";
import type { PoolAttributes } from "../../../src/network/ops/max-pool.js";
import type { Padding } from "../../../src/network/ops/window.js";
import { at, build, elementAt, indexOf, inputOf, plus, rectified, reshaped, type Value } from "./value.js";

/** How windows lie along an axis. */
interface Steps {
	readonly stride: number;
	readonly padding: "valid" | "same" | readonly [before: number, after: number];
	readonly dilation?: number;
}

/** An element of a window and where along the axis it lies. */
interface Tap {
	readonly tap: number;
	readonly place: number;
}

/** For each window along an axis, those of its elements that are not padding. */
function windowsAlong(length: number, window: number, { stride, padding, dilation = 1 }: Steps): Tap[][] {
	const span = (window - 1) * dilation + 1;
	const added = padding === "same" ? Math.max(0, (Math.ceil(length / stride) - 1) * stride + span - length) : 0;
	// Of an odd number the larger part comes after.
	const [before, after] = typeof padding === "string" ? [Math.floor(added / 2), Math.ceil(added / 2)] : padding;
	const count = Math.floor((length + before + after - span) / stride) + 1;
	return Array.from({ length: count }, (_, number) =>
		Array.from({ length: window }, (_, tap) => ({ tap, place: number * stride + tap * dilation - before })).filter(
			({ place }) => place >= 0 && place < length,
		),
	);
}

/** The same for the two axes of an image. */
function stepsOf(strides: readonly [number, number], padding: Padding, dilations: readonly [number, number]): Steps[] {
	return ([0, 1] as const).map((axis) => ({
		stride: strides[axis],
		padding: typeof padding === "string" ? padding : padding[axis],
		dilation: dilations[axis],
	}));
}

/** What a function makes of each window of an image, given where its values lie. */
function pooled(
	{ shape }: Value,
	{ window, strides, padding }: PoolAttributes,
	fold: (indices: readonly number[]) => number,
): Value {
	const [batch = 1, height = 1, width = 1, channels = 1] = shape;
	const [rows = [], columns = []] = stepsOf(strides, padding, [1, 1]).map((steps, axis) =>
		windowsAlong([height, width][axis] ?? 1, window[axis] ?? 1, steps),
	);
	return build([batch, rows.length, columns.length, channels], ([n = 0, i = 0, j = 0, channel = 0]) => {
		const indices = (rows[i] ?? []).flatMap((row) =>
			(columns[j] ?? []).map((column) => indexOf(shape, [n, row.place, column.place, channel])),
		);
		return fold(indices);
	});
}

export function averagePool(inputs: readonly Value[], attributes: PoolAttributes): Value {
	const x = inputOf(inputs, 0);
	const sumOf = (indices: readonly number[]) => indices.reduce((sum, index) => sum + elementAt(x, index), 0);
	return pooled(x, attributes, (indices) => sumOf(indices) / indices.length);
}

export function maxPool(inputs: readonly Value[], attributes: PoolAttributes): Value {
	const x = inputOf(inputs, 0);
	return pooled(x, attributes, (indices) => Math.max(...indices.map((index) => elementAt(x, index))));
}

/** What a tangent holds where the image has the maximum of a window, the first of equal ones. */
export function maxPoolTangent(inputs: readonly Value[], attributes: PoolAttributes): Value {
	const [x, tangent] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const greater = (best: number, index: number) => (elementAt(x, index) > elementAt(x, best) ? index : best);
	return pooled(x, attributes, (indices) => elementAt(tangent, indices.reduce(greater)));
}

/** A convolution of volumes [batch, depth, height, width, in] with a kernel [kd, kh, kw, in / groups, out]. */
function convolved(x: Value, kernel: Value, steps: readonly Steps[], groups: number): Value {
	const [batch = 1, depth = 1, height = 1, width = 1, channels = 1] = x.shape;
	const [, kernelHeight = 1, kernelWidth = 1, share = 1, out = 1] = kernel.shape;
	const [slices = [], rows = [], columns = []] = steps.map((each, axis) =>
		windowsAlong(x.shape[axis + 1] ?? 1, kernel.shape[axis] ?? 1, each),
	);
	const shape = [batch, slices.length, rows.length, columns.length, out];
	return build(shape, ([n = 0, i = 0, j = 0, k = 0, filter = 0]) => {
		const first = Math.floor(filter / (out / groups)) * share;
		let sum = 0;
		for (const slice of slices[i] ?? [])
			for (const row of rows[j] ?? [])
				for (const column of columns[k] ?? []) {
					const from = (((n * depth + slice.place) * height + row.place) * width + column.place) * channels + first;
					const tap = ((slice.tap * kernelHeight + row.tap) * kernelWidth + column.tap) * share;
					for (let c = 0; c < share; c++) sum += elementAt(x, from + c) * elementAt(kernel, (tap + c) * out + filter);
				}
		return sum;
	});
}

/** A convolution of images, as one of volumes of a single slice. */
function convolvedImages(
	x: Value,
	kernel: Value,
	{ strides, padding, dilations = [1, 1], groups = 1 }: Conv2dAttributes,
): Value {
	const [batch = 1, ...image] = x.shape;
	const steps: Steps[] = [{ stride: 1, padding: "valid" }, ...stepsOf(strides, padding, dilations)];
	const y = convolved(reshaped(x, [batch, 1, ...image]), reshaped(kernel, [1, ...kernel.shape]), steps, groups);
	return reshaped(y, [batch, ...y.shape.slice(2)]);
}

export function conv2d(inputs: readonly Value[], attributes: Conv2dAttributes): Value {
	const sum = plus(convolvedImages(inputOf(inputs, 0), inputOf(inputs, 1), attributes), inputs[2]);
	const y = attributes.activation === "relu" ? rectified(sum) : sum;
	return attributes.maxPool ? maxPool([y], { window: [2, 2], strides: [2, 2], padding: "valid" }) : y;
}

/** As many groups as there are channels. */
export function depthwiseConv2d(inputs: readonly Value[], attributes: DepthwiseConv2dAttributes): Value {
	const [x, kernel] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const [height = 1, width = 1, channels = 1, multiplier = 1] = kernel.shape;
	const filters = reshaped(kernel, [height, width, 1, channels * multiplier]);
	return plus(convolvedImages(x, filters, { ...attributes, groups: channels }), inputs[2]);
}

export function conv3d(inputs: readonly Value[], attributes: Conv3dAttributes): Value {
	const { strides, padding, dilations, groups } = attributes;
	const steps = ([0, 1, 2] as const).map((axis) => ({
		stride: strides[axis],
		padding: padding[axis],
		dilation: dilations[axis],
	}));
	return plus(convolved(inputOf(inputs, 0), inputOf(inputs, 1), steps, groups), inputs[2]);
}

/** For each place along an axis of the output, the kernel's elements that bring an input there; what is cut off is left out. */
function spreadAlong(
	length: number,
	window: number,
	{ stride, dilation, cut }: { stride: number; dilation: number; cut: readonly [before: number, after: number] },
): Tap[][] {
	const [before, after] = cut;
	const count = (length - 1) * stride + (window - 1) * dilation + 1 - before - after;
	const reached = Array.from({ length: count }, (): Tap[] => []);
	for (let place = 0; place < length; place++)
		for (let tap = 0; tap < window; tap++) reached[place * stride + tap * dilation - before]?.push({ tap, place });
	return reached;
}

export function convTranspose2d(inputs: readonly Value[], attributes: ConvTranspose2dAttributes): Value {
	const { strides, cut, groups, dilations = [1, 1] } = attributes;
	const [x, kernel] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const [batch = 1, , , channels = 1] = x.shape;
	const [, , out = 1] = kernel.shape;
	const share = channels / groups;
	const [rows = [], columns = []] = ([0, 1] as const).map((axis) =>
		spreadAlong(x.shape[axis + 1] ?? 1, kernel.shape[axis] ?? 1, {
			stride: strides[axis],
			dilation: dilations[axis],
			cut: cut[axis],
		}),
	);
	const y = build([batch, rows.length, columns.length, out * groups], ([n = 0, i = 0, j = 0, filter = 0]) => {
		const first = Math.floor(filter / out) * share;
		let sum = 0;
		for (const row of rows[i] ?? [])
			for (const column of columns[j] ?? [])
				for (let c = first; c < first + share; c++)
					sum += at(x, [n, row.place, column.place, c]) * at(kernel, [row.tap, column.tap, filter % out, c]);
		return sum;
	});
	return plus(y, inputs[2]);
}
