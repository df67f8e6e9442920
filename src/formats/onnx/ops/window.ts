import type { Builder } from "../builder.js";
import { type Axis, axis, lengthOf, withoutBatch } from "../factors.js";
import { ints, type NodeContext, text } from "../node.js";
import { isBatched, problem, type Value } from "../value.js";

export type Pair = readonly [number, number];

/** What a window is like along one axis of space. */
export interface Window {
	/** Of the values. */
	readonly length: number;
	/** Of the window. */
	readonly size: number;
	readonly stride: number;
	readonly dilation: number;
	/** Added [before, after] the values. */
	readonly padding: Pair;
}

/** An attribute with one number for each axis of space. */
export function perAxis(context: NodeContext, name: string, rank: number, missing = 1): readonly number[] {
	const list = ints(context, name) ?? Array<number>(rank).fill(missing);
	return list.length === rank ? list : problem(`${name} has ${list.length} numbers for ${rank} axes`);
}

/** The windows of a convolution or pooling, an axis each, from `strides`, `dilations`, `pads` and `auto_pad`. */
export function windowsOf(context: NodeContext, lengths: readonly number[], sizes: readonly number[]): Window[] {
	const rank = lengths.length;
	const [strides, dilations] = [perAxis(context, "strides", rank), perAxis(context, "dilations", rank)];
	const automatic = text(context, "auto_pad", "NOTSET");
	const pads = automatic === "NOTSET" ? (ints(context, "pads") ?? Array<number>(2 * rank).fill(0)) : [];
	if (automatic === "NOTSET" && (pads.length !== 2 * rank || pads.some((length) => length < 0)))
		return problem(`pads [${pads}] are not supported`);
	return lengths.map((length, index) => {
		const window = { length, size: sizes[index] ?? 1, stride: strides[index] ?? 1, dilation: dilations[index] ?? 1 };
		switch (automatic) {
			case "NOTSET":
				return { ...window, padding: [pads[index] ?? 0, pads[index + rank] ?? 0] };
			case "SAME_UPPER":
			case "SAME_LOWER": {
				const count = Math.ceil(length / window.stride);
				const total = Math.max(0, (count - 1) * window.stride + spanOf(window) - length);
				const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
				return { ...window, padding: automatic === "SAME_UPPER" ? [less, more] : [more, less] };
			}
			case "VALID":
				return { ...window, padding: [0, 0] };
			default:
				return problem(`auto_pad ${automatic} is not supported`);
		}
	});
}

/** How many values lie under a window, those between its elements counted. */
export function spanOf({ size, dilation }: Pick<Window, "size" | "dilation">): number {
	return (size - 1) * dilation + 1;
}

/** How many windows there are along an axis. */
export function countOf(window: Window): number {
	const { length, stride, padding } = window;
	const count = Math.floor((length + padding[0] + padding[1] - spanOf(window)) / stride) + 1;
	return count >= 1 ? count : problem(`a window of ${window.size} does not fit a length of ${length}`);
}

/** An axis of length 1 that images have and sequences don't. */
export const unitWindow: Window = { length: 1, size: 1, stride: 1, dilation: 1, padding: [0, 0] };

/** New axes of space, one for each window. */
export function axesOf(windows: readonly Window[]): Axis[] {
	return windows.map((window) => axis(countOf(window)));
}

export function pairOf<T>([first, second]: readonly T[]): readonly [T, T] {
	if (first === undefined || second === undefined) return problem("it is not over two axes");
	return [first, second];
}

/**
 * Does something to images with the given axes in memory. Where the samples have other axes beside them, as the frames of videos that
 * are taken for images one by one, these are samples meanwhile.
 *
 * @param work gets the images, and gives a value that has the samples of x, with what else is told apart like them
 */
export function asImages(builder: Builder, x: Value, groups: readonly Axis[], work: (images: string) => Value): Value {
	const beside = isBatched(x) ? withoutBatch(x.axes[0] ?? []) : [];
	if (beside.length === 0) return work(builder.arrange(x, groups));
	const folded = builder.emit("foldSamples", [builder.arrange(x, [beside, ...groups])], {}, groups, x.axes);
	const y = work(folded.storage.tensor);
	const all = [beside, ...y.storage.groups];
	return builder.emit("unfoldSamples", [y.storage.tensor], { count: lengthOf(beside) }, all, y.axes);
}
