import { OptionError } from "../../errors.js";
import { log } from "../../exact/elementary.js";
import type { FieldSpec } from "../../surface/field.js";
import { formatNumber, linearTicks, logTicks, symlogTicks, type TickValue } from "./ticks.js";

export const scaleNames = ["auto", "linear", "log", "symlog"] as const;
export type ScaleName = (typeof scaleNames)[number];
export type ScaleKind = Exclude<ScaleName, "auto">;

/** A labelled value and where it falls between the scale's ends. */
export interface Tick extends TickValue {
	/** 0 at the scale's lower end, 1 at its upper. */
	readonly position: number;
}

/** How values become positions on an axis or a colour bar. */
export interface ValueScale {
	readonly kind: ScaleKind;
	/** The ends; finite, min < max. */
	readonly min: number;
	readonly max: number;
	/** Never decreasing; 0 at `min`, 1 at `max`. Finite for every value the scale was made from. */
	readonly position: (value: number) => number;
	/** Round values, about `count` of them, in rising order. */
	readonly ticks: (count: number) => Tick[];
}

/** Above three decades between the smallest and the largest value, a linear scale shows only the largest. */
const autoSpan = 1000;
/** And on a plane, where colours are told apart less finely than heights, hides the basin, above about one and a half. */
const planeSpan = 30;

/**
 * A scale over the finite ones of some values.
 *
 * `auto` is linear up to three decades; beyond, log where all values are above 0, else symlog. For values with zeros or
 * both signs the decades count from the 5 % quantile of the magnitudes above 0, so that a single value near 0 does not decide.
 * symlog is sign(v)·log₁₀(1 + |v|/c), with that quantile's power of ten for c (Webber 2013, "A bi-symmetric log
 * transformation for wide-range data").
 *
 * No finite value at all gives a linear scale from 0 to 1; values all equal, a range around them.
 *
 * @param span the largest value over the smallest, both above 0, up to which `auto` is linear
 * @throws {OptionError} for a name that is none, and for `log` over values not above 0
 */
export function valueScale(values: Iterable<number>, name: ScaleName = "auto", span = autoSpan): ValueScale {
	if (!scaleNames.includes(name)) throw new OptionError("scale", `expected ${scaleNames.join(", ")}, got "${name}"`);
	const finite = Float64Array.from(values).filter(Number.isFinite).sort();
	const [min, max] = [finite.at(0), finite.at(-1)];
	if (min === undefined || max === undefined) return scaleOver("linear", 0, 1);
	const magnitudes = finite
		.map(Math.abs)
		.filter((size) => size > 0)
		.sort();
	const small = magnitudes[Math.floor(magnitudes.length * 0.05)] ?? 1;
	const large = magnitudes.at(-1) ?? 1;
	const linear = min > 0 ? max / min <= span : large / small <= autoSpan;
	const kind = name !== "auto" ? name : linear ? "linear" : min > 0 ? "log" : "symlog";
	return scaleOver(kind, min, max, small);
}

/** The scale that suits a field: what is asked for where it is in units of the loss or its derivatives, else a linear one. */
export function fieldScale({ unit }: Pick<FieldSpec, "unit">, values: Iterable<number>, asked?: ScaleName): ValueScale {
	return valueScale(values, hasWideRange(unit) ? asked : "linear");
}

/** The same for the colours of a plane, logarithmic from about one and a half decades of values above 0. */
export function planeScale({ unit }: Pick<FieldSpec, "unit">, values: Iterable<number>, asked?: ScaleName): ValueScale {
	return valueScale(values, hasWideRange(unit) ? asked : "linear", planeSpan);
}

function hasWideRange(unit: FieldSpec["unit"]): boolean {
	return unit === "loss" || unit === "derivative";
}

/** For the losses of a training, which fall fast and then slowly: beyond a decade the later part needs the logarithm to be seen. */
export function lossScaleOver(losses: readonly number[]): ValueScale {
	const finite = losses.filter(Number.isFinite);
	const [min, max] = [Math.min(...finite), Math.max(...finite)];
	return valueScale(losses, min > 0 && max / min > 10 ? "log" : "auto");
}

/** For shares in per cent: up to 100, and from as high as all of them allow, for 97 and 99 % to be told apart. */
export function percentScale(values: Iterable<number>): ValueScale {
	const lowest = [...values].filter(Number.isFinite).reduce((least, value) => Math.min(least, value), 100);
	const from = [98, 95, 90, 80, 50].find((floor) => lowest >= floor + (100 - floor) / 10) ?? 0;
	return scaleOver("linear", from, 100);
}

/**
 * A scale between two ends, widened where they are equal.
 *
 * @param small for symlog: the magnitude, rounded down to a power of ten, below which the scale is all but linear
 * @throws {OptionError} for `log` with an end not above 0
 */
export function scaleOver(kind: ScaleKind, from: number, to: number, small = 1): ValueScale {
	if (kind === "log" && from <= 0) {
		throw new OptionError("scale", `log needs values above 0, the lowest here is ${formatNumber(from)}; use symlog`);
	}
	const [min, max] = from < to ? [from, to] : around(from);
	const constant = Math.max(
		Number(`1e${Math.floor(Math.log10(small))}`),
		Number.MIN_VALUE,
		max * 1e-300,
		-min * 1e-300,
	);
	const size = Math.max(Math.abs(min), Math.abs(max));
	const transforms = {
		// Divided first, so that ranges up to ±1.8e308 do not overflow.
		linear: (value: number) => value / size,
		// To whatever base: positions are shares of a difference of logarithms.
		log,
		symlog: (value: number) => Math.sign(value) * log(1 + Math.abs(value) / constant),
	};
	// Two neighbouring doubles can have one logarithm.
	const transform = transforms[kind](min) < transforms[kind](max) ? transforms[kind] : transforms.linear;
	const [low, high] = [transform(min), transform(max)];
	const position = (value: number) => (transform(value) - low) / (high - low);
	const ticks = (count: number): Tick[] => {
		const values =
			kind === "log"
				? logTicks(min, max, count)
				: kind === "symlog"
					? symlogTicks(min, max, constant, count)
					: linearTicks(min, max, count);
		return values.map((tick) => ({ ...tick, position: position(tick.value) }));
	};
	return { kind, min, max, position, ticks };
}

/** A name with the scale's after it, unless that is linear and goes without saying. */
export function withScale(label: string, { kind }: ValueScale): string {
	return kind === "linear" ? label : `${label} (${kind} scale)`;
}

/** A range with the value inside: half of it to either side, 0.5 around 0; whole and above 0 for values above 0. */
function around(value: number): [number, number] {
	const margin = value === 0 ? 0.5 : Math.max(Math.abs(value) / 2, Number.MIN_VALUE);
	const low = Math.max(value - margin, -Number.MAX_VALUE);
	return [value > 0 ? Math.max(low, Number.MIN_VALUE) : low, Math.min(value + margin, Number.MAX_VALUE)];
}
