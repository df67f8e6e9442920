import type { Provenance } from "./provenance.js";

/** The values one coordinate of the plane takes, evenly spaced from `min` to `max` inclusive. */
export interface Axis {
	readonly min: number;
	readonly max: number;
	/** How many values, at least 2 (1 only for the missing second axis of a line). */
	readonly steps: number;
}

/**
 * The results of a sweep: a float64 value a point for each quantity, in row order (index = row · columns + column, where a
 * row holds all α of one β), and apart from them which points are done. NaN and ±Infinity are values like any other.
 */
export interface Surface {
	readonly x: Axis;
	/** Null for a line: one row, β = 0. */
	readonly y: Axis | null;
	/** Mean loss. */
	readonly loss: Float64Array;
	/** The metric that the plan names: by default the fraction of samples classified correctly, 0 to 1. */
	readonly metric: Float64Array;
	/** 1 where the point has been computed. */
	readonly done: Uint8Array;
	readonly provenance: Provenance;
}

/** What a surface has a value of at each point, in the order in which they are stored and digested. */
export const quantities = ["loss", "metric"] as const;
export type Quantity = (typeof quantities)[number];

/** Whether a metric of the plan is a share of the samples, which people read in per cent. */
export function isFraction(metric: string): boolean {
	return metric.includes("accuracy") || metric.startsWith("top-");
}

/** What people call a quantity of a surface: `loss`, or the metric that its plan names. */
export function quantityName({ provenance }: Pick<Surface, "provenance">, quantity: Quantity): string {
	return quantity === "loss" ? "loss" : provenance.plan.metric.replace("r2", "R²");
}

/**
 * Value number `index` of an axis. Written so that both ends are exact and the middle of a symmetric range is 0.
 */
export function axisValue(axis: Axis, index: number): number {
	const last = axis.steps - 1;
	if (index === 0) return axis.min;
	return index === last ? axis.max : (axis.min * (last - index) + axis.max * index) / last;
}

/** All values of an axis; a missing axis has the single value 0. */
export function axisValues(axis: Axis | null): Float64Array {
	return axis === null ? new Float64Array(1) : Float64Array.from({ length: axis.steps }, (_, i) => axisValue(axis, i));
}

export function columns(surface: Pick<Surface, "x">): number {
	return surface.x.steps;
}

export function rows(surface: Pick<Surface, "y">): number {
	return surface.y?.steps ?? 1;
}

/** A surface with nothing computed: every value NaN, the done mask clear. In shared memory, so that workers write to it. */
export function emptySurface(x: Axis, y: Axis | null, provenance: Provenance): Surface {
	const points = x.steps * (y?.steps ?? 1);
	const shared = () =>
		new Float64Array(new SharedArrayBuffer(points * Float64Array.BYTES_PER_ELEMENT)).fill(Number.NaN);
	return {
		x,
		y,
		loss: shared(),
		metric: shared(),
		done: new Uint8Array(new SharedArrayBuffer(points)),
		provenance,
	};
}

/** One value and where it lies. */
export interface Extremum {
	readonly value: number;
	readonly alpha: number;
	readonly beta: number;
}

/** The lowest and highest finite value among the points done (the first of equals), or null where there is none. */
export function extrema(surface: Surface, quantity: Quantity): { min: Extremum; max: Extremum } | null {
	const values = surface[quantity];
	let low = -1;
	let high = -1;
	for (let i = 0; i < values.length; i++) {
		const value = values[i] ?? Number.NaN;
		if (surface.done[i] !== 1 || !Number.isFinite(value)) continue;
		if (low < 0 || value < (values[low] ?? 0)) low = i;
		if (high < 0 || value > (values[high] ?? 0)) high = i;
	}
	if (low < 0) return null;
	const at = (i: number): Extremum => ({
		value: values[i] ?? Number.NaN,
		alpha: axisValue(surface.x, i % surface.x.steps),
		beta: surface.y === null ? 0 : axisValue(surface.y, Math.floor(i / surface.x.steps)),
	});
	return { min: at(low), max: at(high) };
}

/** The index of the point at the origin (0, 0), or -1 where the grid does not hold it. */
export function originIndex(surface: Pick<Surface, "x" | "y">): number {
	const column = axisValues(surface.x).indexOf(0);
	const row = axisValues(surface.y).indexOf(0);
	return column < 0 || row < 0 ? -1 : row * surface.x.steps + column;
}
