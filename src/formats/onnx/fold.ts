import { itemBound } from "../../files/limits.js";
import { sizeOf } from "../../network/shape.js";
import { BATCH } from "./factors.js";
import type { OnnxTensor } from "./model.js";

/** How many numbers the constants of the file that is being imported may still be made of; a few bytes can ask for any. */
let left = Number.POSITIVE_INFINITY;

/** Imports a file, with its constants bounded by its size. */
export function withConstantsOf<T>(fileBytes: number, importFile: () => T): T {
	const before = left;
	left = itemBound(fileBytes, Float64Array.BYTES_PER_ELEMENT);
	try {
		return importFile();
	} finally {
		left = before;
	}
}

function spend(numbers: number, shape: readonly number[]): void {
	// What has nothing in it may be of any other length, and is gone through along that.
	const size = numbers === 0 ? sizeOf(shape.filter((length) => length > 0)) : numbers;
	if (!(size <= left)) throw new RangeError(`a constant of shape [${shape}] is too large for a file of this size`);
	left -= size;
}

export function known(shape: readonly number[], values: ArrayLike<number>, kind: OnnxTensor["kind"]): OnnxTensor {
	spend(values.length, shape);
	return { shape, kind, values: Float64Array.from(values) };
}

/** A tensor worked out element by element, of numbers that float32 holds. */
export function worked(
	shape: readonly number[],
	kind: OnnxTensor["kind"],
	compute: (index: number) => number,
): OnnxTensor {
	const size = sizeOf(shape);
	spend(size, shape);
	const values = new Float32Array(size);
	for (let index = 0; index < size; index++) values[index] = compute(index);
	return { shape, kind, values };
}

export function numbersOf({ shape, values }: OnnxTensor): number[] {
	spend(values.length, shape);
	return Array.from(values);
}

function allocate(shape: readonly number[]): Float64Array {
	const size = sizeOf(shape);
	spend(size, shape);
	return new Float64Array(size);
}

function stridesOf(shape: readonly number[]): number[] {
	return shape.map((_, index) => sizeOf(shape.slice(index + 1)));
}

/** Builds a tensor by asking, for each of its elements, where in the input that element lies. */
export function pick(
	input: OnnxTensor,
	shape: readonly number[],
	from: (position: readonly number[]) => readonly number[],
): OnnxTensor {
	const values = allocate(shape);
	const strides = stridesOf(input.shape);
	walk(shape, (position, index) => {
		const place = from(position).reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0);
		values[index] = input.values[place] ?? Number.NaN;
	});
	return { shape, kind: input.kind, values };
}

/** Visits the positions of a shape in order. */
export function walk(shape: readonly number[], visit: (position: readonly number[], index: number) => void): void {
	const position = shape.map(() => 0);
	const size = sizeOf(shape);
	spend(size, shape);
	for (let index = 0; index < size; index++) {
		visit(position, index);
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			const next = (position[axis] ?? 0) + 1;
			position[axis] = next < (shape[axis] ?? 1) ? next : 0;
			if (position[axis] !== 0) break;
		}
	}
}

/** Any number of tensors element by element, broadcast as ONNX does. */
export function elementwise(
	inputs: readonly OnnxTensor[],
	kind: OnnxTensor["kind"],
	compute: (...values: number[]) => number,
): OnnxTensor {
	const rank = Math.max(...inputs.map(({ shape }) => shape.length));
	const shape = Array.from({ length: rank }, (_, axis) =>
		inputs.reduce((length, input) => {
			const own = input.shape[axis - rank + input.shape.length] ?? 1;
			if (own !== length && own !== 1 && length !== 1) throw new RangeError("constants don't fit together");
			return length === 1 ? own : length;
		}, 1),
	);
	const values = allocate(shape);
	const strides = inputs.map((input) => stridesOf(input.shape));
	walk(shape, (position, index) => {
		const operands = inputs.map((input, number) => {
			const shift = rank - input.shape.length;
			let place = 0;
			for (let axis = 0; axis < input.shape.length; axis++) {
				if (input.shape[axis] !== 1) place += (position[axis + shift] ?? 0) * (strides[number]?.[axis] ?? 0);
			}
			return input.values[place] ?? Number.NaN;
		});
		values[index] = compute(...operands);
	});
	return { shape, kind, values };
}

/** A tensor of one value; a batch axis stays at length 1, to be broadcast later. */
export function filled(shape: readonly number[], value: number, kind: OnnxTensor["kind"]): OnnxTensor {
	const own = shape.map((length) => (length % BATCH === 0 ? 1 : length));
	return { shape: own, kind, values: allocate(own).fill(value) };
}

export function concatenated(inputs: readonly OnnxTensor[], axis: number): OnnxTensor {
	const [first] = inputs;
	if (first === undefined) throw new RangeError("nothing to join");
	const shape = first.shape.map((length, index) =>
		index === axis ? inputs.reduce((sum, input) => sum + (input.shape[axis] ?? 0), 0) : length,
	);
	const values = allocate(shape);
	const outer = sizeOf(shape.slice(0, axis));
	let offset = 0;
	const total = sizeOf(shape.slice(axis));
	for (const input of inputs) {
		const block = sizeOf(input.shape.slice(axis));
		for (let row = 0; row < outer; row++)
			values.set(input.values.subarray(row * block, (row + 1) * block), row * total + offset);
		offset += block;
	}
	return { shape, kind: first.kind, values };
}

export function reduced(
	input: OnnxTensor,
	axes: readonly number[],
	keep: boolean,
	start: number,
	step: (sum: number, value: number, count: number) => number,
): OnnxTensor {
	const shape = input.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
	const values = allocate(shape).fill(start);
	const strides = stridesOf(shape);
	const count = sizeOf(axes.map((axis) => input.shape[axis] ?? 1));
	walk(input.shape, (position, index) => {
		const place = position.reduce((sum, at, axis) => sum + (shape[axis] === 1 ? 0 : at * (strides[axis] ?? 0)), 0);
		values[place] = step(values[place] ?? start, input.values[index] ?? Number.NaN, count);
	});
	return { shape: keep ? shape : shape.filter((_, axis) => !axes.includes(axis)), kind: input.kind, values };
}

/** A tensor with each of its numbers made into another, from its place. */
export function mapped(input: OnnxTensor, compute: (value: number, index: number) => number): OnnxTensor {
	const values = allocate(input.shape);
	for (const [index, value] of input.values.entries()) values[index] = compute(value, index);
	return { ...input, values };
}

/** The product of stacks of matrices, broadcast as ONNX does; a vector counts as a matrix of one row or column. */
export function multiplied(a: OnnxTensor, b: OnnxTensor): OnnxTensor {
	const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
	const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
	const [rows = 1, inner = 1] = left.slice(-2);
	const [across = 1, columns = 1] = right.slice(-2);
	if (inner !== across) throw new RangeError(`matrices [${a.shape}] and [${b.shape}] can't be multiplied`);
	// The stacks as tensors of their numbers: broadcasting these says which matrices meet.
	const stack = (shape: readonly number[]): OnnxTensor => {
		const outer = shape.slice(0, -2);
		return { shape: outer, kind: "int", values: Float64Array.from({ length: sizeOf(outer) }, (_, i) => i) };
	};
	const [first, second] = [stack(left), stack(right)];
	const ours = elementwise([first, second], "int", (mine) => mine);
	const theirs = elementwise([first, second], "int", (_, other) => other);
	const shape = [...ours.shape, ...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])];
	const values = allocate(shape);
	// As much work as that many numbers more would be.
	spend(Math.ceil((values.length * inner) / 64), shape);
	for (let index = 0; index < values.length; index++) {
		const at = Math.floor(index / (rows * columns));
		const [row, column] = [Math.floor(index / columns) % rows, index % columns];
		const [m, n] = [(ours.values[at] ?? 0) * rows * inner, (theirs.values[at] ?? 0) * inner * columns];
		let sum = 0;
		for (let k = 0; k < inner; k++)
			sum += (a.values[m + row * inner + k] ?? 0) * (b.values[n + k * columns + column] ?? 0);
		values[index] = sum;
	}
	return { shape, kind: a.kind, values };
}
