import { log } from "../exact/index.js";
import {
	convexityShare,
	halfWidth,
	type MeasureOptions,
	originValue,
	planeSharpness,
	roughness,
} from "../measure/index.js";
import { axesOf, axisValues, coordinatesOf, mainField, type Surface } from "../surface/index.js";
import type { BorneOut } from "./figure.js";

/** How far the box reaches in which the rise of the loss is taken, as a share of the axes: a grid of 9 points has one there. */
const BOX = 0.25;

const axes = ["x", "y"] as const;

/** What several planes around one network measure; each list has a value for every plane that determines it. */
export interface Shape {
	/** Half-widths along both directions of every plane: to twice the network's own loss, and to a level common to several. */
	readonly widths: Widths;
	readonly commonWidths: Widths;
	/** The losses at the origin. */
	readonly losses: readonly number[];
	/** The largest rise within a quarter of the axes, in per cent of 1 + loss at the origin. */
	readonly rises: readonly number[];
	readonly convexity: readonly number[];
	/**
	 * Total variation of the slope of log₁₀ of the loss, in decades a step: the roughness of what the pictures draw. That of the
	 * loss itself is the corners', which lie decades above all the rest.
	 */
	readonly roughness: readonly number[];
}

/** Half-widths; where the loss doesn't reach the level within the grid, the grid's end. */
export interface Widths {
	readonly values: readonly number[];
	/** How many of them are the grid's end, a lower bound. */
	readonly open: number;
}

/** @param level see `commonLevel` */
export function shapeOf(planes: readonly Surface[], level: number): Shape {
	const known = (of: (surface: Surface) => number | null) =>
		planes.map(of).filter((value) => value !== null && Number.isFinite(value)) as number[];
	return {
		widths: widthsOf(planes),
		commonWidths: widthsOf(planes, { level }),
		losses: known((surface) => originValue(surface)),
		rises: known((surface) => planeSharpness(surface, { epsilon: BOX * axesOf(surface.grid).x.max })),
		convexity: known(convexityShare),
		roughness: known((surface) => roughness(ofLogarithm(surface))),
	};
}

/** The surface with the logarithm of its loss, to base 10, in place of the loss. */
function ofLogarithm(surface: Surface): Surface {
	const main = mainField(surface);
	const values = main.values.map((loss) => log(loss) / Math.LN10);
	return { ...surface, fields: surface.fields.map((field) => (field === main ? { ...field, values } : field)) };
}

function widthsOf(planes: readonly Surface[], options: MeasureOptions = {}): Widths {
	const found = axes.flatMap((axis) =>
		planes.map((surface) => ({
			width: halfWidth(surface, axis, options),
			end: axesOf(surface.grid)[axis]?.max ?? Number.NaN,
		})),
	);
	return {
		values: found.map(({ width, end }) => width ?? end),
		open: found.filter(({ width }) => width === null).length,
	};
}

/** Twice the highest of the losses at the origin: a level that each of several networks has still to rise to. */
export function commonLevel(planes: readonly Surface[]): number {
	return 2 * Math.max(...planes.map((surface) => originValue(surface) ?? Number.NEGATIVE_INFINITY));
}

export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Whether values are above others: `yes` where all of the first are above all of the second, `partly` where only their
 * mean is, which another choice of directions may turn round, and `no` where not even that.
 */
export function above(first: readonly number[], second: readonly number[]): BorneOut {
	if (first.length === 0 || second.length === 0) return "no";
	if (Math.min(...first) > Math.max(...second)) return "yes";
	return mean(first) > mean(second) ? "partly" : "no";
}

/**
 * Whether a minimum is wider than another by both half-widths: that to twice the own loss favours the network with the higher
 * loss, that to a common level the one with the lower, so that only where they agree the width is what they tell.
 */
export function wider(first: Shape, second: Shape): BorneOut {
	return together(
		above(first.widths.values, second.widths.values),
		above(first.commonWidths.values, second.commonWidths.values),
	);
}

/** What several verdicts on one claim come to: theirs where they agree, `open` where none bears it out and one can't say, else `partly`. */
export function together(...verdicts: readonly BorneOut[]): BorneOut {
	const [first = "no"] = verdicts;
	if (verdicts.every((verdict) => verdict === first)) return first;
	return verdicts.every((verdict) => verdict === "no" || verdict === "open") ? "open" : "partly";
}

/**
 * Of a line from α = 0 to 1: the sum of its rises and that of its falls, each over the steps between neighbouring points.
 * A monotone descent has no rises.
 */
export function descent(line: Surface): { readonly rises: number; readonly falls: number } {
	let [rises, falls] = [0, 0];
	const losses = mainField(line).values;
	const alphas = axisValues(axesOf(line.grid).x);
	for (let i = 1; i < alphas.length; i++) {
		if ((alphas[i - 1] ?? -1) < 0 || (alphas[i] ?? 2) > 1) continue;
		const step = (losses[i] ?? Number.NaN) - (losses[i - 1] ?? Number.NaN);
		if (step > 0) rises += step;
		else falls -= step;
	}
	return { rises, falls };
}

/** Of a line: the mean rise of the loss at `distance` to both sides of an α; NaN where the grid lacks one of the points. */
export function riseAround(line: Surface, alpha: number, distance: number): number {
	const { x } = axesOf(line.grid);
	const losses = mainField(line).values;
	const step = (x.max - x.min) / (x.steps - 1);
	const at = (place: number) => {
		const index = (place - x.min) / step;
		return Math.abs(index - Math.round(index)) < 1e-6 ? (losses[Math.round(index)] ?? Number.NaN) : Number.NaN;
	};
	return (at(alpha - distance) + at(alpha + distance)) / 2 - at(alpha);
}

/**
 * Of a plane: how often steeper the outer half is than the inner one, (L(R) − L(R/2)) / (L(R/2) − L(0)), where L(r) is the
 * mean loss over the grid's points on the square of half-side r. 3 for a paraboloid, 15 for a fourth power, 1 for a cone.
 */
export function steepening(plane: Surface): number {
	const half = axesOf(plane.grid).x.max / 2;
	const [outer, inner] = [meanOnSquare(plane, 2 * half), meanOnSquare(plane, half)];
	return (outer - inner) / (inner - (originValue(plane) ?? Number.NaN));
}

function meanOnSquare(plane: Surface, radius: number): number {
	const values = mainField(plane).values.filter((value, point) => {
		const distance = Math.max(...coordinatesOf(plane.grid, point).map(Math.abs));
		return Math.abs(distance - radius) <= 1e-9 * radius && Number.isFinite(value);
	});
	return mean([...values]);
}

/** Of two surfaces over the same axes: |a − b| / max(a, b) at every point where both are finite, in order of size. */
export function relativeDifferences(a: Surface, b: Surface): readonly number[] {
	const others = mainField(b).values;
	return Array.from(mainField(a).values, (value, i) => {
		const other = others[i] ?? Number.NaN;
		return value === other ? 0 : Math.abs(value - other) / Math.max(Math.abs(value), Math.abs(other));
	})
		.filter(Number.isFinite)
		.sort((x, y) => x - y);
}

/** The middle one of values in order; NaN of none. */
export function median(ordered: readonly number[]): number {
	return ordered[Math.floor(ordered.length / 2)] ?? Number.NaN;
}
