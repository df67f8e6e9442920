import { type Axis, axesOf, cellsOf, gridPoints } from "../surface/grid.js";
import { type Surface, valueAt } from "../surface/surface.js";
import { gridLines } from "./lines.js";
import { fieldOf, levelOf, type MeasureOptions } from "./measure.js";

/**
 * The area of the grid on which the loss lies below a level, in α·β steps; on a line the length, in steps of α.
 *
 * Each cell between four points is four triangles that meet in its middle, at the mean of the corners (the same choice as
 * for the isolines), and the loss is linear on each: exact for a plane, and wrong by an amount that goes with the square
 * of the spacing for smooth surfaces. What lies beyond the grid does not count: where the region reaches the border, this
 * is a lower bound.
 *
 * A cell with a corner that is not finite has no area below. Null where a point is not computed, and where no level is
 * given and the loss at the origin cannot be doubled.
 */
export function areaBelow(surface: Surface, options: MeasureOptions = {}): number | null {
	const level = levelOf(surface, options);
	const done = surface.done.subarray(0, gridPoints(surface.grid));
	if (level === null || done.some((mark) => mark !== 1)) return null;
	const step = (axis: Axis) => (axis.max - axis.min) / (axis.steps - 1);
	const { x, y } = axesOf(surface.grid);
	if (y === null) {
		const { values } = gridLines(surface, "x", options)[0] ?? { values: new Float64Array() };
		let length = 0;
		for (let i = 1; i < values.length; i++) length += shareOfSegment(level, values[i - 1] ?? 0, values[i] ?? 0);
		return length * step(x);
	}
	const field = fieldOf(surface, options);
	const shares = cellsOf(surface.grid).map((cell) =>
		shareOfCell(
			level,
			cell.map((point) => valueAt(surface, field, point)),
		),
	);
	return shares.reduce((sum, share) => sum + share, 0) * step(x) * step(y);
}

/** The share of a segment, linear between its ends, that lies below a level. */
function shareOfSegment(level: number, a: number, b: number): number {
	const [low, high] = a < b ? [a, b] : [b, a];
	if (!Number.isFinite(low) || !Number.isFinite(high) || low >= level) return 0;
	return high < level ? 1 : (level - low) / (high - low);
}

/** The share of a cell below a level, from its corners in order around it. */
function shareOfCell(level: number, corners: readonly number[]): number {
	if (!corners.every(Number.isFinite)) return 0;
	const middle = corners.reduce((sum, corner) => sum + corner / 4, 0);
	const triangles = corners.map((corner, i) => shareOfTriangle(level, corner, corners[(i + 1) % 4] ?? 0, middle));
	return triangles.reduce((sum, share) => sum + share / 4, 0);
}

/** The share of a triangle, linear between its corners, below a level: similar triangles at the lowest or the highest corner. */
function shareOfTriangle(level: number, ...corners: [number, number, number]): number {
	const [low, middle, high] = corners.sort((a, b) => a - b) as [number, number, number];
	if (level <= low) return 0;
	if (level > high) return 1;
	if (level <= middle) return ((level - low) / (middle - low)) * ((level - low) / (high - low));
	return 1 - ((high - level) / (high - middle)) * ((high - level) / (high - low));
}
