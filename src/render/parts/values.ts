import type { FieldSpec } from "../../surface/field.js";
import { type Axis, axesOf, axisValue, columnsOf, gridPoints, rowsOf } from "../../surface/grid.js";
import { fieldNamed, type Surface } from "../../surface/surface.js";
import { formatNumber } from "./ticks.js";

/** A field of a surface as people read it: shares of the samples in per cent, the others as they are. */
export interface DrawnField {
	readonly spec: FieldSpec;
	/** With its unit: `loss`, `accuracy (%)`. */
	readonly label: string;
	readonly x: Axis;
	readonly y: Axis | null;
	readonly columns: number;
	readonly rows: number;
	/** Of the grid's points, in row order. */
	readonly values: Float64Array;
	readonly kinds: readonly PointKind[];
}

/** What there is to draw at a point: a value on the scale, or one of those a scale has no place for. */
type PointKind = "finite" | NoValue;
const noValues = ["NaN", "+∞", "−∞", "not computed"] as const;
export type NoValue = (typeof noValues)[number];

/** @throws {OptionError} naming the fields there are, where none has the name */
export function drawnField(surface: Pick<Surface, "grid" | "done" | "fields">, name: string): DrawnField {
	const { grid, done } = surface;
	const { values: all, ...spec } = fieldNamed(surface, name);
	const given = all.subarray(0, gridPoints(grid));
	const values = isPercentage(spec) ? given.map((fraction) => fraction * 100) : given;
	return {
		spec,
		label: isPercentage(spec) ? `${spec.label} (%)` : spec.label,
		...axesOf(grid),
		columns: columnsOf(grid),
		rows: rowsOf(grid),
		values,
		kinds: Array.from(values, (value, i) => (done[i] === 1 ? kindOf(value) : "not computed")),
	};
}

/** The first and the last of some columns or rows. */
export type Stretch = readonly [number, number];

/** The points of a plane's field within some columns and rows. */
export function croppedField(of: DrawnField, columns: Stretch, rows: Stretch): DrawnField {
	const width = columns[1] - columns[0] + 1;
	const height = rows[1] - rows[0] + 1;
	const points = Array.from(
		{ length: width * height },
		(_, i) => (rows[0] + Math.floor(i / width)) * of.columns + columns[0] + (i % width),
	);
	return {
		...of,
		x: croppedAxis(of.x, columns),
		y: of.y === null ? null : croppedAxis(of.y, rows),
		columns: width,
		rows: height,
		values: Float64Array.from(points, (point) => of.values[point] ?? Number.NaN),
		kinds: points.map((point) => of.kinds[point] ?? "not computed"),
	};
}

function croppedAxis(axis: Axis, [first, last]: Stretch): Axis {
	return { min: axisValue(axis, first), max: axisValue(axis, last), steps: last - first + 1 };
}

/** Whether people read a field in per cent. */
export function isPercentage({ unit }: Pick<FieldSpec, "unit">): boolean {
	return unit === "fraction";
}

function kindOf(value: number): PointKind {
	if (Number.isFinite(value)) return "finite";
	return Number.isNaN(value) ? "NaN" : value > 0 ? "+∞" : "−∞";
}

/**
 * One quantity of a surface less that of another over the same axes. Points that either lacks are not computed, and those at
 * which the difference of two values is not finite are as what it is: NaN for ∞ − ∞.
 */
export function differenceField(of: DrawnField, from: DrawnField): DrawnField {
	const values = of.values.map((value, i) => value - (from.values[i] ?? Number.NaN));
	const missing = (i: number) => of.kinds[i] === "not computed" || from.kinds[i] === "not computed";
	const kinds = Array.from(values, (value, i) => (missing(i) ? "not computed" : kindOf(value)));
	return { ...of, values, kinds };
}

/** The values a scale is made from. */
export function finiteValues(of: DrawnField): Float64Array {
	return of.values.filter((_, i) => of.kinds[i] === "finite");
}

/** The value of every point that has one, where it is one and the same; else null. */
export function constantValue(of: DrawnField): number | null {
	const [first, ...others] = new Set(finiteValues(of));
	return first === undefined || others.length > 0 ? null : first;
}

/** That value in words. */
export function constantLabel(of: DrawnField, value: number): string {
	const where = of.kinds.every((kind) => kind === "finite") ? "everywhere" : "at all other points";
	return `${of.label}: ${formatNumber(value)} ${where}`;
}

/** How many points there are of each kind without a value, none left out but those without any. */
export function countNoValues(...fields: readonly DrawnField[]): { kind: NoValue; count: number }[] {
	return noValues
		.map((kind) => ({
			kind,
			count: fields.reduce((sum, of) => sum + of.kinds.filter((each) => each === kind).length, 0),
		}))
		.filter(({ count }) => count > 0);
}
