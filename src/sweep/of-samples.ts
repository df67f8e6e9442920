import { sha256 } from "../exact/digest.js";
import { nameOfSamples, type SampleParts } from "../probe/of-samples.js";
import { type Coordinates, gridPoints, regularGrid } from "../surface/grid.js";
import type { Executor } from "./executor.js";
import type { Problem } from "./problem.js";

/**
 * What each sample adds to the means of some fields, at some places of a section, by the executor of its sweep.
 *
 * @param digest of the sweep's plan
 * @param fields the loss, or metrics that are shares
 * @returns place by place, and for each the fields in order
 */
export async function partsOfSamples(
	executor: Executor<Problem>,
	problem: Problem,
	{
		digest,
		fields,
		places,
	}: { readonly digest: string; readonly fields: readonly string[]; readonly places: readonly Coordinates[] },
	signal?: AbortSignal,
): Promise<SampleParts[][]> {
	const grid = regularGrid({ min: 0, max: 0, steps: 1 }, null);
	const job = {
		digest: sha256("samples", digest, ...fields, Float64Array.from(places.flat())),
		...{ grid, extras: places },
		problem: { ...problem, probes: fields.map(nameOfSamples) },
	};
	const { samples } = problem.data;
	const batches = places.map((_, i) => ({ first: gridPoints(grid) + i, count: 1 }));
	const found = new Map<number, SampleParts[]>();
	for await (const { first, values } of executor.run(job, batches, signal)) {
		const part = (number: number) => values.subarray(number * samples, (number + 1) * samples);
		found.set(
			first,
			fields.map((_, i) => ({ sums: part(2 * i), weights: part(2 * i + 1) })),
		);
	}
	return batches.map(({ first }) => found.get(first) ?? []);
}
