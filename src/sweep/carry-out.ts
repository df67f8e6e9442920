import { type BatchResult, record, type Surface } from "../surface/surface.js";
import type { Batch, Executor, Job } from "./executor.js";
import { firstPointsFirst, missing } from "./plan.js";

/** Where values are kept as they come, and what of them is there already. */
export interface Keeper {
	readonly surface: Surface;
	append(result: BatchResult): Promise<void>;
}

/**
 * The whole of a sweep: what the surface lacks is carried out, kept, and only then marked done.
 *
 * @returns each run of points as it is kept
 */
export function carryOut<Problem>(
	job: Job<Problem>,
	keeper: Keeper,
	executor: Executor<Problem>,
	signal?: AbortSignal,
): AsyncGenerator<BatchResult> {
	const batches = firstPointsFirst(missing(keeper.surface, executor.slots), executor.slots);
	return carryOutBatches(job, batches, keeper, executor, signal);
}

/** The same of some runs of points. */
export async function* carryOutBatches<Problem>(
	job: Job<Problem>,
	batches: readonly Batch[],
	keeper: Keeper,
	executor: Executor<Problem>,
	signal?: AbortSignal,
): AsyncGenerator<BatchResult> {
	if (batches.length === 0) return;
	for await (const result of executor.run(job, batches, signal)) {
		await keeper.append(result);
		record(keeper.surface, result);
		yield result;
	}
}
