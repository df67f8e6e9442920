import { type Heights, heightsOf, refinedHeights } from "../render/parts/interpolation.js";
import { planeLevels } from "../render/parts/levels.js";
import { planeScale, type ValueScale } from "../render/parts/scale.js";
import { type DrawnField, finiteValues } from "../render/parts/values.js";
import { distancesToLine } from "./distances.js";

/** Lines are settled that lie within so much of a cell of where they are drawn. */
export const SETTLED = 0.5;

/** Lines and their bands are looked at so many times between two points. */
const STEPS = 4;

/** How far beyond a scale, 1 long, an interval's end counts: there are no lines there. */
const BEYOND = 2;

/** How far lines may lie from where they are drawn. */
export interface LineShifts {
	/** Points of cells in which a line may lie more than `SETTLED` off. */
	readonly unsettled: ReadonlySet<number>;
	/** In cells, of all lines; ∞ where there may be a line and none is drawn. */
	readonly largest: number;
}

/**
 * How far the lines of the picture may lie off, where each point's value lies within a half-width of its estimate. A line of level L then
 * lies within the band in which L is in the interval; how far off it can be is how far the band reaches from the line that is drawn.
 * On a smooth slope that is half-width over |∇f|, and at a minimum, where that has no meaning, it is the band still.
 *
 * Lines are those of the contour picture: its levels, its scale, its surface between the points.
 */
export function lineShifts(of: DrawnField, halfWidths: Float64Array): LineShifts {
	const scale = planeScale(of.spec, finiteValues(of), undefined);
	const between = (field: DrawnField) => refinedHeights(heightsOf(field, positions(scale)), STEPS, STEPS);
	const end = (sign: number) =>
		between({ ...of, values: of.values.map((value, i) => value + sign * (halfWidths[i] ?? Number.NaN)) });
	const [heights, low, high] = [between(of), end(-1), end(1)];
	const unsettled = new Set<number>();
	let largest = 0;
	for (const { position } of planeLevels(of, scale)) {
		const distances = distancesToLine(heights, position);
		for (let place = 0; place < distances.length; place++) {
			if (!((low.values[place] ?? 0) <= position && (high.values[place] ?? 0) >= position)) continue;
			const shift = (distances[place] ?? 0) / STEPS;
			largest = Math.max(largest, shift);
			if (shift > SETTLED) for (const point of pointsAround(of, heights, place)) unsettled.add(point);
		}
	}
	return { unsettled, largest };
}

/** Positions on a scale of values that may lie beyond it, below 0 on a scale of logarithms. */
function positions({ position }: ValueScale): (value: number) => number {
	return (value) => {
		const at = position(value);
		return Number.isNaN(at) ? -BEYOND : Math.min(1 + BEYOND, Math.max(-BEYOND, at));
	};
}

/** The points of the grid at the corners of the cell that a place of the finer one lies in. */
function pointsAround({ columns, rows }: DrawnField, fine: Heights, place: number): number[] {
	const ends = (index: number, count: number) => {
		const low = Math.floor(index / STEPS);
		return index % STEPS === 0 ? [low] : [low, Math.min(count - 1, low + 1)];
	};
	const across = ends(place % fine.columns, columns);
	const up = ends(Math.floor(place / fine.columns), rows);
	return up.flatMap((row) => across.map((column) => row * columns + column));
}
