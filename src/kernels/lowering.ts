import type { Value } from "./arena.js";
import type { Address, InstructionName, Operands } from "./instructions.js";
import type { KernelExports } from "./module.js";

export type ElementType = "float32" | "int32" | "bool";

/** A tensor of a graph while that is lowered to a program. */
export interface Operand {
	/** Of all values that lie there: the batch first where there is one for each sample. */
	readonly shape: readonly number[];
	readonly type: ElementType;
	/** Whether there is one for each sample; parameters and constants, and what is computed of them, have none. */
	readonly perSample: boolean;
	/** Where it lies, as float32 or int32 in row-major order. */
	readonly at: Address;
}

/** How a matrix of parameters, [depth, columns] as it lies, is packed. */
export interface MatrixForm {
	readonly depth: number;
	readonly columns: number;
	/** In one block, as direct convolutions take it; in blocks for products where nothing is said. */
	readonly whole?: boolean;
}

/** How filters [3, 3, inputs, outputs] are transformed for Winograd's algorithm: for tiles of side × side. */
export interface FilterForm {
	readonly side: number;
	readonly inputs: number;
	readonly outputs: number;
}

/** What normalises channels, one number of each for every one, as operands of a program. */
export interface NormNumbers {
	readonly scale: Operand;
	readonly shift: Operand;
	readonly mean: Operand;
	readonly variance: Operand;
	readonly epsilon: number;
	/** What results are at most; anything where nothing is said. */
	readonly most?: number;
}

/** What an op emits its instructions to. */
export interface Lowering {
	/** For how much scratch they take. */
	readonly kernels: KernelExports;
	/** Adds a step. */
	emit<Name extends InstructionName>(name: Name, ...operands: Operands[Name]): void;
	/** A new value for each sample. `replaces`: an operand that it may be written over, where nobody reads that any more. */
	value(shape: readonly number[], replaces?: Operand): Operand;
	/** The same values under another shape. */
	view(x: Operand, shape: readonly number[]): Operand;
	/** Room for the next instruction alone. */
	scratch(bytes: number): Value;
	/** Where these integers lie, for as long as the program does. */
	integers(values: readonly number[]): number;
	/** Where a matrix without samples lies packed, anew at each point; undefined for one of each sample. */
	packed(matrix: Operand, form: MatrixForm): number | undefined;
	/** Where filters lie transformed, anew at each point; undefined where they had better not be kept. */
	transformed(filter: Operand, form: FilterForm): number | undefined;
	/**
	 * The operand with its negative values zero, and those above `most` that, where the step that makes it can do so and nobody
	 * else reads it.
	 */
	rectified(x: Operand, most?: number): Operand | undefined;
	/**
	 * The operand times a factor, or plus a term, of each column, where the step that makes it can do so and nobody else reads it.
	 */
	moved(x: Operand, how: "mul" | "add", by: Operand): Operand | undefined;
	/** The operand normalised channel by channel, where the step that makes it can do that and nobody else reads it. */
	normalized(x: Operand, numbers: NormNumbers): Operand | undefined;
	/** Whether whole numbers are sure to be from 0 to `rows` - 1. */
	areInside(numbers: Operand, rows: number): boolean;
}

/** How many numbers a shape holds. */
export function countOf(shape: readonly number[]): number {
	return shape.reduce((size, length) => size * length, 1);
}

/** Whether all are float32 and none is empty. */
export function areFloats(...operands: readonly (Operand | undefined)[]): boolean {
	return operands.every((operand) => operand?.type === "float32" && countOf(operand.shape) > 0);
}

/** An axis of which several operands make use: its length, and for each of them the values from one element to the next. */
export interface Axis {
	readonly length: number;
	readonly strides: readonly number[];
}

/**
 * Four axes, the first ones of length 1 where fewer are needed: those of length 1 go, and neighbours that all operands walk
 * through in one are joined. Undefined where more than four are left.
 */
export function joinAxes(axes: readonly Axis[]): readonly [Axis, Axis, Axis, Axis] | undefined {
	const operands = axes[0]?.strides.length ?? 1;
	const joined: Axis[] = [];
	for (const axis of axes.toReversed()) {
		if (axis.length === 1) continue;
		const inner = joined[0];
		const continues = inner && axis.strides.every((stride, i) => stride === (inner.strides[i] ?? 0) * inner.length);
		if (continues) joined[0] = { length: axis.length * inner.length, strides: inner.strides };
		else joined.unshift(axis);
	}
	// A last axis of strides 1, for the kernels' innermost loops; of a single value it may as well be 0.
	while (joined.length < 4) joined.unshift({ length: 1, strides: Array<number>(operands).fill(0) });
	const [a, b, c, d, ...more] = joined;
	return a && b && c && d && more.length === 0 ? [a, b, c, d] : undefined;
}

/** Values from one element to the next along each axis of a shape, densely packed. */
export function stridesOf(shape: readonly number[]): number[] {
	return shape.map((_, axis) => countOf(shape.slice(axis + 1)));
}

/** The strides of a shape beside a larger one it is stretched to, axes counted from the last; 0 along what is stretched. */
export function stretchedStrides(shape: readonly number[], to: readonly number[]): number[] {
	const own = stridesOf(shape);
	return to.map((_, axis) => {
		const at = axis - to.length + shape.length;
		return at >= 0 && shape[at] !== 1 ? (own[at] ?? 0) : 0;
	});
}
