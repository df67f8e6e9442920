import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Evaluation } from "../compute/evaluator.js";
import { InterruptedError, OptionError, WorkerError } from "../errors.js";
import type { SweepMemory } from "./memory.js";
import type { Segment } from "./plan.js";

/** What a worker is asked: the points of a segment, written into shared memory; or the value at the origin, sent back. */
export type Task = Segment | "origin";

/** What is given back as it finishes. */
export type Finished = Segment | { readonly origin: Evaluation };

/** What a worker gets: a task, and the sweep it belongs to. */
export interface Assignment {
	readonly memory: SweepMemory;
	readonly task: Task;
}

export interface SweepPoolOptions {
	readonly threads: number;
	/** The Piscina entry; tests give their own. */
	readonly worker?: URL | undefined;
}

/** A task that fails, or whose worker dies, is tried this many times in all. */
const MAX_TRIES = 3;

const evaluationWorker = new URL("../../workers/evaluate.js", import.meta.url);

/**
 * Workers that evaluate sweeps, one after another. They start with the first sweep and stay until `close`: starting them
 * takes as long as many a small sweep, so who makes several passes one pool to all of them.
 */
export class SweepPool {
	readonly threads: number;
	readonly #filename: string;
	#workers: Piscina<Assignment, Finished> | undefined;

	/** @throws {OptionError} unless `threads` is a whole number from 1 */
	constructor({ threads, worker = evaluationWorker }: SweepPoolOptions) {
		if (!Number.isSafeInteger(threads) || threads < 1)
			throw new OptionError("threads", `expected a whole number from 1, got ${threads}`);
		this.threads = threads;
		this.#filename = fileURLToPath(worker);
	}

	/**
	 * Carries out tasks and yields each as it finishes, in the order in which they finish. Where it ends before all are done,
	 * by an error or because nobody wants more, the workers end at once; the next call starts others.
	 *
	 * @param signal stops the work
	 * @throws {WorkerError} when a task has failed on every try
	 * @throws {InterruptedError} when the signal stops the work
	 */
	async *run(tasks: readonly Task[], memory: SweepMemory, signal?: AbortSignal): AsyncGenerator<Finished> {
		if (tasks.length === 0) return;
		const results = new Channel<Finished>();
		const closing = new AbortController();
		const abort = () => results.fail(new InterruptedError());
		if (signal?.aborted) abort();
		signal?.addEventListener("abort", abort);
		let left = tasks.length;
		try {
			const workers = this.#started();
			for (const task of tasks)
				runWithRetries(workers, { memory, task }, closing.signal).then(results.send, results.fail);
			for (; left > 0; left--) yield await results.receive();
		} finally {
			signal?.removeEventListener("abort", abort);
			closing.abort();
			if (left > 0) await this.close();
		}
	}

	#started(): Piscina<Assignment, Finished> {
		this.#workers ??= new Piscina({ filename: this.#filename, minThreads: this.threads, maxThreads: this.threads });
		return this.#workers;
	}

	/** Ends the workers. */
	async close(): Promise<void> {
		const workers = this.#workers;
		this.#workers = undefined;
		await workers?.destroy();
	}
}

/** A closing pool rejects what is under way; that is no failure of the task, and trying again would start new workers. */
async function runWithRetries(
	workers: Piscina<Assignment, Finished>,
	assignment: Assignment,
	closing: AbortSignal,
): Promise<Finished> {
	const { task } = assignment;
	for (let tries = 1; ; tries++) {
		try {
			return await workers.run(assignment);
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
