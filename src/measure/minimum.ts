import { isLine } from "../surface/grid.js";
import { type Extremum, extrema, type Surface } from "../surface/surface.js";
import { fieldOf, type MeasureOptions } from "./measure.js";

/**
 * The lowest finite loss of the grid's points, in units of the loss, or where it lies, in steps of α or β. Points that
 * are not finite or not computed are passed over, of equal ones the first in row order counts; null where none is left, and for
 * β on a line.
 */
export function minimum(surface: Surface, part: keyof Extremum, options: MeasureOptions = {}): number | null {
	if (part === "beta" && isLine(surface.grid)) return null;
	return extrema(surface, fieldOf(surface, options).name)?.min[part] ?? null;
}
