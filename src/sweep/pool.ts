import { WorkerPool } from "../compute/worker-pool.js";
import { InterruptedError, OptionError } from "../errors.js";
import type { BatchResult } from "../surface/surface.js";
import { Channel } from "./channel.js";
import type { Batch, Executor, Job } from "./executor.js";
import { nameOfBatch, type SharedWork, shareWork, type Work } from "./work.js";

/** What a worker gets: a batch of a job, by its digest; the job itself only where the worker may not have it yet. */
export interface Assignment {
	readonly digest: string;
	readonly batch: Batch;
	readonly job?: Job<SharedWork>;
}

/** The values; null where the worker does not have the job, which it is then sent. */
export type Answer = BatchResult | null;

export interface PoolOptions {
	/** How many workers. */
	readonly threads: number;
	/** The workers' module; tests give their own. */
	readonly entry?: URL;
}

const evaluationWorker = new URL("../../workers/evaluate.js", import.meta.url);

/**
 * Worker threads that evaluate sweeps, one after another. Who makes several sweeps passes one pool to all of them. A job
 * travels to each worker once; parameters, directions and data stay in memory that all threads share.
 */
export class PoolExecutor implements Executor<Work> {
	readonly slots: number;
	readonly #workers: WorkerPool<Assignment, Answer>;

	/** @throws {OptionError} unless `threads` is a whole number from 1 */
	constructor({ threads, entry = evaluationWorker }: PoolOptions) {
		if (!Number.isSafeInteger(threads) || threads < 1)
			throw new OptionError("threads", `expected a whole number from 1, got ${threads}`);
		this.slots = threads;
		this.#workers = new WorkerPool({ threads, entry });
	}

	/** Starts the workers now rather than with the first job. */
	start(): void {
		this.#workers.start();
	}

	async *run(job: Job<Work>, batches: readonly Batch[], signal?: AbortSignal): AsyncGenerator<BatchResult> {
		if (batches.length === 0) return;
		const results = new Channel<BatchResult>();
		const abort = () => results.fail(new InterruptedError(undefined, { cause: signal?.reason }));
		if (signal?.aborted) abort();
		signal?.addEventListener("abort", abort);
		let left = batches.length;
		try {
			const shared = { ...job, problem: await shareWork(job.problem) };
			for (const [i, batch] of batches.entries())
				this.#carryOut(shared, batch, i < this.slots).then(results.send, results.fail);
			for (; left > 0; left--) yield await results.receive();
		} finally {
			signal?.removeEventListener("abort", abort);
			if (left > 0) await this.close();
		}
	}

	/** @param sendJob whether the job goes along; a worker that lacks it says so, and is sent it */
	async #carryOut(job: Job<SharedWork>, batch: Batch, sendJob: boolean): Promise<BatchResult> {
		const name = nameOfBatch(job, batch);
		const assignment = { digest: job.digest, batch };
		const taskFor = (tries: number) => (sendJob || tries > 1 ? { ...assignment, job } : assignment);
		const answer = await this.#workers.run(taskFor, name);
		return answer ?? (await this.#carryOut(job, batch, true));
	}

	/** Ends the workers; the next sweep starts others. */
	close(): Promise<void> {
		return this.#workers.close();
	}
}
