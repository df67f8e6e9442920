import { type Basin, deepestBasin } from "./basin.js";
import { scaleOver, type Tick, type ValueScale } from "./scale.js";
import { formatNumber, linearTicks, type TickValue } from "./ticks.js";
import type { DrawnField } from "./values.js";

/** About so many lines a plane. */
const USUAL = 12;
/** With fewer closed lines around it a minimum is not seen as one. */
const LEAST_RINGS = 4;
/** A basin that takes a smaller share of the scale is a dent, and lines at its levels would say too much of it. */
const LEAST_DEPTH = 0.02;
/** More ticks than these asked for, and those that come are no longer round. */
const MOST_TICKS = 24;

/**
 * The values at which lines are drawn on a plane, in rising order: those that are named, else round ones. They are the same in its
 * heat map, its contour plot and its relief, a pure function of the values and the scale.
 *
 * Round ones are the scale's ticks. Where fewer than four of them lie within the deepest basin of a loss (see `deepestBasin`), between
 * its bottom and the level up to which it is closed, round values of that stretch stand there in their place; a basin of less than
 * a fiftieth of the scale is left as it is.
 */
export function planeLevels(of: DrawnField, scale: ValueScale, named?: readonly number[]): Tick[] {
	if (named !== undefined) return namedLevels(scale, named);
	const usual = scaleLevels(scale, USUAL);
	const basin = of.spec.unit === "loss" ? deepestBasin(of, scale.position) : null;
	if (basin === null || depth(basin, scale) < LEAST_DEPTH) return usual;
	const { bottom, rim } = basin;
	if (usual.filter(({ value }) => value > bottom && value < rim).length >= LEAST_RINGS) return usual;
	const rings = ringsIn(basin, scale);
	if (rings.length < LEAST_RINGS) return usual;
	return [
		...usual.filter(({ value }) => value <= bottom),
		...rings.map((tick) => ({ ...tick, position: scale.position(tick.value) })),
		...usual.filter(({ value }) => value >= rim),
	];
}

/** The scale's ticks that lie between its ends, about `count` of them. */
export function scaleLevels(scale: ValueScale, count: number): Tick[] {
	return scale.ticks(count).filter(({ value }) => value > scale.min && value < scale.max);
}

function namedLevels(scale: ValueScale, levels: readonly number[]): Tick[] {
	return [...new Set(levels)]
		.filter((value) => Number.isFinite(value) && value >= scale.min && value <= scale.max)
		.sort((a, b) => a - b)
		.map((value) => ({ value, label: formatNumber(value), position: scale.position(value) }));
}

function depth({ bottom, rim }: Basin, { position }: ValueScale): number {
	return position(rim) - position(bottom);
}

/** The fewest round values within a basin that are enough: 1-2-5 of each decade where they do, else evenly stepped. */
function ringsIn({ bottom, rim }: Basin, { kind }: ValueScale): TickValue[] {
	const logarithmic = kind !== "linear" && bottom > 0 ? [scaleOver("log", bottom, rim).ticks] : [];
	const evenly = (count: number) => linearTicks(bottom, rim, count);
	for (const ticks of [...logarithmic, evenly]) {
		for (let count = LEAST_RINGS; count <= MOST_TICKS; count++) {
			const inside = ticks(count).filter(({ value }) => value > bottom && value < rim);
			if (inside.length >= LEAST_RINGS) return inside;
		}
	}
	return [];
}
