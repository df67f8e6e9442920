import { gridPoints } from "../surface/grid.js";
import type { Surface } from "../surface/surface.js";
import { smad } from "../topology/smad.js";
import { type Topology, topology } from "../topology/topology.js";
import { fieldOf, type MeasureOptions } from "./measure.js";

/**
 * How many minima the grid holds that are significant: deeper than twice the standard error of the difference to where they meet a lower
 * one, where the surface has errors, or else than a hundredth of the finite range. On a line and on planes, NaN and points not
 * computed are holes. Null where a value is −∞ and where there is none.
 *
 * @see `topology`
 */
export function significantMinima(surface: Surface, options: MeasureOptions = {}): number | null {
	return ofTopology(surface, options, ({ minima }) => minima.filter(({ significant }) => significant).length);
}

/** The mean depth of minima below where they meet a lower one, in units of the field, see `smad`; null as of `significantMinima`. */
export function meanDepth(surface: Surface, options: MeasureOptions = {}): number | null {
	return ofTopology(surface, options, (of) => smad(of));
}

function ofTopology(surface: Surface, options: MeasureOptions, measure: (topology: Topology) => number): number | null {
	const field = fieldOf(surface, options);
	const onGrid = field.values.subarray(0, gridPoints(surface.grid));
	const known = onGrid.filter((value, point) => surface.done[point] === 1 && !Number.isNaN(value));
	if (known.length === 0 || known.includes(Number.NEGATIVE_INFINITY)) return null;
	return measure(topology(surface, { field: field.name }));
}
