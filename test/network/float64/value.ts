/** A tensor in float64: of values with the batch as first axis, of parameters and constants whole. Nothing changes it. */
export interface Value {
	readonly shape: readonly number[];
	/** In row order. Whole numbers and truths (0 or 1) are numbers as all others. */
	readonly values: Float64Array;
}

/** What an op computes of tensors and its attributes, which differ from op to op: a caller has to know the two belong together. */
export type Operation = (inputs: readonly Value[], attributes: never) => Value;

export function sizeOf(shape: readonly number[]): number {
	return shape.reduce((product, length) => product * length, 1);
}

/** The place of an axis that is counted from the last, -1. */
export function placeOf(axis: number, { shape }: Value): number {
	const place = shape.length + axis;
	if (axis >= 0 || place < 0) throw new RangeError(`axis ${axis} is not one of [${shape}], counted from the last`);
	return place;
}

/** An input that an op can't do without. */
export function inputOf(inputs: readonly Value[], index: number): Value {
	const input = inputs[index];
	if (input === undefined) throw new RangeError(`input ${index} is missing`);
	return input;
}

/** Goes through the positions of a shape in row order; each is valid during the call only. */
export function visit(shape: readonly number[], see: (position: readonly number[], index: number) => void): void {
	const position = shape.map(() => 0);
	const size = sizeOf(shape);
	for (let index = 0; index < size; index++) {
		see(position, index);
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			const next = (position[axis] ?? 0) + 1;
			position[axis] = next < (shape[axis] ?? 1) ? next : 0;
			if (position[axis] !== 0) break;
		}
	}
}

/** A tensor whose elements are told one after another, each by its position. */
export function build(shape: readonly number[], compute: (position: readonly number[]) => number): Value {
	const values = new Float64Array(sizeOf(shape));
	visit(shape, (position, index) => {
		values[index] = compute(position);
	});
	return { shape, values };
}

/** Where the element at a position lies, axes counted from the last: a length of 1 is stretched, axes too many don't count. */
export function indexOf(shape: readonly number[], position: readonly number[]): number {
	const first = position.length - shape.length;
	let index = 0;
	for (const [axis, length] of shape.entries())
		index = index * length + (length === 1 ? 0 : (position[first + axis] ?? Number.NaN));
	return index;
}

/** The element that lies somewhere; NaN outside of the tensor. */
export function elementAt({ values }: Value, index: number): number {
	return values[index] ?? Number.NaN;
}

export function at(x: Value, position: readonly number[]): number {
	return elementAt(x, indexOf(x.shape, position));
}

/** The shape that several have together, axes counted from the last, where lengths of 1 are stretched to the others'. */
export function commonShape(...shapes: readonly (readonly number[])[]): number[] {
	const rank = Math.max(...shapes.map(({ length }) => length));
	return Array.from({ length: rank }, (_, axis) => {
		const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
		const length = lengths.find((each) => each !== 1) ?? 1;
		if (lengths.some((each) => each !== 1 && each !== length))
			throw new RangeError(`${shapes.map((shape) => `[${shape}]`).join(" and ")} don't fit together`);
		return length;
	});
}

/** The same elements in the same order under another shape. */
export function reshaped({ shape: from, values }: Value, shape: readonly number[]): Value {
	if (sizeOf(shape) !== values.length) throw new RangeError(`[${from}] can't be reshaped to [${shape}]`);
	return { shape, values };
}

/** The sum of a tensor and one that is stretched to its shape, where there is one. */
export function plus(x: Value, added: Value | undefined): Value {
	return added === undefined ? x : build(x.shape, (position) => at(x, position) + at(added, position));
}

/** What is below 0 becomes 0. */
export function rectified({ shape, values }: Value): Value {
	return { shape, values: values.map((value) => Math.max(value, 0)) };
}
