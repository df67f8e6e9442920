import { type Extremum, extrema, type Surface } from "../surface/surface.js";

/**
 * The lowest finite loss of the grid's points, in units of the loss, or where it lies, in steps of α or β. Points that
 * are not finite or not computed are passed over, of equal ones the first in row order counts; null where none is left, and for
 * β on a line.
 */
export function minimum(surface: Surface, part: keyof Extremum): number | null {
	if (part === "beta" && surface.y === null) return null;
	return extrema(surface, "loss")?.min[part] ?? null;
}
