import { cellOf, type Grid, pointAt } from "../surface/grid.js";

/**
 * Between which points of a plane a path may run: 6, the edges of the Freudenthal triangulation, along both axes and one diagonal of each
 * cell; or 4, the axes alone. On a line both are the two points beside one.
 */
export type Neighbours = 4 | 6;

export const usualNeighbours: Neighbours = 6;

/** Columns and rows to the right and up; the diagonal is the same in every cell, so that cells are cut into triangles that fit. */
const steps = [
	[-1, 0],
	[1, 0],
	[0, -1],
	[0, 1],
	[-1, -1],
	[1, 1],
] as const;

/**
 * The points around one, within the grid.
 *
 * @see Freudenthal, Annals of Mathematics 43 (1942), for the triangulation
 */
export function neighboursOf(grid: Grid, point: number, count: Neighbours): number[] {
	const { column, row } = cellOf(grid, point);
	const around: number[] = [];
	for (let i = 0; i < count; i++) {
		const [right, up] = steps[i] ?? [0, 0];
		const neighbour = pointAt(grid, column + right, row + up);
		if (neighbour >= 0) around.push(neighbour);
	}
	return around;
}

/** How many neighbours a point has that lies inside: fewer are there at the border. */
export function fullCount(grid: Grid, count: Neighbours): number {
	return grid.axes.length === 1 ? 2 : count;
}
