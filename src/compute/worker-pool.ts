import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { WorkerError } from "../errors.js";

/** A task that fails, or whose worker dies, is tried this many times in all. */
const MAX_TRIES = 3;

/**
 * Worker threads that carry out tasks of one kind. They start with the first task and stay until `close`: starting them takes
 * as long as many a small sweep.
 */
export class WorkerPool<Task, Result> {
	readonly threads: number;
	readonly #entry: URL;
	readonly #workerData: unknown;
	#workers: Piscina<Task, Result> | undefined;

	/**
	 * @param entry      the module whose default export carries out a task
	 * @param workerData what every worker is given as it starts
	 */
	constructor({ threads, entry, workerData }: { threads: number; entry: URL; workerData?: unknown }) {
		this.threads = threads;
		this.#entry = entry;
		this.#workerData = workerData;
	}

	/**
	 * Carries out a task; where it fails, or its worker dies, again.
	 *
	 * @param taskFor the task, for a try counted from 1: a new worker may have to be told more
	 * @param name    how errors call the task
	 * @throws {WorkerError} when it has failed on every try
	 */
	async run(taskFor: (tries: number) => Task, name: string): Promise<Result> {
		const workers = this.#started();
		for (let tries = 1; ; tries++) {
			try {
				return await workers.run(taskFor(tries));
			} catch (error) {
				// A closing pool rejects what is under way: no failure of the task, and trying again would start new workers.
				if (workers !== this.#workers) throw error;
				if (tries === MAX_TRIES) throw new WorkerError(name, tries, error);
			}
		}
	}

	#started(): Piscina<Task, Result> {
		this.#workers ??= new Piscina({
			filename: fileURLToPath(this.#entry),
			minThreads: this.threads,
			maxThreads: this.threads,
			...(this.#workerData !== undefined && { workerData: this.#workerData }),
		});
		return this.#workers;
	}

	/** Ends the workers; the next task starts others. */
	async close(): Promise<void> {
		const workers = this.#workers;
		this.#workers = undefined;
		await workers?.destroy();
	}
}
