import { OptionError } from "../errors.js";
import type { NpyArray } from "../formats/npy.js";
import { formatNpz } from "../formats/npz.js";
import { axesOf, axisValues, columnsOf, type Grid, gridPoints, isLine, rowsOf } from "../surface/grid.js";
import { nameNumber } from "../surface/named-numbers.js";
import { checkSurface, type Surface, valueAt } from "../surface/surface.js";
import { written } from "../surface/written.js";

/** Arrays of the file that are no fields. */
const kept = ["x", "y", "done", "interpolated", "meta"];

/**
 * A surface as NumPy reads it: `x` [nx], `y` [ny], every field [ny, nx] in float64 with NaN where nothing is computed, `done` likewise, 1
 * where it is, `interpolated` where some are; on a line [nx] and no `y`. `meta` is JSON in bytes: all else there is to know.
 *
 * @throws {OptionError} when a field has the name of one of these
 */
export function formatSurfaceNpz(surface: Surface): Uint8Array {
	checkSurface("surface", surface);
	const { grid, fields, done, interpolated } = surface;
	const odd = fields.find(({ name }) => kept.includes(name));
	if (odd !== undefined)
		throw new OptionError("path", `a field called ${odd.name} has no place in .npz, where that is something else`);
	const { x, y } = axesOf(grid);
	const points = gridPoints(grid);
	const shape = shapeOf(grid);
	const arrays = new Map<string, NpyArray>([["x", { shape: [x.steps], values: axisValues(x) }]]);
	if (y !== null) arrays.set("y", { shape: [y.steps], values: axisValues(y) });
	for (const { name } of fields) arrays.set(name, { shape, values: gridValues(surface, name) });
	arrays.set("done", { shape, values: done.slice(0, points) });
	if (interpolated !== undefined) arrays.set("interpolated", { shape, values: interpolated.slice(0, points) });
	const meta = new TextEncoder().encode(JSON.stringify(written(surface), nameNumber));
	arrays.set("meta", { shape: [meta.length], values: meta });
	return formatNpz(arrays);
}

/** [ny, nx], or [nx] of a line. */
export function shapeOf(grid: Grid): number[] {
	return isLine(grid) ? [columnsOf(grid)] : [rowsOf(grid), columnsOf(grid)];
}

/** A field's values at the grid's points, NaN where they are not computed. */
export function gridValues(surface: Surface, name: string): Float64Array {
	const field = surface.fields.find((each) => each.name === name);
	return Float64Array.from({ length: gridPoints(surface.grid) }, (_, point) =>
		field === undefined ? Number.NaN : valueAt(surface, field, point),
	);
}
