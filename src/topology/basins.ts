import { type Axis, axesOf, cellOf, coordinatesOf, type Grid, gridPoints } from "../surface/grid.js";
import type { Landscape } from "./landscape.js";

/**
 * The minimum that every point comes to by steepest descent, from neighbour to neighbour: the one with the steepest way down in units of
 * α and β; from +∞ the lowest; on a plateau the one with the lowest number. Numbers of points; −1 for points that are no vertices.
 */
export function descents(grid: Grid, { values, isVertex, neighboursOf }: Landscape): Int32Array {
	const points = gridPoints(grid);
	const ends = new Int32Array(points).fill(-1);
	const next = (point: number): number => {
		const here = values[point] ?? Number.NaN;
		let [best, steepest] = [point, 0];
		for (const neighbour of neighboursOf(point)) {
			const there = values[neighbour] ?? Number.NaN;
			if (!isVertex(neighbour) || !(there < here || (there === here && neighbour < point))) continue;
			const slope = here === there ? 0 : (here - there) / distance(grid, point, neighbour);
			const isLower = there < (values[best] ?? 0) || (there === values[best] && neighbour < best);
			if (slope > steepest || (slope === steepest && isLower)) [best, steepest] = [neighbour, slope];
		}
		return best;
	};
	for (let start = 0; start < points; start++) {
		if (!isVertex(start)) continue;
		const way: number[] = [];
		let point = start;
		while (ends[point] === -1) {
			way.push(point);
			const lower = next(point);
			if (lower === point) break;
			point = lower;
		}
		const end = ends[point] === -1 ? point : (ends[point] ?? point);
		for (const passed of way) ends[passed] = end;
	}
	return ends;
}

function distance(grid: Grid, from: number, to: number): number {
	const there = coordinatesOf(grid, to);
	return Math.hypot(...coordinatesOf(grid, from).map((place, axis) => place - (there[axis] ?? 0)));
}

/**
 * The part of the grid's area, α·β (on a line its length), that belongs to a point: half-way to its neighbours, and no further than the
 * grid. All together make up the grid.
 */
export function cellArea(grid: Grid, point: number): number {
	const { x, y } = axesOf(grid);
	const { column, row } = cellOf(grid, point);
	return cellLength(x, column) * (y === null ? 1 : cellLength(y, row));
}

function cellLength({ min, max, steps }: Axis, index: number): number {
	if (steps === 1) return 1;
	return ((max - min) / (steps - 1)) * (index === 0 || index === steps - 1 ? 0.5 : 1);
}
