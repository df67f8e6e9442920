import { isA, isListOf, isObject, isText, isWhole } from "../check/values.js";
import { OptionError } from "../errors.js";
import { type Field, type FieldSpec, specOf } from "./field.js";
import { type Coordinates, coordinatesOf, type Grid, gridPoints, pointNumber } from "./grid.js";
import type { Provenance } from "./provenance.js";
import type { Trajectories } from "./trajectory.js";

/**
 * The results of a sweep, as plain data: the values of any number of fields at the points of a grid and at some extra ones,
 * and apart from them which points are done. NaN and ±Infinity are values like any other.
 */
export interface Surface {
	/** Where the points lie. */
	readonly grid: Grid;
	/** Points apart from the grid, numbered after its own: the origin, where the grid does not hold it. */
	readonly extras: readonly Coordinates[];
	/** In the order in which they are stored and digested. */
	readonly fields: readonly Field[];
	/** 1 where the point has been computed: those of the grid, then the extra ones. */
	readonly done: Uint8Array;
	/** 1 where the values of a point that is done are interpolated between others; absent where all are computed. */
	readonly interpolated?: Uint8Array;
	/** The networks that lie on the section, the origin first. */
	readonly anchors: readonly Anchor[];
	/** Trainings on the section; their places are the last of the extra points. */
	readonly trajectories?: Trajectories;
	/** Where the values come from. */
	readonly provenance: Provenance;
}

/** A network that lies on the section: its origin, the end of a line, a corner of a plane. */
export interface Anchor {
	/** What people call it: the name of its file, or `init:SEED`. */
	readonly label: string;
	readonly at: Coordinates;
	/** What it is to the section. */
	readonly role: "origin" | "end";
}

const valuesOnGrid = {
	grid: isObject("a grid", {
		axes: isListOf(isObject("an axis", { steps: isWhole(1) }), 1),
	}),
	fields: isListOf(isObject("a field", { name: isText, label: isText, values: isA("a Float64Array", isDoubles) }), 1),
};

const EXPECTED = "a surface, as sweep and readRun give one";

/** Refuses what has no grid, or no fields. */
export const isOnGrid = isObject(EXPECTED, valuesOnGrid);

const isSurfaceShape = isObject(EXPECTED, {
	...valuesOnGrid,
	extras: isListOf(isListOf(isA("a coordinate", Number.isFinite))),
	done: isA("a Uint8Array", (value) => value instanceof Uint8Array),
	anchors: isListOf(isObject("an anchor", {})),
	provenance: isObject("a provenance", {}),
});

function isDoubles(value: unknown): boolean {
	return value instanceof Float64Array;
}

/** @throws {OptionError} naming what is none of a surface */
export function checkSurface(name: string, surface: unknown): asserts surface is Surface {
	isSurfaceShape(name, surface);
}

/** What a surface is made of before anything is computed. */
export interface SurfaceOutline extends Omit<Surface, "fields" | "done" | "interpolated"> {
	readonly fields: readonly FieldSpec[];
	/** Whether some of its values may come to be interpolated. */
	readonly interpolates?: boolean;
}

/** A surface with nothing computed: every value NaN, the done mask clear. */
export function emptySurface(outline: SurfaceOutline): Surface {
	const { grid, extras, fields, anchors, trajectories, provenance, interpolates = false } = outline;
	const points = gridPoints(grid) + extras.length;
	return {
		grid,
		extras,
		fields: fields.map((field) => ({ ...specOf(field), values: new Float64Array(points).fill(Number.NaN) })),
		done: new Uint8Array(points),
		...(interpolates && { interpolated: new Uint8Array(points) }),
		anchors,
		...(trajectories && { trajectories }),
		provenance,
	};
}

/** The values of a run of points: [count × fields], point by point. */
export interface BatchResult {
	/** The number of the first point. */
	readonly first: number;
	readonly count: number;
	readonly values: Float64Array;
	/** Whether they are interpolated, not computed. */
	readonly interpolated?: boolean;
}

/** Takes values into a surface and marks their points done: the one place where that is done. */
export function record(
	{ fields, done, interpolated: marks }: Pick<Surface, "fields" | "done" | "interpolated">,
	{ first, count, values, interpolated = false }: BatchResult,
): void {
	if (interpolated && marks === undefined) throw new RangeError("a surface whose values are all computed");
	for (const [column, field] of fields.entries())
		for (let i = 0; i < count; i++) field.values[first + i] = values[i * fields.length + column] ?? Number.NaN;
	done.fill(1, first, first + count);
	marks?.fill(interpolated ? 1 : 0, first, first + count);
}

/** The values of a run of points as `record` takes them. */
export function batchOf({ fields }: Pick<Surface, "fields">, first: number, count: number): BatchResult {
	const values = new Float64Array(count * fields.length);
	for (const [column, field] of fields.entries())
		for (let i = 0; i < count; i++) values[i * fields.length + column] = field.values[first + i] ?? Number.NaN;
	return { first, count, values };
}

/** Where a point lies, of the grid or extra. */
export function placeOf({ grid, extras }: Pick<Surface, "grid" | "extras">, point: number): Coordinates {
	return extras[point - gridPoints(grid)] ?? coordinatesOf(grid, point);
}

/**
 * A field by its name.
 *
 * @throws {OptionError} naming the fields there are
 */
export function fieldNamed({ fields }: Pick<Surface, "fields">, name: string): Field {
	const found = fields.find((field) => field.name === name);
	if (found === undefined)
		throw new OptionError("field", `expected one of ${fields.map((field) => field.name).join(", ")}, got "${name}"`);
	return found;
}

/** The field that holds another's standard errors, where there is one. */
export function errorFieldOf({ fields }: Pick<Surface, "fields">, name: string): Field | undefined {
	return fields.find(({ errorOf }) => errorOf === name);
}

/** Whether the value at a point is interpolated between others. */
export function isInterpolated({ interpolated }: Pick<Surface, "interpolated">, point: number): boolean {
	return interpolated?.[point] === 1;
}

/** How many of its grid's points are interpolated. */
export function interpolatedCount({ grid, interpolated }: Pick<Surface, "grid" | "interpolated">): number {
	return interpolated === undefined
		? 0
		: interpolated.subarray(0, gridPoints(grid)).filter((mark) => mark === 1).length;
}

/** The field that a surface is about where nothing else is said: the first, which is the loss. */
export function mainField({ fields }: Pick<Surface, "fields">): Field {
	const [first] = fields;
	if (first === undefined) throw new RangeError("a surface without fields");
	return first;
}

/** The value of a field at a point, NaN where it is not computed. */
export function valueAt({ done }: Pick<Surface, "done">, field: Field, point: number): number {
	return done[point] === 1 ? (field.values[point] ?? Number.NaN) : Number.NaN;
}

/** One value and where it lies. */
export interface Extremum {
	readonly value: number;
	readonly alpha: number;
	/** 0 on a line. */
	readonly beta: number;
}

/** The lowest and highest finite value of a field that was computed on the grid (the first of equals), or null where there is none. */
export function extrema(
	surface: Surface,
	name = surface?.fields?.[0]?.name ?? "",
): { min: Extremum; max: Extremum } | null {
	isOnGrid("surface", surface);
	const { values } = fieldNamed(surface, name);
	let low = -1;
	let high = -1;
	for (let i = 0; i < gridPoints(surface.grid); i++) {
		const value = values[i] ?? Number.NaN;
		if (surface.done[i] !== 1 || isInterpolated(surface, i) || !Number.isFinite(value)) continue;
		if (low < 0 || value < (values[low] ?? 0)) low = i;
		if (high < 0 || value > (values[high] ?? 0)) high = i;
	}
	if (low < 0) return null;
	const at = (point: number): Extremum => {
		const [alpha = 0, beta = 0] = coordinatesOf(surface.grid, point);
		return { value: values[point] ?? Number.NaN, alpha, beta };
	};
	return { min: at(low), max: at(high) };
}

/** The number of the point at the origin, of the grid or extra; -1 where there is none. */
export function originPoint({ grid, extras }: Pick<Surface, "grid" | "extras">): number {
	const inGrid = pointNumber(grid, [0, 0]);
	if (inGrid >= 0) return inGrid;
	const extra = extras.findIndex((at) => at.every((coordinate) => coordinate === 0));
	return extra < 0 ? -1 : gridPoints(grid) + extra;
}
