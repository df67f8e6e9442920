import { FileFormatError } from "../errors.js";
import { claimBound } from "../files/limits.js";
import type { FieldSpec } from "../surface/field.js";
import { gridPoints } from "../surface/grid.js";
import type { Surface } from "../surface/surface.js";

/**
 * @param expected points that the caller has memory for anyway
 * @throws {FileFormatError} when a surface would take more than 256 MB and four times the file
 */
export function checkClaim(
	{ grid, extras, fields }: Pick<Surface, "grid" | "extras"> & { readonly fields: readonly FieldSpec[] },
	fileBytes: number,
	path: string,
	expected: number,
): void {
	const points = gridPoints(grid) + extras.length;
	const bytes = points * (8 * fields.length + 1);
	if (points !== expected && !(bytes <= claimBound(fileBytes)))
		throw new FileFormatError(path, `claims ${points} points, which a file of ${fileBytes} bytes can't be about`);
}
