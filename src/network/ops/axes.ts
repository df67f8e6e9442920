import type { Shape } from "./shape.js";

/** One axis of a tensor, as those see it who ask in which order its elements may come. Axes of one kind share an order. */
export interface Axis {
	readonly length: number;
}

/**
 * What an op says of its axes with. An order may differ from index to index of another axis (of features from head to head), where
 * every tensor that has the one has the other: so ops that let elements of an axis meet say so by `apart`, or give another axis out.
 */
export interface Axes {
	/** From now on both have one order; a length of 1 goes with nothing. */
	join(a: Axis, b: Axis): void;
	/** Nothing may move along an axis; `why` goes without saying where it is empty. */
	fix(axis: Axis, why: string): void;
	/** A new axis along which nothing may move. */
	still(length: number): Axis;
	/** A new axis along which all elements are the same. */
	uniform(length: number): Axis;
	/** Axes as one, the first the slowest, as reshaping makes it. */
	product(axes: readonly Axis[]): Axis;
	/** One axis as several, the other way round. */
	factors(axis: Axis, lengths: readonly number[]): Axis[];
	/** Axes one after another as one: nothing moves from one to the next. */
	concat(axes: readonly Axis[]): Axis;
	/** One axis as several, the other way round. */
	parts(axis: Axis, lengths: readonly number[]): Axis[];
	/** The order of none of `axes` may differ from index to index of `others`. */
	apart(axes: readonly Axis[], others: readonly Axis[]): void;
	/** Axes as they are at one index of another, along which nothing may move then. */
	at(axes: readonly Axis[], along: Axis, index: number): Axis[];
}

/** The axes of an op's inputs, those of values without the batch. */
export type InputAxes = readonly (readonly Axis[])[];

/**
 * Joins axes of inputs that must have one order, and gives those of the output: if inputs come in other orders, as joined, then so does
 * the output, and nothing else changes. It is what permutations of neurons go through a network by.
 *
 * @param output the shape of the output
 */
export type AxesRule<Attributes> = (
	inputs: InputAxes,
	axes: Axes,
	attributes: Attributes,
	output: Shape,
) => readonly Axis[];

/** The axis at a place, counted from the first (0) or the last (-1). */
export function axisAt(of: readonly Axis[] | undefined, place: number): Axis {
	const axis = of?.at(place);
	if (axis === undefined) throw new RangeError(`there is no axis ${place}`);
	return axis;
}

/** The rule of an op that treats each element alike: its inputs, broadcast, have one order along each axis. */
export const elementwiseAxes: AxesRule<unknown> = (inputs, axes, _, output) =>
	output.map((length, i) => {
		const own = inputs.map((input) => input[i - output.length + input.length]);
		const [first, ...others] = own.filter((axis) => axis !== undefined && axis.length === length);
		if (first === undefined) return axes.uniform(length);
		for (const other of others) if (other !== undefined) axes.join(first, other);
		return first;
	});

/** The rule of an op whose output is its first input, element by element. */
export const sameAxes: AxesRule<unknown> = ([x = []]) => x;

/** The rule of an op that slides over images: channels come out as they went in, places as others. */
export const slidingAxes: AxesRule<unknown> = ([x = []], axes, _, output) => {
	for (const place of x.slice(0, -1)) axes.fix(place, "");
	return [...output.slice(0, -1).map((length) => axes.still(length)), axisAt(x, -1)];
};

/** The rule of an op that normalises along axes, whatever order their elements come in: it must be one for all that meet. */
export function alongAxes(x: readonly Axis[], along: readonly number[], axes: Axes): readonly Axis[] {
	const isAlong = (_: Axis, i: number) => along.includes(i);
	axes.apart(
		x.filter((axis, i) => !isAlong(axis, i)),
		x.filter(isAlong),
	);
	return x;
}

/** A piece of an axis. */
export function pieceOf(axis: Axis, start: number, length: number, axes: Axes): Axis {
	const lengths = [start, length, axis.length - start - length].filter((each) => each > 0);
	return axisAt(axes.parts(axis, lengths), start > 0 ? 1 : 0);
}

/** The axes of the same elements under another shape. */
export function reshapedAxes(from: readonly Axis[], shape: Shape, axes: Axes): readonly Axis[] {
	const left = [...from];
	const reshaped: Axis[] = [];
	for (const length of shape) {
		const taken = takeLength(left, length, axes);
		if (taken === undefined) {
			for (const axis of from) axes.fix(axis, "cut up across its parts");
			return shape.map((each) => axes.still(each));
		}
		reshaped.push(taken);
	}
	return reshaped;
}

/** The first axes of a list as one of a length; undefined where a part of one would be left that is none of its factors. */
function takeLength(left: Axis[], length: number, axes: Axes): Axis | undefined {
	const own: Axis[] = [];
	let missing = length;
	while (missing > 1) {
		const next = left.shift() ?? axes.still(1);
		const whole = missing % next.length === 0;
		if (!whole && next.length % missing !== 0) return undefined;
		if (whole) own.push(next);
		else {
			const both = axes.factors(next, [missing, next.length / missing]);
			own.push(axisAt(both, 0));
			left.unshift(axisAt(both, 1));
		}
		missing = whole ? missing / next.length : 1;
	}
	return own.length === 1 ? own[0] : axes.product(own);
}

/** Axes of which one is cut to a piece. Of a single element the others are as they are at its index. */
export function cutAxes(x: readonly Axis[], along: number, start: number, length: number, axes: Axes): readonly Axis[] {
	const cut = axisAt(x, along);
	if (length === cut.length) return x;
	if (length > 1) return x.map((axis, i) => (i === along ? pieceOf(axis, start, length, axes) : axis));
	const others = axes.at(
		x.filter((_, i) => i !== along),
		cut,
		start,
	);
	return [...others.slice(0, along), axes.still(1), ...others.slice(along)];
}

/** The axes of a convolution [places, in] by [places, in / groups, out]: what holds of channels holds in each group. */
export function convolvedAxes(
	x: readonly Axis[],
	kernel: readonly Axis[],
	bias: readonly Axis[] | undefined,
	{ groups, output }: { readonly groups: number; readonly output: Shape },
	axes: Axes,
): readonly Axis[] {
	const [into, out] = [axisAt(kernel, -2), axisAt(kernel, -1)];
	const seen = axes.factors(axisAt(x, -1), [groups, into.length]);
	const given = axes.factors(out, [groups, out.length / groups]);
	axes.join(axisAt(seen, 0), axisAt(given, 0));
	axes.join(axisAt(seen, 1), into);
	if (bias !== undefined) axes.join(axisAt(bias, 0), out);
	for (const place of [...x.slice(0, -1), ...kernel.slice(0, -2)]) axes.fix(place, "");
	return [...output.slice(0, -1).map((length) => axes.still(length)), out];
}
