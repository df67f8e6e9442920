import { columnsOf, isLine, pointAt, rowsOf } from "../surface/grid.js";
import { type Surface, valueAt } from "../surface/surface.js";
import { fieldOf, type MeasureOptions } from "./measure.js";

/** A second difference below this many units in the last place of the losses it is made of is rounding. */
const ROUNDING = 8 * Number.EPSILON;

/**
 * The share of interior points at which the surface curves upwards in every direction of the plane, 0 to 1: those whose
 * Hessian by central differences is positive definite; on a line, those with a second difference above 0. Differences
 * that rounding alone can make count as 0, so a plane and a parabolic cylinder have no such point.
 *
 * The Hessian is that of the plane, two dimensions of all: upwards here says nothing of the others. Points whose nine (on a
 * line three) values are not all finite and computed do not count either way; null where none is left.
 *
 * @see Li et al. 2018 (arXiv 1712.09913), "Are we really seeing convexity?", who ask the same of the whole Hessian by its extreme eigenvalues
 */
export function convexityShare(surface: Surface, options: MeasureOptions = {}): number | null {
	const { grid } = surface;
	const field = fieldOf(surface, options);
	const line = isLine(grid);
	let [counted, convex] = [0, 0];
	for (let row = line ? 0 : 1; row < (line ? 1 : rowsOf(grid) - 1); row++) {
		for (let column = 1; column + 1 < columnsOf(grid); column++) {
			const at = (right: number, up: number) => valueAt(surface, field, pointAt(grid, column + right, row + up));
			const verdict = line ? curvesUp([at(-1, 0), at(0, 0), at(1, 0)]) : isPositiveDefinite(at);
			if (verdict === null) continue;
			counted += 1;
			if (verdict) convex += 1;
		}
	}
	return counted === 0 ? null : convex / counted;
}

/** Whether the second difference of three values is above 0; null where one is not finite. */
function curvesUp([before, here, after]: readonly [number, number, number]): boolean | null {
	const second = before - here - (here - after);
	if (!Number.isFinite(second)) return null;
	return second > ROUNDING * Math.max(Math.abs(before), Math.abs(here), Math.abs(after));
}

/** Of the Hessian in units of the spacing, which scales the axes and leaves definiteness alone. */
function isPositiveDefinite(at: (right: number, up: number) => number): boolean | null {
	const around = [-1, 0, 1].flatMap((up) => [-1, 0, 1].map((right) => at(right, up)));
	if (!around.every(Number.isFinite)) return null;
	const rounding = ROUNDING * Math.max(...around.map(Math.abs));
	const xx = at(-1, 0) - at(0, 0) - (at(0, 0) - at(1, 0));
	const yy = at(0, -1) - at(0, 0) - (at(0, 0) - at(0, 1));
	const xy = (at(1, 1) - at(1, -1) - (at(-1, 1) - at(-1, -1))) / 4;
	return xx > rounding && yy > rounding && xx * yy - xy * xy > rounding * Math.max(xx, yy);
}
