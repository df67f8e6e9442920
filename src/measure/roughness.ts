import type { Surface } from "../surface/surface.js";
import { type GridLine, gridLines } from "./lines.js";
import type { MeasureOptions } from "./measure.js";

/**
 * Roughness: the total variation of the slope, Σ |s_{i+1} − s_i| over the slopes s between neighbouring points of a line,
 * in units of the loss per step. On a plane, the mean over all rows and all columns, each axis with the same weight.
 *
 * 0 for a plane. For a convex line it is the difference between its last and its first slope, 2·a·(length − spacing) for
 * a·α²: a steep bowl counts too, and only what exceeds that is bumps. So compare surfaces over the same axes only.
 *
 * Lines with a point that is not finite or not computed, or with fewer than three, are left out; null where none remains.
 *
 * @see Rudin, Osher, Fatemi, Physica D 60 (1992), for total variation, here taken of the slope
 */
export function roughness(surface: Surface, options: MeasureOptions = {}): number | null {
	const means = (["x", "y"] as const).flatMap((axis) => {
		const variations = gridLines(surface, axis, options).map(slopeVariation);
		const known = variations.filter((variation) => variation !== null);
		return known.length === 0 ? [] : [mean(known)];
	});
	return means.length === 0 ? null : mean(means);
}

function slopeVariation({ places, values }: GridLine): number | null {
	if (values.length < 3 || !values.every(Number.isFinite)) return null;
	let sum = 0;
	let before: number | null = null;
	for (let i = 1; i < values.length; i++) {
		const slope: number = ((values[i] ?? 0) - (values[i - 1] ?? 0)) / ((places[i] ?? 0) - (places[i - 1] ?? 0));
		if (before !== null) sum += Math.abs(slope - before);
		before = slope;
	}
	return sum;
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value / values.length, 0);
}
