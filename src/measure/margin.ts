import { studentQuantile } from "../exact/student.js";
import type { FieldSpec } from "../surface/field.js";
import { errorFieldOf, type Surface } from "../surface/surface.js";

/** How often an interval holds what it is of. */
export const CONFIDENCE = 0.95;

/**
 * By what a standard error over so many samples is multiplied for the margin of error: half of Student's 95 % interval.
 *
 * @returns NaN for a single sample
 */
export function marginFactor(samples: number): number {
	return samples < 2 ? Number.NaN : studentQuantile((1 + CONFIDENCE) / 2, samples - 1);
}

/** How many samples each point was taken over, where that differs from point to point. */
export const samplesField: FieldSpec = { name: "samples", label: "samples", unit: "none" };

/**
 * The margin of error of a field at each point, in its unit: half of the 95 % interval of that point alone. NaN where there is none;
 * null for a field without standard errors.
 */
export function marginsOf(surface: Surface, field: string): Float64Array | null {
	const errors = errorFieldOf(surface, field);
	if (errors === undefined) return null;
	const counts = surface.fields.find(({ name }) => name === samplesField.name)?.values;
	const all = Number(surface.provenance.plan.samples);
	const factors = new Map<number, number>();
	return errors.values.map((error, point) => {
		const samples = counts?.[point] ?? all;
		const factor = factors.get(samples) ?? marginFactor(samples);
		factors.set(samples, factor);
		return factor * error;
	});
}
