import { axesOf, cellOf, type Grid, pointAt } from "../surface/grid.js";

/** Every so many columns and rows stands an anchor. */
export const ANCHOR_STRIDE = 4;

/** A part of what a point's losses are compared with: an anchor, by its number among the grid's points. */
export interface AnchorWeight {
	readonly anchor: number;
	readonly weight: number;
}

/** The points that are evaluated on all samples so that others need few: every fourth column and row, and the last of both. */
export function anchorsOf(grid: Grid): number[] {
	const { x, y } = axesOf(grid);
	const columns = every(x.steps);
	return every(y?.steps ?? 1).flatMap((row) => columns.map((column) => pointAt(grid, column, row)));
}

function every(steps: number): number[] {
	const found = Array.from({ length: Math.ceil(steps / ANCHOR_STRIDE) }, (_, i) => i * ANCHOR_STRIDE);
	return found.at(-1) === steps - 1 ? found : [...found, steps - 1];
}

/**
 * The anchors around a point with the weights of bilinear interpolation, which add up to 1. A sample's losses interpolated between four
 * anchors follow those at the point more closely than the losses at the nearest anchor do: what is left is of the second order in the
 * distance.
 */
export function anchorsAround(grid: Grid, point: number): AnchorWeight[] {
	const { x, y } = axesOf(grid);
	const { column, row } = cellOf(grid, point);
	return between(column, x.steps).flatMap(([c, u]) =>
		between(row, y?.steps ?? 1).flatMap(([r, v]) =>
			u * v === 0 ? [] : [{ anchor: pointAt(grid, c, r), weight: u * v }],
		),
	);
}

/** The anchors before and after a place along an axis, each with its weight. */
function between(place: number, steps: number): [number, number][] {
	const low = Math.floor(place / ANCHOR_STRIDE) * ANCHOR_STRIDE;
	const high = Math.min(steps - 1, low + ANCHOR_STRIDE);
	if (high === low) return [[low, 1]];
	const share = (place - low) / (high - low);
	return [
		[low, 1 - share],
		[high, share],
	];
}
