import { InterruptedError, WorkerError } from "../errors.js";
import type { Coordinates } from "../surface/grid.js";
import { type BatchResult, placeOf } from "../surface/surface.js";
import type { Batch, Executor, Job } from "./executor.js";

/** The values of a surface's fields at a place, in their order. */
export type EvaluateAt = (at: Coordinates) => readonly number[] | Promise<readonly number[]>;

/** Carries out work in this thread, point by point: for functions, which no other thread can be sent. */
export class HereExecutor implements Executor<EvaluateAt> {
	readonly slots = 1;

	async *run(job: Job<EvaluateAt>, batches: readonly Batch[], signal?: AbortSignal): AsyncGenerator<BatchResult> {
		for (const { first, count } of batches) {
			const values: number[] = [];
			for (let point = first; point < first + count; point++) {
				if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
				values.push(...(await valuesAt(job, point)));
			}
			yield { first, count, values: Float64Array.from(values) };
		}
	}

	async close(): Promise<void> {}
}

/** A function that fails once fails again: it is not tried anew. */
async function valuesAt(job: Job<EvaluateAt>, point: number): Promise<readonly number[]> {
	const at = placeOf(job, point);
	try {
		return await job.problem(at);
	} catch (error) {
		throw new WorkerError(`the point (${at.join(", ")})`, 1, error);
	}
}
