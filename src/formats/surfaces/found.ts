import { FileFormatError } from "../../errors.js";
import type { Field } from "../../surface/field.js";
import { type Axis, axisValue } from "../../surface/grid.js";
import type { Notes } from "../../surface/provenance.js";

/** A surface as a file of another program, or one of our own exports, has it. */
export interface FoundSurface {
	readonly x: Axis;
	/** Null for a line. */
	readonly y: Axis | null;
	/** With a value for each point of the grid, α running faster; any where nothing is computed. */
	readonly fields: readonly Field[];
	/** 1 where a point is computed. */
	readonly done: Uint8Array;
	readonly interpolated?: Uint8Array;
	/** What one of our own exports says of itself, not checked yet. */
	readonly about?: Readonly<Record<string, unknown>>;
	/** The network, as far as the file tells. */
	readonly model: string;
	/** Facts of the file that its values depend on: the part of the data. */
	readonly facts: Readonly<Record<string, string>>;
	readonly notes: Notes;
	/** What was taken for what, a line each. */
	readonly told: readonly string[];
}

/** What stands for a value that is not computed; null where all are. */
export type Missing = number | null;

/** How far a coordinate may lie off an even spacing, in steps: sums of float64 steps are farther off than `numpy.linspace`. */
const UNEVEN = 1e-6;

/**
 * The axis that has some values.
 *
 * @param what how errors call them
 * @throws {FileFormatError} when they don't rise in even steps
 */
export function axisThrough(values: ArrayLike<number>, path: string, what: string): Axis {
	const steps = values.length;
	const [min = Number.NaN, max = Number.NaN] = [values[0], values[steps - 1]];
	const axis = { min, max, steps };
	if (steps === 1 && Number.isFinite(min)) return axis;
	const step = (max - min) / (steps - 1);
	const odd = Array.from(values).findIndex((value, i) => !(Math.abs(value - axisValue(axis, i)) <= UNEVEN * step));
	if (steps < 2 || !(min < max) || odd >= 0)
		throw new FileFormatError(
			path,
			`expected ${what} that rise in even steps, got ${steps < 2 ? `${steps} of them` : `${values[Math.max(0, odd)]} as number ${Math.max(0, odd) + 1} of ${steps}, from ${min} to ${max}`}`,
		);
	return axis;
}

/** Keys of a file for an error: the first ones, and how many more. */
export function keysText(keys: Iterable<string>): string {
	const all = [...keys];
	const shown = all.slice(0, 12).join(", ");
	return all.length > 12 ? `${shown} and ${all.length - 12} more` : shown || "none";
}

/** A file's name without directories and ending. */
export function baseName(path: string): string {
	return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.[a-z0-9]+$/i, "");
}
