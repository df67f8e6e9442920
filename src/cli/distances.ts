import { bottleneckDistance, diagramOf, largestDifference, type Surface, topology } from "../index.js";
import { gridPoints } from "../surface/index.js";

/** How far a surface is from the first of a comparison; null where that says nothing. */
export interface Distances {
	/** Of the persistence diagrams of their minima, in units of the loss, whatever their grids; never above the largest difference. */
	readonly bottleneckDistance: number | null;
	/** Of their values, where their grids agree. */
	readonly largestDifference: number | null;
}

/** The same in tables that people read. */
export const distanceLabels = [
	{ name: "bottleneckDistance", label: "bottleneck distance from the first", unit: "loss" },
	{ name: "largestDifference", label: "largest difference from the first", unit: "loss" },
] as const;

/** Of each of some surfaces; the first is not compared with itself. */
export function distancesFromFirst([first, ...others]: readonly Surface[]): Distances[] {
	if (first === undefined) return [];
	const origin = diagramFor(first);
	return [
		{ bottleneckDistance: null, largestDifference: null },
		...others.map((surface) => {
			const diagram = diagramFor(surface);
			return {
				bottleneckDistance: origin === null || diagram === null ? null : bottleneckDistance(origin, diagram),
				largestDifference:
					JSON.stringify(first.grid) === JSON.stringify(surface.grid)
						? largestDifference(valuesOf(first), valuesOf(surface))
						: null,
			};
		}),
	];
}

/** Null where there is nothing, or nothing below which something lies. */
function diagramFor(surface: Surface) {
	const values = valuesOf(surface);
	if (values.every(Number.isNaN) || values.includes(Number.NEGATIVE_INFINITY)) return null;
	return diagramOf(topology(surface));
}

/** Of the first field, which is the loss, on the grid; NaN where it is not computed. */
function valuesOf({ grid, fields, done }: Surface): Float64Array {
	const values = fields[0]?.values.subarray(0, gridPoints(grid)) ?? new Float64Array();
	return values.map((value, point) => (done[point] === 1 ? value : Number.NaN));
}
