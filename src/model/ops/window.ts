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
