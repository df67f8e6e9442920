import { axesOf, axisValue, isLine } from "../surface/grid.js";
import { fieldNamed, type Surface, valueAt } from "../surface/surface.js";
import { fieldOf, type MeasureOptions } from "./measure.js";

/** How far a path rises over the straight line between its ends, and where it does so the most. */
export interface Barrier {
	/** In units of the loss; 0 where the path nowhere rises above the line. */
	readonly height: number;
	readonly alpha: number;
}

/** Points this near to an end, as a share of the spacing, are that end: axes such as -0.1:1.1:13 meet 1 up to rounding. */
const NEAR = 1e-9;

/**
 * The barrier between the two networks of an interpolation: the largest L(α) − ((1−α)·L(0) + α·L(1)) over the grid's α in
 * [0, 1]. Of a share of right answers it is that of the wrong ones, 1 − accuracy. What rises between two points is not seen. The
 * ends count, so it is never below 0.
 *
 * Points without a value: an end that is not finite leaves no line to measure from, and a point not computed could be
 * the highest; both give null. NaN on the way gives NaN, +∞ gives +∞, each with the first place of it.
 *
 * @returns null for surfaces other than interpolations, and for grids that do not hold α = 0 and 1
 * @see Frankle et al., ICML 2020 (arXiv 1912.05671), who measure from the mean of the ends, which is the same
 *   line where both have one loss; Garipov et al., NeurIPS 2018 (arXiv 1802.10026)
 */
export function barrier(surface: Surface, options: MeasureOptions = {}): Barrier | null {
	const found = highestRise(surface, fieldOf(surface, options).name);
	if (found === null || !(found.height <= 0)) return found;
	return { height: 0, alpha: 0 };
}

/**
 * Where a path between two networks lies highest over the straight line between its ends, apart from these: below 0 where it lies
 * under that line throughout, and −∞ without a point between the ends. Null as of `barrier`.
 */
export function highestRise(surface: Surface, field: string): Barrier | null {
	const { grid, anchors, done } = surface;
	if (!isLine(grid) || !anchors.some(({ role, at: [alpha] }) => role === "end" && alpha === 1)) return null;
	const { x } = axesOf(grid);
	if (x.steps === 1) return null;
	const measured = fieldNamed(surface, field);
	// Of right answers what rises is the share of wrong ones.
	const sense = measured.unit === "fraction" ? -1 : 1;
	const step = (x.max - x.min) / (x.steps - 1);
	const indexOf = (alpha: number) => {
		const index = Math.round((alpha - x.min) / step);
		return Math.abs(axisValue(x, index) - alpha) <= NEAR * step ? index : -1;
	};
	const [first, last] = [indexOf(0), indexOf(1)];
	if (first < 0 || last < 0 || last >= x.steps) return null;
	const [from, to] = [valueAt(surface, measured, first), valueAt(surface, measured, last)];
	if (!Number.isFinite(from) || !Number.isFinite(to)) return null;
	if (done.subarray(first, last + 1).includes(0)) return null;
	let highest: Barrier = { height: Number.NEGATIVE_INFINITY, alpha: 0 };
	for (let i = first + 1; i < last; i++) {
		const alpha = axisValue(x, i);
		const height = sense * (valueAt(surface, measured, i) - ((1 - alpha) * from + alpha * to));
		if (height > highest.height || (Number.isNaN(height) && !Number.isNaN(highest.height))) highest = { height, alpha };
	}
	return highest;
}
