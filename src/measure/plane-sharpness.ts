import { axesOf, axisValues, pointAt } from "../surface/grid.js";
import { originPoint, type Surface, valueAt } from "../surface/surface.js";
import { fieldOf, type MeasureOptions, originValue } from "./measure.js";

/**
 * Half the side of the box. Keskar et al. take 0.001 and 0.0005 and search by an optimiser; a grid of 25 points over
 * [-1, 1] has none but the origin within less than 1/12.
 */
const EPSILON = 0.1;

/**
 * Sharpness within the plane: (max f − f(0, 0)) / (1 + f(0, 0)) · 100, in %, the maximum over the grid's points with
 * |α| ≤ ε and |β| ≤ ε.
 *
 * This is the form of Keskar's ε-sharpness in which the box lies in a subspace spanned by the columns of A, with A = [δ η],
 * but not the number their paper reports: the box's side ε·(|(A⁺θ0)_i| + 1) needs the parameters, which a surface does not
 * hold, so A⁺θ0, a network's own coordinates along the directions and near 0 for random ones, is taken as 0; and the
 * maximum is over grid points, hence a lower bound of that over the box. Its unit is that of the directions, so compare
 * planes of one normalisation only.
 *
 * Null where f(0, 0) is unknown, −1 or not finite, where no other point lies in the box, or one there is not computed. NaN
 * in the box gives NaN, +∞ gives +∞.
 *
 * @see Keskar et al., ICLR 2017 (arXiv 1609.04836), metric 2.1
 */
export function planeSharpness(surface: Surface, options: MeasureOptions = {}): number | null {
	const { epsilon = EPSILON } = options;
	const origin = originValue(surface, options);
	if (origin === null || !Number.isFinite(origin) || origin === -1) return null;
	// Axis values such as 0.1 come from a division and may lie beyond by rounding.
	const within = (values: Float64Array) =>
		[...values.keys()].filter((i) => Math.abs(values[i] ?? 0) <= epsilon * (1 + 1e-9));
	const { x, y } = axesOf(surface.grid);
	const columns = within(axisValues(x));
	const indices = within(axisValues(y))
		.flatMap((row) => columns.map((column) => pointAt(surface.grid, column, row)))
		.filter((index) => index !== originPoint(surface));
	if (indices.length === 0 || indices.some((index) => surface.done[index] !== 1)) return null;
	const field = fieldOf(surface, options);
	const highest = Math.max(origin, ...indices.map((index) => valueAt(surface, field, index)));
	return ((highest - origin) / (1 + origin)) * 100;
}
