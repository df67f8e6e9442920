import type { BarrierEstimate, Connection } from "../run/connection.js";
import type { Unit } from "../surface/field.js";
import { axesOf, axisValue } from "../surface/grid.js";
import type { Surface } from "../surface/surface.js";

/** A line that has been measured on a part of the data. */
export interface MeasuredLine {
	readonly way: "curve" | "line";
	readonly part: "train" | "test";
	/** By which statistics of batch normalisation: those that go along, or measured anew at every place; null without any. */
	readonly rule: "running" | "reestimate" | null;
	/** Of one axis, t from 0 to 1. */
	readonly surface: Surface;
	readonly connection: Connection | null;
}

/** The curve, or the straight line beside it. */
export type Way = MeasuredLine["way"];

export type Rule = MeasuredLine["rule"];

/** One field along one line, in numbers. */
export interface LineSummary extends Pick<MeasuredLine, "way" | "part" | "rule"> {
	readonly field: string;
	readonly unit: Unit;
	/** At the ends. */
	readonly start: number;
	readonly end: number;
	readonly min: number;
	readonly max: number;
	/** Over t, by the trapezoidal rule. */
	readonly mean: number;
	/** Over the length, likewise: each piece counts as long as it is. */
	readonly lengthMean: number;
	/** How far it rises above the straight line between its ends (of an accuracy: falls below), and the standard error of that. */
	readonly barrier: BarrierEstimate | null;
}

/**
 * Numbers of every field of a line.
 *
 * @param distance between two places of it, straight
 */
export function summarize(line: MeasuredLine, distance: (s: number, t: number) => number): LineSummary[] {
	const { way, part, rule, surface, connection } = line;
	const { x } = axesOf(surface.grid);
	const lengths = Array.from({ length: x.steps - 1 }, (_, i) => distance(axisValue(x, i), axisValue(x, i + 1)));
	return surface.fields.map(({ name, unit, values }) => {
		const along = values.subarray(0, x.steps);
		const estimate = name === "loss" ? connection?.loss : connection?.error;
		return {
			...{ way, part, rule, unit, field: name },
			start: along[0] ?? Number.NaN,
			end: along.at(-1) ?? Number.NaN,
			// A NaN on the way is the answer: such a line has neither lowest nor highest value.
			min: Math.min(...along),
			max: Math.max(...along),
			mean: weightedMean(
				along,
				lengths.map(() => 1),
			),
			lengthMean: weightedMean(along, lengths),
			barrier: estimate ?? null,
		};
	});
}

/** ½ Σ (fᵢ + fᵢ₊₁) Δᵢ / Σ Δᵢ */
function weightedMean(values: Float64Array, pieces: readonly number[]): number {
	let [sum, all] = [0, 0];
	for (const [i, piece] of pieces.entries()) {
		sum += (((values[i] ?? Number.NaN) + (values[i + 1] ?? Number.NaN)) / 2) * piece;
		all += piece;
	}
	return sum / all;
}
