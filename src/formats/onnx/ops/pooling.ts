import { axis, lengthOf, resolve } from "../factors.js";
import { type ImportOp, int, type NodeContext, valueAndShape } from "../node.js";
import { isValue, problem, type Value } from "../value.js";
import { outputLength, paddingOf, pair, spatial, spatialResult } from "./convolution.js";
import { reduceValue } from "./reduction.js";

type Pair = readonly [number, number];

/** What the last window may lie over beyond the padding when the count of windows is rounded up. */
function overhang(length: number, window: number, stride: number, dilation: number, [before, after]: Pair): number {
	const span = (window - 1) * dilation + 1;
	const padded = length + before + after;
	const count = Math.ceil((padded - span) / stride) + 1;
	// A window that would start in the padding after the image is left out.
	const kept = (count - 1) * stride >= length + before ? count - 1 : count;
	return Math.max(0, (kept - 1) * stride + span - padded);
}

function poolSettings(context: NodeContext, lengths: Pair, rank: number) {
	const window = pair(context, "kernel_shape", rank);
	const strides = pair(context, "strides", rank);
	const dilations = pair(context, "dilations", rank);
	if (dilations[0] !== 1 || dilations[1] !== 1) return problem("pooling with dilations is not supported");
	const padding = paddingOf(context, rank, lengths, window, strides, dilations);
	const over = (index: 0 | 1) =>
		int(context, "ceil_mode", 0) === 1 ? overhang(lengths[index], window[index], strides[index], 1, padding[index]) : 0;
	return { window, strides, padding, over: [over(0), over(1)] as Pair };
}

const maxPool: ImportOp = (context) => {
	if (context.node.outputs.length > 1) return problem("the indices of MaxPool are not supported");
	const { builder } = context;
	const { x } = valueAndShape(context, 0);
	const { rank, channels, groups, lengths } = spatial(context, x);
	const { window, strides, padding, over } = poolSettings(context, lengths, rank);
	const all = withOverhang(padding, over);
	const result = poolResult(x, rank, lengths, window, strides, all, channels);
	const attributes = { window, strides, padding: isZero(all) ? ("valid" as const) : all };
	return [builder.emit("maxPool", [builder.arrange(x, groups)], attributes, result.groups, result.axes)];
};

const averagePool: ImportOp = (context) => {
	const { builder } = context;
	const { x } = valueAndShape(context, 0);
	const { rank, channels, groups, lengths } = spatial(context, x);
	const { window, strides, padding, over } = poolSettings(context, lengths, rank);
	const counted = int(context, "count_include_pad", 0) === 1 && !isZero(padding);
	let image = builder.arrange(x, groups);
	let from = lengths;
	let around = withOverhang(padding, over);
	if (counted) {
		// Padding that counts is a part of the image; what a last window has beyond it does not count.
		from = [lengths[0] + padding[0][0] + padding[0][1], lengths[1] + padding[1][0] + padding[1][1]];
		const padded = [axis(from[0]), axis(from[1]), channels];
		const attributes = { padding: [...padding, [0, 0] as const], mode: "constant" as const, value: 0 };
		const value = builder.emit("pad", [image], attributes, padded, x.axes);
		image = builder.arrange(value, padded);
		around = withOverhang(
			[
				[0, 0],
				[0, 0],
			],
			over,
		);
	}
	const result = poolResult(x, rank, from, window, strides, around, channels);
	const attributes = { window, strides, padding: isZero(around) ? ("valid" as const) : around };
	return [builder.emit("averagePool", [image], attributes, result.groups, result.axes)];
};

function withOverhang([rows, columns]: readonly [Pair, Pair], [down, right]: Pair): readonly [Pair, Pair] {
	return [
		[rows[0], rows[1] + down],
		[columns[0], columns[1] + right],
	];
}

function isZero(padding: readonly [Pair, Pair]): boolean {
	return padding.flat().every((length) => length === 0);
}

function poolResult(
	x: Value,
	rank: number,
	lengths: Pair,
	window: Pair,
	strides: Pair,
	padding: readonly [Pair, Pair],
	channels: Value["axes"][number],
) {
	const height = outputLength(lengths[0], window[0], strides[0], 1, padding[0]);
	const width = outputLength(lengths[1], window[1], strides[1], 1, padding[1]);
	return spatialResult(x, rank, [height, width], channels);
}

function globalPool(name: "mean" | "max"): ImportOp {
	return (context) => {
		const { x } = valueAndShape(context, 0);
		const space = x.axes.slice(2).map((_, index) => index + 2);
		const [y] = [reduceValue(context, x, name, space, true)];
		return isValue(y) && lengthOf(resolve(y.axes[2] ?? [])) === 1 ? [y] : problem("a global pool left axes over");
	};
}

export const poolingOps: Readonly<Record<string, ImportOp>> = {
	AveragePool: averagePool,
	GlobalAveragePool: globalPool("mean"),
	GlobalMaxPool: globalPool("max"),
	MaxPool: maxPool,
};
