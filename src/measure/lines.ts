import { axisValue, rows, type Surface } from "../surface/surface.js";

/** A line of grid points along an axis: where they lie on it, and their losses, NaN where one is not computed. */
export interface GridLine {
	readonly places: Float64Array;
	readonly losses: Float64Array;
}

/** All lines of a surface along an axis: its rows for x, its columns for y; a line has no columns. */
export function gridLines(surface: Surface, axis: "x" | "y"): GridLine[] {
	const along = surface[axis];
	if (along === null) return [];
	const [columns, count] = [surface.x.steps, axis === "x" ? rows(surface) : surface.x.steps];
	const places = Float64Array.from({ length: along.steps }, (_, i) => axisValue(along, i));
	return Array.from({ length: count }, (_, line) => ({
		places,
		losses: places.map((_, i) => valueAt(surface, axis === "x" ? line * columns + i : i * columns + line)),
	}));
}

/** The loss at a point by its index, NaN where it is not computed. */
export function valueAt({ loss, done }: Surface, index: number): number {
	return done[index] === 1 ? (loss[index] ?? Number.NaN) : Number.NaN;
}
