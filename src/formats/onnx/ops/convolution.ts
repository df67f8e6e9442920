import type { Conv2dAttributes } from "../../../network/ops/conv2d.js";
import type { Builder } from "../builder.js";
import { type Axis, axis, deal, lengthOf, resolve } from "../factors.js";
import { sliced } from "../isolate.js";
import { type ImportOp, int, ints, type NodeContext, operand, text, valueAndShape } from "../node.js";
import { problem, shapeOf, type Value } from "../value.js";

/** The two axes of an image, of which a sequence has only the second. */
type Pair = readonly [number, number];

/** An attribute with one number an axis, for the image's two; a sequence gets `missing` for its rows. */
export function pair(context: NodeContext, name: string, rank: number, missing = 1): Pair {
	const list = ints(context, name) ?? Array(rank).fill(missing);
	if (list.length !== rank) return problem(`${name} has ${list.length} numbers for ${rank} axes`);
	return rank === 1 ? [missing, list[0] ?? missing] : [list[0] ?? missing, list[1] ?? missing];
}

/** [[top, bottom], [left, right]] from `pads` or `auto_pad`. */
export function paddingOf(
	context: NodeContext,
	rank: number,
	lengths: Pair,
	window: Pair,
	strides: Pair,
	dilations: Pair,
): readonly [Pair, Pair] {
	const automatic = text(context, "auto_pad", "NOTSET");
	if (automatic === "SAME_UPPER" || automatic === "SAME_LOWER") {
		const along = (index: 0 | 1): Pair => {
			const span = (window[index] - 1) * dilations[index] + 1;
			const count = Math.ceil(lengths[index] / strides[index]);
			const total = Math.max(0, (count - 1) * strides[index] + span - lengths[index]);
			const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
			return automatic === "SAME_UPPER" ? [less, more] : [more, less];
		};
		return [along(0), along(1)];
	}
	const pads = automatic === "VALID" ? undefined : ints(context, "pads");
	if (pads === undefined)
		return [
			[0, 0],
			[0, 0],
		];
	if (pads.length !== 2 * rank || pads.some((length) => length < 0)) return problem(`pads [${pads}] are not supported`);
	const [a = 0, b = 0, c = 0, d = 0] = pads;
	return rank === 1
		? [
				[0, 0],
				[a, b],
			]
		: [
				[a, c],
				[b, d],
			];
}

/** An image or sequence as [height, width, channels], and what is needed to say how the result looks. */
export function spatial(
	context: NodeContext,
	x: Value,
): { rank: number; channels: Axis; groups: readonly Axis[]; lengths: Pair } {
	const [, channels = [], ...space] = x.axes;
	const rank = space.length;
	if (rank !== 1 && rank !== 2) return problem(`${context.node.op} over ${rank} axes is not supported`);
	const [height, width] = rank === 1 ? [[], space[0] ?? []] : [space[0] ?? [], space[1] ?? []];
	const lengths: Pair = [lengthOf(resolve(height)), lengthOf(resolve(width))];
	return { rank, channels, groups: [height, width, channels], lengths };
}

/** The axes of a result with new heights and widths. */
export function spatialResult(
	x: Value,
	rank: number,
	[height, width]: Pair,
	channels: Axis,
): { groups: Axis[]; axes: Axis[] } {
	const [batch = []] = x.axes;
	const [rows, columns] = [axis(height), axis(width)];
	const groups = [rows, columns, channels];
	return { groups, axes: rank === 1 ? [batch, channels, columns] : [batch, channels, rows, columns] };
}

/** The kernel's axes [out, in, height, width], a sequence's with one row. */
function kernelAxes(kernel: Value, rank: number): readonly [Axis, Axis, Axis, Axis] {
	const [out = [], into = [], ...space] = kernel.axes;
	if (space.length !== rank) return problem(`a kernel with ${space.length} axes meets a value with ${rank}`);
	return rank === 1 ? [out, into, [], space[0] ?? []] : [out, into, space[0] ?? [], space[1] ?? []];
}

export function biasOf(builder: Builder, context: NodeContext, index: number, fanIn: number): string[] {
	const input = context.inputs[index];
	if (input === undefined) return [];
	const bias = builder.layerWeights(input, context.node.inputs[index] ?? "");
	return [builder.weights(bias, "bias", [bias.axes.flat()], [], fanIn)];
}

const conv: ImportOp = (context) => {
	const { builder } = context;
	const { x, shape } = valueAndShape(context, 0);
	const { rank, groups, lengths } = spatial(context, x);
	const kernel = builder.layerWeights(operand(context, 1), context.node.inputs[1] ?? "");
	const [out, into, rows, columns] = kernelAxes(kernel, rank);
	const window: Pair = [lengthOf(resolve(rows)), lengthOf(resolve(columns))];
	const asked = pair(context, "strides", rank);
	const dilations = pair(context, "dilations", rank);
	// tfjs refuses strides and dilations together: then every window is computed, and those between are left out.
	const apart = Math.max(...asked) > 1 && Math.max(...dilations) > 1;
	const strides: Pair = apart ? [1, 1] : asked;
	const padding = paddingOf(context, rank, lengths, window, asked, dilations);
	const count = int(context, "group", 1);
	const [outLength, intoLength] = [lengthOf(resolve(out)), lengthOf(resolve(into))];
	if (outLength % count !== 0 || intoLength * count !== shape[1])
		return problem(`${shape[1]} channels in ${count} groups meet a kernel [${shapeOf(kernel)}]`);
	const fanIn = intoLength * window[0] * window[1];
	const attributes: Conv2dAttributes = {
		strides,
		padding: padding.flat().every((length) => length === 0) ? "valid" : padding,
		...(dilations[0] === 1 && dilations[1] === 1 ? {} : { dilations }),
	};
	const height = outputLength(lengths[0], window[0], strides[0], dilations[0], padding[0]);
	const width = outputLength(lengths[1], window[1], strides[1], dilations[1], padding[1]);
	const result = spatialResult(x, rank, [height, width], axis(outLength));
	const image = builder.arrange(x, groups);
	if (count > 1 && intoLength === 1) {
		const [channel = [], multiplier = []] = deal(out, [count, outLength / count]) ?? problem("unequal groups");
		const filter = builder.weights(kernel, "kernel", [rows, columns, channel, multiplier], [2, 3], fanIn);
		const inputs = [image, filter, ...biasOf(builder, context, 2, fanIn)];
		const y = builder.emit("depthwiseConv2d", inputs, attributes, result.groups, result.axes);
		return [apart ? strided(builder, y, asked) : y];
	}
	const filter = builder.weights(kernel, "kernel", [rows, columns, into, out], [3], fanIn);
	const inputs = [image, filter, ...biasOf(builder, context, 2, fanIn)];
	const all = count === 1 ? attributes : { ...attributes, groups: count };
	const y = builder.emit("conv2d", inputs, all, result.groups, result.axes);
	return [apart ? strided(builder, y, asked) : y];
};

/** Every so many rows and columns of an image. */
function strided(builder: Builder, y: Value, strides: Pair): Value {
	return [-2, -1].reduce((value, end) => {
		const index = value.axes.length + end;
		const step = strides[end + 2] ?? 1;
		if (index < 2 || step === 1) return value;
		return sliced(builder, value, index, [0, Math.ceil((shapeOf(value)[index] ?? 1) / step), step]);
	}, y);
}

export function outputLength(length: number, window: number, stride: number, dilation: number, padding: Pair): number {
	const count = Math.floor((length + padding[0] + padding[1] - (window - 1) * dilation - 1) / stride) + 1;
	return count >= 1 ? count : problem(`a window of ${window} does not fit a length of ${length}`);
}

const convTranspose: ImportOp = (context) => {
	const { builder } = context;
	const { x, shape } = valueAndShape(context, 0);
	const { rank, groups, lengths } = spatial(context, x);
	const kernel = builder.layerWeights(operand(context, 1), context.node.inputs[1] ?? "");
	const [into, out, rows, columns] = kernelAxes(kernel, rank);
	const window: Pair = [lengthOf(resolve(rows)), lengthOf(resolve(columns))];
	const strides = pair(context, "strides", rank);
	const dilations = pair(context, "dilations", rank);
	if (dilations[0] !== 1 || dilations[1] !== 1) return problem("a dilated ConvTranspose is not supported");
	const count = int(context, "group", 1);
	if (lengthOf(resolve(into)) !== shape[1]) return problem(`${shape[1]} channels meet a kernel [${shapeOf(kernel)}]`);
	const extra = pair(context, "output_padding", rank, 0);
	const wanted = ints(context, "output_shape");
	const pads = paddingOf(context, rank, lengths, window, strides, dilations);
	const automatic = text(context, "auto_pad", "NOTSET").startsWith("SAME");
	const cutOf = (index: 0 | 1): Pair => {
		const full = (lengths[index] - 1) * strides[index] + window[index];
		const asked = automatic ? lengths[index] * strides[index] : (wanted?.[wanted.length - 2 + index] ?? undefined);
		if ((wanted === undefined && !automatic) || asked === undefined || (rank === 1 && index === 0)) {
			const [before, after] = pads[index];
			return [before, after - extra[index]];
		}
		const total = full + extra[index] - asked;
		const less = Math.floor(total / 2);
		const before = text(context, "auto_pad", "NOTSET") === "SAME_UPPER" ? less : total - less;
		return [before, total - before - extra[index]];
	};
	const cut: [Pair, Pair] = [cutOf(0), cutOf(1)];
	const full = (index: 0 | 1) => (lengths[index] - 1) * strides[index] + window[index] - cut[index][0] - cut[index][1];
	const outLength = lengthOf(resolve(out));
	const fanIn = (lengthOf(resolve(into)) / count) * window[0] * window[1];
	const filter = builder.weights(kernel, "kernel", [rows, columns, out, into], [2], fanIn);
	const inputs = [builder.arrange(x, groups), filter, ...biasOf(builder, context, 2, fanIn)];
	const result = spatialResult(x, rank, [full(0), full(1)], axis(outLength * count));
	return [builder.emit("convTranspose2d", inputs, { strides, cut, groups: count }, result.groups, result.axes)];
};

export const convolutionOps: Readonly<Record<string, ImportOp>> = { Conv: conv, ConvTranspose: convTranspose };
