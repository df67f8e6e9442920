import { axesOf, axisValues, cellOf, columnsOf, pointAt, rowsOf } from "../surface/grid.js";
import { type Surface, valueAt } from "../surface/surface.js";
import { fieldOf, type MeasureOptions } from "./measure.js";

/** A line of grid points along an axis: where they lie on it, and a field's values there, NaN where one is not computed. */
export interface GridLine {
	readonly places: Float64Array;
	readonly values: Float64Array;
}

/** All lines of a surface along an axis: its rows for x, its columns for y; a line has no columns. */
export function gridLines(surface: Surface, axis: "x" | "y", options: MeasureOptions = {}): GridLine[] {
	const { grid } = surface;
	const along = axesOf(grid)[axis];
	if (along === null) return [];
	const field = fieldOf(surface, options);
	const places = axisValues(along);
	return Array.from({ length: axis === "x" ? rowsOf(grid) : columnsOf(grid) }, (_, line) => ({
		places,
		values: places.map((_, i) => {
			const point = axis === "x" ? pointAt(grid, i, line) : pointAt(grid, line, i);
			return valueAt(surface, field, point);
		}),
	}));
}

/** The line along an axis that a point of the grid lies on, and where on it that is. */
export function lineThrough(
	surface: Surface,
	point: number,
	axis: "x" | "y",
	options: MeasureOptions = {},
): { readonly line: GridLine | undefined; readonly place: number } {
	const { column, row } = cellOf(surface.grid, point);
	const [number, place] = axis === "x" ? [row, column] : [column, row];
	return { line: gridLines(surface, axis, options)[number], place };
}
