import { type Colormap, colormap, colourTable } from "../../render/parts/colormap.js";
import { type CutSurface, cutOff } from "../../render/parts/cut.js";
import { frameAspect, planeRanges } from "../../render/parts/frame.js";
import { type Heights, heightsBetween, heightsOf, refinedHeights } from "../../render/parts/interpolation.js";
import { planeScale, type ValueScale } from "../../render/parts/scale.js";
import { type DrawnField, drawnField, finiteValues } from "../../render/parts/values.js";
import { axisValue } from "../../surface/grid.js";
import { mainField, type Surface } from "../../surface/surface.js";
import type { Settings } from "./settings.js";

/** A field of a plane as it is drawn: the levels, the scale and the heights between the points are those of the figures. */
export interface Plane extends CutSurface {
	readonly surface: Surface;
	readonly of: DrawnField;
	readonly map: Colormap;
	/** 256 colours of the map, three bytes each. */
	readonly table: Uint8Array;
	/** Of the points, and of places between them; positions on the scale, above 1 where it is cut off. */
	readonly points: Heights;
	readonly heights: Heights;
	readonly xRange: readonly [number, number];
	readonly yRange: readonly [number, number];
	/** How long the plane is in β where it is 1 in α. */
	readonly depth: number;
}

/** Places along an axis, at most: beyond these there is nothing more to see, and drawing takes longer. */
const MOST_PLACES = 200;

/** The values that a scale is made from: those of a field that has the settings' name, else of the first. */
export function valuesOf(surface: Surface, { field }: Settings): Float64Array {
	return finiteValues(drawnField(surface, fieldIn(surface, field)));
}

/** A plane by the settings. @param values what its scale is made from */
export function planeOf(surface: Surface, settings: Settings, values: Float64Array): Plane {
	const of = drawnField(surface, fieldIn(surface, settings.field));
	const whole = planeScale(of.spec, values, settings.scale);
	const zmax = settings.cut < 1 ? valueAtPosition(whole, Math.max(0.02, settings.cut)) : undefined;
	const cut = cutOff(of, { scale: settings.scale, ...(zmax !== undefined && { zmax }) }, values);
	const points = heightsOf(of, cut.scale.position);
	const steps = (count: number) => (settings.smooth ? Math.max(1, Math.floor(MOST_PLACES / (count - 1))) : 1);
	const map = colormap(settings.colormap);
	const ranges = planeRanges(of, false);
	return {
		...{ surface, of, map, points, ...cut, ...ranges },
		table: colourTable(map),
		heights: refinedHeights(points, steps(of.columns), steps(of.rows)),
		depth: frameAspect(ranges),
	};
}

/** The field of a name; of a surface that has none of it, the first. */
export function fieldIn(surface: Surface, name: string): string {
	return surface.fields.some((field) => field.name === name) ? name : mainField(surface).name;
}

/** The value that lies at a position of a scale, found by halving; 0 to 1. */
export function valueAtPosition({ min, max, position }: ValueScale, wanted: number): number {
	let [low, high] = [min, max];
	for (let i = 0; i < 80; i++) {
		const middle = low / 2 + high / 2;
		if (position(middle) < wanted) low = middle;
		else high = middle;
	}
	return high;
}

/** The height at a place of the plane, as it is drawn there; NaN over a hole and beyond the plane. */
export function heightAt(
	{ points, xRange, yRange }: Pick<Plane, "points" | "xRange" | "yRange">,
	alpha: number,
	beta: number,
	smooth: boolean,
): number {
	const { columns, rows, values } = points;
	const [u, v] = [shareOf(alpha, xRange) * (columns - 1), shareOf(beta, yRange) * (rows - 1)];
	if (!(u >= 0 && u <= columns - 1 && v >= 0 && v <= rows - 1)) return Number.NaN;
	if (smooth) return heightsBetween(points, Float64Array.of(u), Float64Array.of(v))[0] ?? Number.NaN;
	const [column, row] = [Math.min(columns - 2, Math.floor(u)), Math.min(rows - 2, Math.floor(v))];
	const at = (c: number, r: number) => values[(row + r) * columns + column + c] ?? Number.NaN;
	const [p, q] = [u - column, v - row];
	return (at(0, 0) * (1 - p) + at(1, 0) * p) * (1 - q) + (at(0, 1) * (1 - p) + at(1, 1) * p) * q;
}

/** Which share of a range lies below a value. */
export function shareOf(value: number, [min, max]: readonly [number, number]): number {
	return (value - min) / (max - min);
}

/** The value at a share of a range. */
export function atShare(share: number, [min, max]: readonly [number, number]): number {
	return min + share * (max - min);
}

/** A point of the grid, and where it lies. */
export interface GridPoint {
	readonly column: number;
	readonly row: number;
	readonly number: number;
	readonly alpha: number;
	readonly beta: number;
}

/** The point of the grid nearest to a place. */
export function nearestPoint(plane: Plane, alpha: number, beta: number): GridPoint {
	const { of, xRange, yRange } = plane;
	return pointAtCell(
		plane,
		Math.round(shareOf(alpha, xRange) * (of.columns - 1)),
		Math.round(shareOf(beta, yRange) * (of.rows - 1)),
	);
}

/** The point in a column and a row, or in those nearest to them that there are. */
export function pointAtCell({ of }: Plane, column: number, row: number): GridPoint {
	const within = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));
	const [across, up] = [within(column, of.columns), within(row, of.rows)];
	return {
		...{ column: across, row: up, number: up * of.columns + across },
		...{ alpha: axisValue(of.x, across), beta: axisValue(of.y ?? of.x, up) },
	};
}

/** The colour of a network's own loss; beyond the scale's ends that of the end. @param unknown of a loss that is none */
export function lossColour({ map, scale }: Plane, loss: number, unknown: string): string {
	return Number.isFinite(loss) ? map(Math.min(1, Math.max(0, scale.position(loss)))) : unknown;
}

/** What an axis is called: `α`, `α, PC 1, 90.5 %`. */
export function axisName({ provenance }: Surface, axis: 0 | 1): string {
	return [["α", "β"][axis], provenance.axisLabels?.[axis]].filter((part) => part !== undefined).join(", ");
}
