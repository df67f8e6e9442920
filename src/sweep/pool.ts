import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { InterruptedError, WorkerError } from "../errors.js";
import type { Evaluation } from "../model/evaluate.js";
import type { SweepMemory } from "./memory.js";
import type { Segment } from "./plan.js";

/** What a worker is asked: the points of a segment, written into shared memory; or the value at the origin, sent back. */
export type Task = Segment | "origin";

/** What is given back as it finishes. */
export type Finished = Segment | { readonly origin: Evaluation };

export interface PoolOptions {
	readonly threads: number;
	/** Stops the work: nothing more is started, workers end at once. */
	readonly signal?: AbortSignal | undefined;
	/** The Piscina entry; tests give their own. */
	readonly worker?: URL;
}

/** A task that fails, or whose worker dies, is tried this many times in all. */
const MAX_TRIES = 3;

const evaluationWorker = new URL("../../workers/evaluate.js", import.meta.url);

/**
 * Carries out tasks on a pool of workers and yields each as it finishes, in the order in which they finish.
 *
 * @throws {WorkerError} when a task has failed on every try
 * @throws {InterruptedError} when the signal stops the work
 */
export async function* runTasks(
	tasks: readonly Task[],
	memory: SweepMemory,
	{ threads, signal, worker = evaluationWorker }: PoolOptions,
): AsyncGenerator<Finished> {
	if (tasks.length === 0) return;
	const size = Math.min(threads, tasks.length);
	const pool = new Piscina<Task, Finished>({
		filename: fileURLToPath(worker),
		minThreads: size,
		maxThreads: size,
		workerData: memory,
	});
	const results = new Channel<Finished>();
	const closing = new AbortController();
	const abort = () => results.fail(new InterruptedError());
	if (signal?.aborted) abort();
	signal?.addEventListener("abort", abort);
	try {
		for (const task of tasks) runWithRetries(pool, task, closing.signal).then(results.send, results.fail);
		for (let left = tasks.length; left > 0; left--) yield await results.receive();
	} finally {
		signal?.removeEventListener("abort", abort);
		closing.abort();
		await pool.destroy();
	}
}

/** A closing pool rejects what is under way; that is no failure of the task, and trying again would start new workers. */
async function runWithRetries(pool: Piscina<Task, Finished>, task: Task, closing: AbortSignal): Promise<Finished> {
	for (let tries = 1; ; tries++) {
		try {
			return await pool.run(task);
		} catch (error) {
			if (closing.aborted) throw error;
			if (tries === MAX_TRIES)
				throw new WorkerError(task === "origin" ? "the origin" : `row ${task.row}`, tries, error);
		}
	}
}

/** Values sent in any order, received one by one; a failure is received before anything sent. */
class Channel<T> {
	readonly #sent: T[] = [];
	#failure: unknown;
	#wake: () => void = () => undefined;

	readonly send = (value: T): void => {
		this.#sent.push(value);
		this.#wake();
	};

	readonly fail = (error: unknown): void => {
		this.#failure ??= error;
		this.#wake();
	};

	async receive(): Promise<T> {
		for (;;) {
			if (this.#failure !== undefined) throw this.#failure;
			const value = this.#sent.shift();
			if (value !== undefined) return value;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}
}
