import { isMean } from "../probe/index.js";
import { finiteFactor, standardErrorOf } from "../probe/standard-error.js";
import { pointNumber } from "../surface/grid.js";
import { errorFieldOf, extrema, originPoint, placeOf, type Surface, valueAt } from "../surface/surface.js";
import type { Executor } from "../sweep/executor.js";
import { partsOfSamples } from "../sweep/of-samples.js";
import { planDigest } from "../sweep/plan.js";
import type { Problem } from "../sweep/problem.js";

/** Standard errors of a field where a summary tells its values; null where there is none, NaN where it is not finite. */
export interface FieldErrors {
	readonly origin: number | null;
	readonly min: number | null;
	readonly max: number | null;
}

/**
 * The standard errors of a finished surface's means at the origin, and where they are lowest and highest, by their fields: those of
 * the surface where it has any, else by evaluating these few points again, sample by sample. None with statistics of the batch, where
 * no sample is judged alone, and none of a single sample.
 *
 * @throws {WorkerError | InterruptedError} as the executor does
 */
export async function errorsAtExtremes(
	executor: Executor<Problem>,
	problem: Problem,
	surface: Surface,
	signal?: AbortSignal,
): Promise<Readonly<Record<string, FieldErrors>>> {
	if (problem.batchNorm === "batch" || problem.data.samples < 2) return {};
	const told = surface.fields
		.filter(({ name }) => isMean(name))
		.map(({ name }) => ({ name, places: placesOf(surface, name) }));
	const lacking = told.filter(({ name }) => errorFieldOf(surface, name) === undefined);
	const points = [...new Set(lacking.flatMap(({ places }) => Object.values(places)))].filter((point) => point >= 0);
	const fields = lacking.map(({ name }) => name);
	const wanted = {
		digest: planDigest(surface.provenance.plan),
		fields,
		places: points.map((point) => placeOf(surface, point)),
	};
	const parts = points.length === 0 ? [] : await partsOfSamples(executor, problem, wanted, signal);
	const factor = finiteFactor(problem.data.samples, problem.population);
	return Object.fromEntries(
		told.map(({ name, places }) => {
			const errorAt = (point: number): number | null => {
				if (point < 0) return null;
				const kept = errorFieldOf(surface, name);
				if (kept !== undefined) return valueAt(surface, kept, point);
				const part = parts[points.indexOf(point)]?.[fields.indexOf(name)];
				const error = part === undefined ? null : standardErrorOf([part], [1]);
				return error === null ? null : factor * error;
			};
			const { origin, min, max } = places;
			return [name, { origin: errorAt(origin), min: errorAt(min), max: errorAt(max) }];
		}),
	);
}

/** The points at which a summary tells a field's values; -1 where there is none. */
function placesOf(surface: Surface, field: string): Readonly<Record<keyof FieldErrors, number>> {
	const found = extrema(surface, field);
	const isPlane = surface.grid.axes.length > 1;
	const numberOf = ({ alpha, beta }: { readonly alpha: number; readonly beta: number }) =>
		pointNumber(surface.grid, isPlane ? [alpha, beta] : [alpha]);
	return {
		origin: originPoint(surface),
		min: found === null ? -1 : numberOf(found.min),
		max: found === null ? -1 : numberOf(found.max),
	};
}
