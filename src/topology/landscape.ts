import { checkCall, isA, isNotNegative, isPerhaps, isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import type { Field } from "../surface/field.js";
import { coordinatesOf, gridPoints } from "../surface/grid.js";
import { checkSurface, fieldNamed, mainField, type Surface, valueAt } from "../surface/surface.js";
import { type Neighbours, neighboursOf, usualNeighbours } from "./neighbours.js";

/** Points and what they are joined with. */
export interface Landscape {
	/** A value a point; NaN where there is none. */
	readonly values: Float64Array;
	/** Whether a point has a value: NaN and what is not computed are holes. */
	readonly isVertex: (point: number) => boolean;
	readonly neighboursOf: (point: number) => readonly number[];
}

export interface TopologyOptions {
	/** The name of the field; the first, which is the loss, where nothing is said. */
	readonly field?: string;
	/** The persistence above which a minimum or maximum is significant, in units of the field; see `Topology.rule`. */
	readonly persistence?: number;
	/** Between how many neighbours of a point paths run: 6, along both axes and one diagonal, where nothing is said; or 4. */
	readonly neighbours?: Neighbours;
}

/** What the types say, for callers who have none. */
export function checkTopology(surface: unknown, options: TopologyOptions): asserts surface is Surface {
	checkSurface("surface", surface);
	checkCall(options, {
		field: isPerhaps(isText),
		persistence: isPerhaps(isNotNegative),
		neighbours: isPerhaps(isA("4 or 6", (value) => value === 4 || value === 6)),
	});
}

/** The field that is looked at. */
export function fieldOf(surface: Surface, { field }: TopologyOptions): Field {
	return field === undefined ? mainField(surface) : fieldNamed(surface, field);
}

/**
 * The landscape of a field on its grid.
 *
 * @throws {OptionError} for −∞, below which nothing lies, and where no point has a value
 */
export function landscapeOf(surface: Surface, options: TopologyOptions): Landscape {
	const { grid } = surface;
	const field = fieldOf(surface, options);
	const { neighbours = usualNeighbours } = options;
	const values = Float64Array.from({ length: gridPoints(grid) }, (_, point) => valueAt(surface, field, point));
	const lowest = values.indexOf(Number.NEGATIVE_INFINITY);
	if (lowest >= 0)
		throw new OptionError("field", `expected values above −∞, got −∞ at (${coordinatesOf(grid, lowest).join(", ")})`);
	const isVertex = (point: number) => !Number.isNaN(values[point] ?? Number.NaN);
	if (values.every(Number.isNaN))
		throw new OptionError("field", `expected a field with values, ${field.name} has none`);
	const around = Array.from(values.keys(), (point) => neighboursOf(grid, point, neighbours));
	return { values, isVertex, neighboursOf: (point) => around[point] ?? [] };
}
