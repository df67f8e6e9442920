/** The values one coordinate takes, evenly spaced from `min` to `max` inclusive. */
export interface Axis {
	readonly min: number;
	readonly max: number;
	/** How many values: at least 2, or 1 where `min` is `max`. */
	readonly steps: number;
}

/** A place on a section: [α] on a line, [α, β] on a plane. */
export type Coordinates = readonly number[];

/**
 * Where a surface has its points, in their one order. A regular grid has every combination of its axes' values in row
 * order: a row holds all α of one β. What knows how many points there are and where they lie asks the functions of this
 * file, so that a grid of another kind is a matter of this file alone.
 */
export interface Grid {
	readonly kind: "regular";
	/** One for a line, two for a plane. */
	readonly axes: readonly [Axis] | readonly [Axis, Axis];
}

export function regularGrid(x: Axis, y: Axis | null): Grid {
	return { kind: "regular", axes: y === null ? [x] : [x, y] };
}

/** The axes by name; `y` is null for a line. */
export function axesOf({ axes: [x, y] }: Grid): { readonly x: Axis; readonly y: Axis | null } {
	return { x, y: y ?? null };
}

export function isLine(grid: Grid): boolean {
	return grid.axes.length === 1;
}

/**
 * Value number `index` of an axis. Written so that both ends are exact and the middle of a symmetric range is 0.
 */
export function axisValue(axis: Axis, index: number): number {
	const last = axis.steps - 1;
	if (index === 0) return axis.min;
	return index === last ? axis.max : (axis.min * (last - index) + axis.max * index) / last;
}

/** All values of an axis; a missing axis has the single value 0. */
export function axisValues(axis: Axis | null): Float64Array {
	return axis === null ? new Float64Array(1) : Float64Array.from({ length: axis.steps }, (_, i) => axisValue(axis, i));
}

/** Points in a row. */
export function columnsOf(grid: Grid): number {
	return grid.axes[0].steps;
}

/** Rows; a line is one. */
export function rowsOf(grid: Grid): number {
	return grid.axes[1]?.steps ?? 1;
}

/** How many points a grid has. */
export function gridPoints(grid: Grid): number {
	return columnsOf(grid) * rowsOf(grid);
}

/** The number of the point in a column and a row; -1 outside of the grid. */
export function pointAt(grid: Grid, column: number, row = 0): number {
	const inside = column >= 0 && column < columnsOf(grid) && row >= 0 && row < rowsOf(grid);
	return inside ? row * columnsOf(grid) + column : -1;
}

/** The column and the row of a point. */
export function cellOf(grid: Grid, point: number): { readonly column: number; readonly row: number } {
	const columns = columnsOf(grid);
	return { column: point % columns, row: Math.floor(point / columns) };
}

/** Where a point of the grid lies. */
export function coordinatesOf(grid: Grid, point: number): Coordinates {
	const { column, row } = cellOf(grid, point);
	const [x, y] = grid.axes;
	return y === undefined ? [axisValue(x, column)] : [axisValue(x, column), axisValue(y, row)];
}

/** The number of the point that lies at some coordinates exactly, or -1 where the grid has none there. */
export function pointNumber(grid: Grid, at: Coordinates): number {
	const [column = -1, row = 0] = grid.axes.map((axis, i) => axisValues(axis).indexOf(at[i] ?? 0));
	return pointAt(grid, column, row);
}

/** The numbers of a row's points are `first` to `first + count` - 1. */
export function rowOf(grid: Grid, row: number): { readonly first: number; readonly count: number } {
	return { first: row * columnsOf(grid), count: columnsOf(grid) };
}

/** The corners of a cell between four neighbouring points, around it from the one of the lowest α and β. */
export type Cell = readonly [number, number, number, number];

/** Every cell of a plane by the numbers of its corners; none for a line. */
export function cellsOf(grid: Grid): Cell[] {
	const cells: Cell[] = [];
	for (let row = 0; row + 1 < rowsOf(grid); row++)
		for (let column = 0; column + 1 < columnsOf(grid); column++) {
			const low = pointAt(grid, column, row);
			const high = pointAt(grid, column, row + 1);
			cells.push([low, low + 1, high + 1, high]);
		}
	return cells;
}
