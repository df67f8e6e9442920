/** How much is added around an image: nothing, what keeps ceil(length / stride) windows, or [before, after] an axis. */
export type Padding = "valid" | "same" | readonly [readonly [number, number], readonly [number, number]];

/** A padding as tfjs takes it. */
export function tfPadding(padding: Padding): "valid" | "same" | [[0, 0], [number, number], [number, number], [0, 0]] {
	if (typeof padding === "string") return padding;
	const [[top, bottom], [left, right]] = padding;
	return [
		[0, 0],
		[top, bottom],
		[left, right],
		[0, 0],
	];
}

/** How many windows of a length fit along axis 0 (down) or 1 (right) of an image. */
export function windows(
	length: number,
	window: number,
	stride: number,
	padding: Padding,
	axis: 0 | 1,
	dilation = 1,
): number {
	const [before, after] = typeof padding === "string" ? [0, 0] : padding[axis];
	const span = (window - 1) * dilation + 1;
	const count =
		padding === "same" ? Math.ceil(length / stride) : Math.floor((length + before + after - span) / stride) + 1;
	if (!(count >= 1)) throw new RangeError(`a window of ${span} does not fit a length of ${length + before + after}`);
	return count;
}

/** The word for a padding of windows of stride 1 that has one; undefined for others. */
export function namedPadding(padding: Padding, window: readonly [number, number]): "valid" | "same" | undefined {
	if (typeof padding === "string") return padding;
	const adds = (amounts: readonly [number, number]) =>
		padding.every(([before, after], axis) => before === amounts[axis] && after === amounts[axis]);
	if (adds([0, 0])) return "valid";
	return adds([(window[0] - 1) / 2, (window[1] - 1) / 2]) ? "same" : undefined;
}
