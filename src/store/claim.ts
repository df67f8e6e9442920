import { FileFormatError } from "../errors.js";
import type { FieldSpec } from "../surface/field.js";
import { gridPoints } from "../surface/grid.js";
import type { Surface } from "../surface/surface.js";

/** A small file may claim any number of points; memory is taken for as many as a sweep of this size takes anyway. */
const LEAST_BOUND = 256 * 2 ** 20;

/** @throws {FileFormatError} when a surface would take more than 256 MB and four times the file */
export function checkClaim(
	{ grid, extras, fields }: Pick<Surface, "grid" | "extras"> & { readonly fields: readonly FieldSpec[] },
	fileBytes: number,
	path: string,
): void {
	const points = gridPoints(grid) + extras.length;
	const bytes = points * (8 * fields.length + 1);
	if (!(bytes <= Math.max(LEAST_BOUND, 4 * fileBytes)))
		throw new FileFormatError(path, `claims ${points} points, which a file of ${fileBytes} bytes can't be about`);
}
