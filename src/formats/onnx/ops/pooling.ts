import type { Builder } from "../builder.js";
import { type Axis, lengthOf, resolve } from "../factors.js";
import { type ImportOp, int, ints, type NodeContext, valueAndShape } from "../node.js";
import { isValue, problem, type Value } from "../value.js";
import { reduceValue } from "./reduction.js";
import { asImages, axesOf, type Pair, pairOf, spanOf, unitWindow, type Window, windowsOf } from "./window.js";

/** What the last window may lie over beyond the padding when the count of windows is rounded up. */
function overhang(window: Window): number {
	const { length, stride, padding } = window;
	const [before, after] = padding;
	const padded = length + before + after;
	const count = Math.ceil((padded - spanOf(window)) / stride) + 1;
	// A window that would start in the padding after the image is left out.
	const kept = (count - 1) * stride >= length + before ? count - 1 : count;
	return Math.max(0, (kept - 1) * stride + spanOf(window) - padded);
}

/** How values under windows become one, and whether the zeros around an image count. */
interface Pooling {
	readonly op: "maxPool" | "averagePool";
	readonly countsPadding: boolean;
	readonly roundsUp: boolean;
}

function pool(op: Pooling["op"]): ImportOp {
	return (context) => {
		if (op === "maxPool" && context.isRead(1)) return problem("the indices of MaxPool are not supported");
		const { x, shape } = valueAndShape(context, 0);
		const lengths = shape.slice(2);
		const rank = lengths.length;
		if (rank < 1 || rank > 3) return problem(`${context.node.op} over ${rank} axes is not supported`);
		const sizes = ints(context, "kernel_shape") ?? problem("its kernel_shape is missing");
		const windows = windowsOf(context, lengths, sizes);
		if (windows.some(({ dilation }) => dilation > 1)) return problem("pooling with dilations is not supported");
		const countsPadding = op === "averagePool" && int(context, "count_include_pad", 0) === 1;
		const pooling = { op, countsPadding, roundsUp: int(context, "ceil_mode", 0) === 1 };
		return [rank === 3 ? poolVolume(context, x, windows, pooling) : poolImage(context.builder, x, windows, pooling)];
	};
}

/** An image [samples, channels, height, width], or a sequence [samples, channels, width]. */
function poolImage(builder: Builder, x: Value, windows: readonly Window[], pooling: Pooling): Value {
	const [, channels = [], ...own] = x.axes;
	const [space, all] =
		own.length === 1
			? [
					[[], ...own],
					[unitWindow, ...windows],
				]
			: [own, windows];
	return asImages(builder, x, [...space, channels], (image) =>
		poolArranged(builder, x, image, { channels, all }, pooling),
	);
}

/** The same of an image that lies in memory as the kernel wants it, sequences as images of one row. */
function poolArranged(
	builder: Builder,
	x: Value,
	arranged: string,
	{ channels, all }: { channels: Axis; all: readonly Window[] },
	pooling: Pooling,
): Value {
	const [batch = []] = x.axes;
	const rank = x.axes.length - 2;
	const over = all.map((window) => (pooling.roundsUp ? overhang(window) : 0));
	let image = arranged;
	let around = all;
	if (pooling.countsPadding && all.some(({ padding }) => padding[0] + padding[1] > 0)) {
		// Padding that counts is a part of the image; what a last window has beyond it does not count.
		around = all.map((window) => ({
			...window,
			length: window.length + window.padding[0] + window.padding[1],
			padding: [0, 0],
		}));
		const padding = [...all.map((window) => window.padding), [0, 0] as const];
		const padded = [...axesOf(around.map((window) => ({ ...unitWindow, length: window.length }))), channels];
		const value = builder.emit("pad", [image], { padding, mode: "constant", value: 0 }, padded, x.axes);
		image = value.storage.tensor;
	}
	const final = around.map((window, index): Window => {
		const [before, after] = window.padding;
		return { ...window, padding: [before, after + (over[index] ?? 0)] };
	});
	const results = axesOf(final);
	const padding: readonly [Pair, Pair] = pairOf(final.map((window) => window.padding));
	const attributes = {
		window: pairOf(final.map(({ size }) => size)),
		strides: pairOf(final.map(({ stride }) => stride)),
		padding: padding.flat().every((length) => length === 0) ? ("valid" as const) : padding,
	};
	const axes = [batch, channels, ...results.slice(-rank)];
	return builder.emit(pooling.op, [image], attributes, [...results, channels], axes);
}

/** A volume, first along height and width, its depth among the channels, then along the depth. */
function poolVolume({ builder }: NodeContext, x: Value, windows: readonly Window[], pooling: Pooling): Value {
	const [batch = [], channels = [], depth = [], height = [], width = []] = x.axes;
	const [down, ...across] = windows;
	if (down === undefined) return problem("it has no windows");
	const joined = (...axes: readonly Axis[]) => axes.flatMap((item) => resolve(item));
	const flat = poolImage(builder, { ...x, axes: [batch, joined(channels, depth), height, width] }, across, pooling);
	const [, , rows = [], columns = []] = flat.axes;
	const upright = { ...flat, axes: [batch, joined(channels, rows, columns), depth, []] };
	const y = poolImage(builder, upright, [down, unitWindow], pooling);
	return { ...y, axes: [batch, resolve(channels), y.axes[2] ?? [], rows, columns] };
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
	AveragePool: pool("averagePool"),
	GlobalAveragePool: globalPool("mean"),
	GlobalMaxPool: globalPool("max"),
	MaxPool: pool("maxPool"),
};
