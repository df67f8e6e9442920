import { gridPoints } from "../surface/grid.js";
import { originPoint, type Surface, valueAt } from "../surface/surface.js";
import { type GridLine, lineThrough } from "./lines.js";
import { fieldOf, levelOf, type MeasureOptions } from "./measure.js";

/**
 * Half the width of the basin along an axis: the mean, over both sides of the origin, of the distance at which the loss
 * first reaches a level, by default twice its value at the origin, interpolated linearly between points; in steps of that axis (with filter
 * normalisation 1 is each filter's own length). √(c/a) for the loss c + a·α².
 *
 * Of networks that have come unequally far down, twice their own loss makes the one with the higher loss the wider, for it has
 * more to double; a level common to all makes it the narrower, for it begins nearer to it. What both say is safe to say.
 *
 * Null where the axis does not go through a grid point at the origin, where the loss there is not a finite number above 0
 * and below the level, or where it does not reach it within the grid on both sides: the width is then larger than the grid shows. +∞ counts
 * as above the level, which is then reached at the last point before it; NaN, or a point not computed, before the level
 * is reached makes it null.
 *
 * @see Hochreiter and Schmidhuber, "Flat minima", Neural Computation 9 (1997), for width as what a minimum is told by
 */
export function halfWidth(surface: Surface, axis: "x" | "y", options: MeasureOptions = {}): number | null {
	const level = levelOf(surface, options);
	const origin = originPoint(surface);
	if (level === null || origin < 0 || origin >= gridPoints(surface.grid)) return null;
	if (!(valueAt(surface, fieldOf(surface, options), origin) < level)) return null;
	const { line, place } = lineThrough(surface, origin, axis, options);
	if (line === undefined) return null;
	const [up, down] = [distanceTo(level, line, place, 1), distanceTo(level, line, place, -1)];
	return up === null || down === null ? null : (up + down) / 2;
}

/** How far from a point of a line, in one direction, the loss first reaches a level; null where it does not. */
function distanceTo(level: number, { places, values }: GridLine, start: number, direction: 1 | -1): number | null {
	for (let i = start + direction; i >= 0 && i < values.length; i += direction) {
		const [before = 0, here = 0] = [values[i - direction], values[i]];
		if (Number.isNaN(here)) return null;
		if (here < level) continue;
		const [from = 0, to = 0, origin = 0] = [places[i - direction], places[i], places[start]];
		return Math.abs(from - origin + ((level - before) / (here - before)) * (to - from));
	}
	return null;
}
