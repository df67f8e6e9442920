import { marginsOf } from "../../measure/margin.js";
import type { FieldSpec } from "../../surface/field.js";
import type { Surface } from "../../surface/surface.js";
import { isolines } from "../isolines.js";
import { type LegendEntry, legendSymbol } from "./figure.js";
import type { Frame } from "./frame.js";
import { spacing } from "./frame.js";
import { type Heights, heightsOf, refinedHeights } from "./interpolation.js";
import { fieldScale, percentScale, type ScaleName, type Tick, type ValueScale } from "./scale.js";
import { round } from "./text.js";
import { type DrawnField, finiteValues, isPercentage } from "./values.js";

/** How dark a band is beside its line: bands of neighbouring levels may lie over each other. */
const OPACITY = 0.22;

/** Below all that is on a scale: what has no value, and a ring around the plane, so that every band is closed. */
const BELOW = -1e6;

/** The margins of error of a field of a surface as it is drawn, in per cent where it is; null without any. */
export function drawnMargins(surface: Surface, of: DrawnField): Float64Array | null {
	const margins = marginsOf(surface, of.spec.name)?.subarray(0, of.values.length);
	if (margins === undefined || !margins.some((margin) => margin > 0)) return null;
	return isPercentage(of.spec) ? margins.map((margin) => 100 * margin) : margins;
}

/** A field, and its margins where it has any. */
export interface WithMargins {
	readonly of: DrawnField;
	readonly margins: Float64Array | null;
}

/** The scale of a field in one or several surfaces with room for margins, of the kind that there would be without. */
export function scaleWithMargins(spec: FieldSpec, drawn: readonly WithMargins[], asked?: ScaleName): ValueScale {
	const held = (kind: ValueScale["kind"]) => drawn.flatMap((each) => [...valuesWithMargins(each, kind)]);
	if (isPercentage(spec)) return percentScale(held("linear"));
	const plain = drawn.flatMap(({ of }) => [...finiteValues(of)]);
	const scale = fieldScale(spec, plain, asked);
	return drawn.some(({ margins }) => margins !== null) ? fieldScale(spec, held(scale.kind), scale.kind) : scale;
}

/**
 * What a scale is made from that is to hold bands too: the values, and the ends of their intervals, as far as there can be such a loss or
 * share. A scale of logarithms reaches no farther down than to half of its lowest value: an interval may come near 0.
 */
function valuesWithMargins({ of, margins }: WithMargins, kind: ValueScale["kind"]): Float64Array {
	const values = finiteValues(of);
	if (margins === null) return values;
	const lowest = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
	const least = lowest <= 0 ? Number.NEGATIVE_INFINITY : kind === "linear" ? 0 : lowest / 2;
	const [low, high] = isPercentage(of.spec) ? [0, 100] : [least, Number.POSITIVE_INFINITY];
	const ends = Array.from(of.values, (value, i) => [value - (margins[i] ?? 0), value + (margins[i] ?? 0)]).flat();
	const possible = ends.filter(Number.isFinite).map((end) => Math.min(high, Math.max(low, end)));
	return Float64Array.from([...values, ...possible]);
}

/** A plane whose lines have bands. */
interface Banded {
	readonly of: DrawnField;
	readonly margins: Float64Array;
	readonly scale: ValueScale;
	/** Places between two points, across and down. */
	readonly steps: readonly [number, number];
}

/**
 * The band around each line in which its level lies within the margins of error: between the lines of that level of the values less
 * their margins and of the values with them. Where bands would lie over each other, some lines alone have theirs.
 */
export function drawMarginBands(
	banded: Banded,
	frame: Frame,
	levels: readonly Tick[],
	colour: (position: number) => string,
): string {
	const [low, high] = [edge(banded, -1), edge(banded, 1)];
	return clearOfEachOther(banded, levels)
		.map(({ position }) => {
			// What is above the level even less its margin is left out of what may be above it: even and odd.
			const data = [high, low].flatMap((heights) => ringsAt(heights, position, banded, frame)).join("");
			if (data === "") return "";
			return `<path d="${data}" fill="${colour(position)}" fill-opacity="${OPACITY}" fill-rule="evenodd"/>`;
		})
		.filter((part) => part !== "")
		.join("\n");
}

/** Of levels in rising order those whose bands, by what intervals are near each, begin where that of the one before has ended. */
function clearOfEachOther(banded: Banded, levels: readonly Tick[]): Tick[] {
	const chosen: Tick[] = [];
	let end = Number.NEGATIVE_INFINITY;
	for (const level of levels) {
		if (level.position - reachNear(banded, level.position, -1) < end) continue;
		chosen.push(level);
		end = level.position + reachNear(banded, level.position, 1);
	}
	return chosen;
}

/** How far intervals go on the scale, up or down: the median over the twentieth of the points that are the nearest to a position. */
function reachNear({ of, margins, scale }: Banded, position: number, sign: 1 | -1): number {
	const near = Array.from(of.values, (value, i) => ({ at: onScale(scale, value), value, margin: margins[i] ?? 0 }))
		.filter(({ value }) => Number.isFinite(value))
		.sort((a, b) => Math.abs(a.at - position) - Math.abs(b.at - position));
	const few = near.slice(0, Math.max(4, Math.ceil(near.length / 20)));
	const reaches = few.map(({ at, value, margin }) => Math.abs(onScale(scale, value + sign * margin) - at));
	reaches.sort((a, b) => a - b);
	return reaches[reaches.length >> 1] ?? 0;
}

/** One end of all intervals, as heights with a ring around them. */
function edge({ of, margins, scale, steps }: Banded, sign: number): Heights {
	const values = of.values.map((value, i) => value + sign * (margins[i] ?? 0));
	const {
		columns,
		rows,
		values: fine,
	} = refinedHeights(
		heightsOf({ ...of, values }, (value) => onScale(scale, value)),
		...steps,
	);
	const ringed = new Float64Array((columns + 2) * (rows + 2)).fill(BELOW);
	for (let row = 0; row < rows; row++)
		for (let column = 0; column < columns; column++) {
			const height = fine[row * columns + column] ?? Number.NaN;
			ringed[(row + 1) * (columns + 2) + column + 1] = Number.isNaN(height) ? BELOW : height;
		}
	return { columns: columns + 2, rows: rows + 2, values: ringed };
}

/** The position of a value that may lie beyond a scale, and below 0 on one of logarithms. */
function onScale({ position }: ValueScale, value: number): number {
	const at = position(value);
	return Number.isNaN(at) ? -1 : Math.min(2, Math.max(-1, at));
}

/** The closed outlines of all that is above a level, as path data. */
function ringsAt(heights: Heights, level: number, { of, steps: [across, down] }: Banded, frame: Frame): string[] {
	const [{ x, y }, columns, rows] = [of, heights.columns - 3, heights.rows - 3];
	if (y === null) return [];
	const within = (place: number, last: number) => Math.min(last, Math.max(0, place - 1));
	const toX = (column: number) => round(frame.toX(x.min + (within(column, columns) / across) * spacing(x)));
	const toY = (row: number) => round(frame.toY(y.min + (within(row, rows) / down) * spacing(y)));
	return isolines(heights, level).map((ring) => {
		let data = "";
		for (let i = 0; i + 3 < ring.length; i += 2)
			data += `${data === "" ? "M" : "L"}${toX(ring[i] ?? 0)} ${toY(ring[i + 1] ?? 0)}`;
		return `${data}z`;
	});
}

/** What bands stand for. */
export function marginLegend(colour: string): LegendEntry {
	const { width, height } = legendSymbol;
	return {
		label: "95 % interval",
		symbol: (x, y) =>
			`<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${width}" height="${height}" fill="${colour}" fill-opacity="${OPACITY}"/>` +
			`<path d="M${round(x - width / 2)} ${round(y)}h${width}" stroke="${colour}" stroke-width="1.1"/>`,
	};
}
