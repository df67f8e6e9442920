import { cellsOf, columnsOf, coordinatesOf, gridPoints, isLine } from "../surface/grid.js";
import { mainField, type Surface, valueAt } from "../surface/surface.js";

/** The landscape as a mesh: its points with a finite value, numbered anew, and what joins those that all have one. */
export interface Mesh {
	/** The number of each point in the grid. */
	readonly points: readonly number[];
	/** Quads of a plane, around each from the one of the lowest α and β; pieces of a line. By the mesh's own numbers. */
	readonly cells: readonly (readonly number[])[];
}

/** The mesh of the first field: a point without a finite value is a hole, and no quad has it as a corner. */
export function meshOf(surface: Surface): Mesh {
	const { grid } = surface;
	const points: number[] = [];
	const numbers = new Int32Array(gridPoints(grid)).fill(-1);
	for (const point of numbers.keys()) if (hasHeight(surface, point)) numbers[point] = points.push(point) - 1;
	const all = isLine(grid) ? piecesOf(columnsOf(grid)) : cellsOf(grid);
	const cells = all
		.map((corners) => corners.map((corner) => numbers[corner] ?? -1))
		.filter((corners) => corners.every((corner) => corner >= 0));
	return { points, cells };
}

function piecesOf(columns: number): [number, number][] {
	return Array.from({ length: columns - 1 }, (_, i) => [i, i + 1]);
}

/** Whether the first field has a finite value at a point of the grid. */
export function hasHeight(surface: Surface, point: number): boolean {
	return Number.isFinite(valueAt(surface, mainField(surface), point));
}

/** The positions of points of the grid, [points, 3]. */
export function positionsOf(surface: Surface, points: readonly number[]): Float64Array {
	const positions = new Float64Array(3 * points.length);
	for (const [i, point] of points.entries()) positions.set(positionOf(surface, point), 3 * i);
	return positions;
}

/** α, β (0 on a line) and the first field's value at a point of the grid. */
export function positionOf(surface: Surface, point: number): [number, number, number] {
	const [alpha = 0, beta = 0] = coordinatesOf(surface.grid, point);
	return [alpha, beta, valueAt(surface, mainField(surface), point)];
}
