import { sha256 } from "../exact/digest.js";
import { nameOfSamples, type SampleParts } from "../probe/of-samples.js";
import { type Coordinates, gridPoints, regularGrid } from "../surface/grid.js";
import type { Executor } from "./executor.js";
import type { Problem } from "./problem.js";

/**
 * What each sample adds to the mean of a field, at some places of a section, by the executor of its sweep.
 *
 * @param digest of the sweep's plan
 * @param field  the loss, or a metric that is a share
 */
export async function partsOfSamples(
	executor: Executor<Problem>,
	problem: Problem,
	{
		digest,
		field,
		places,
	}: { readonly digest: string; readonly field: string; readonly places: readonly Coordinates[] },
	signal?: AbortSignal,
): Promise<SampleParts[]> {
	const grid = regularGrid({ min: 0, max: 0, steps: 1 }, null);
	const job = {
		digest: sha256("samples", digest, field, Float64Array.from(places.flat())),
		...{ grid, extras: places },
		problem: { ...problem, probes: [nameOfSamples(field)] },
	};
	const { samples } = problem.data;
	const batches = places.map((_, i) => ({ first: gridPoints(grid) + i, count: 1 }));
	const parts = new Map<number, SampleParts>();
	for await (const { first, values } of executor.run(job, batches, signal))
		parts.set(first, { sums: values.subarray(0, samples), weights: values.subarray(samples) });
	return batches.map(({ first }) => parts.get(first) ?? { sums: new Float64Array(), weights: new Float64Array() });
}
