import { pad, type Rank, reshape, slice, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";

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

/** What padding adds [before, after] an axis of an image. */
export function marginsOf(
	padding: Padding,
	axis: 0 | 1,
	length: number,
	window: readonly [number, number],
	strides: readonly [number, number],
): readonly [number, number] {
	if (padding === "valid") return [0, 0];
	if (padding !== "same") return padding[axis];
	const count = Math.ceil(length / strides[axis]);
	const total = Math.max(0, (count - 1) * strides[axis] + window[axis] - length);
	return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** A filter [height, width, ...] with zeros between its rows and columns, so that they are as far apart as dilations say. */
export function spreadFilter(filter: Tensor4D, [rows, columns]: readonly [number, number]): Tensor4D {
	return spread(spread(filter, 0, rows), 1, columns);
}

/** A kernel with zeros between its rows (axis 0) or columns (axis 1), so that they are `dilation` apart. */
function spread(filter: Tensor4D, axis: 0 | 1, dilation: number): Tensor4D {
	if (dilation === 1) return filter;
	const length = filter.shape[axis];
	const [before, after] = [filter.shape.slice(0, axis), filter.shape.slice(axis + 1)];
	const [outer, inner] = [before, after].map((lengths) => lengths.reduce((product, each) => product * each, 1));
	const apart = pad(reshape(filter, [outer ?? 1, length, inner ?? 1]) as Tensor3D, [
		[0, 0],
		[0, 0],
		[0, (dilation - 1) * (inner ?? 1)],
	]);
	const rows = reshape(apart, [outer ?? 1, length * dilation, inner ?? 1]);
	const kept = slice(rows, [0, 0, 0], [outer ?? 1, (length - 1) * dilation + 1, inner ?? 1]);
	return reshape<Rank.R4>(kept, [...before, (length - 1) * dilation + 1, ...after] as unknown as Tensor4D["shape"]);
}
