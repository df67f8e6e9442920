import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { WorkerError } from "../errors.js";
import type { Answer, Failure } from "./worker-task.js";

/** A task whose worker dies is tried this many times in all. One that fails, fails again, and is not. */
const MAX_TRIES = 3;

/** How long a worker that is still loading is waited for before it is ended. */
const LOADING_MS = 1000;

/** Loads the module of a worker, in a way that outlives the worker's end. */
const workerEntry = new URL("../../workers/entry.cjs", import.meta.url);

interface Workers<Task, Result> {
	readonly pool: Piscina<Task, Answer<Result>>;
	/** Rejects when no worker can be started. */
	readonly broken: Promise<never>;
	/** Looks whether that is so, after an error of a worker. */
	readonly look: (error: unknown) => void;
	/** Resolves when each of the first workers has loaded its module, or has ended. */
	readonly loaded: Promise<unknown>;
}

export interface WorkerPoolOptions {
	readonly threads: number;
	readonly entry: URL;
	readonly workerData?: unknown;
	readonly tries?: number;
}

/**
 * Worker threads that carry out tasks of one kind. They start with the first task and stay until `close`: starting them takes
 * as long as many a small sweep.
 */
export class WorkerPool<Task, Result> {
	readonly threads: number;
	readonly #entry: URL;
	readonly #workerData: unknown;
	readonly #tries: number;
	#workers: Workers<Task, Result> | undefined;

	/**
	 * @param entry      the module whose default export carries out a task, made by `answering`
	 * @param workerData what every worker is given as it starts
	 * @param tries      how often a task whose worker dies is tried, in all
	 */
	constructor({ threads, entry, workerData, tries = MAX_TRIES }: WorkerPoolOptions) {
		this.threads = threads;
		this.#entry = entry;
		this.#workerData = workerData;
		this.#tries = tries;
	}

	/**
	 * Carries out a task; where its worker dies, again.
	 *
	 * @param taskFor the task, for a try counted from 1: a new worker may have to be told more
	 * @param name    how errors call the task
	 * @throws {WorkerError} when it has failed, its worker has died on every try, or no worker can be started
	 */
	async run(taskFor: (tries: number) => Task, name: string): Promise<Result> {
		const workers = this.#started();
		for (let tries = 1; ; tries++) {
			try {
				const answer = await Promise.race([workers.pool.run(taskFor(tries)), workers.broken]);
				if ("result" in answer) return answer.result;
				throw new WorkerError(name, tries, rebuilt(answer.failure));
			} catch (error) {
				// A closing pool rejects what is under way: no failure of the task, and trying again would start new workers.
				if (error instanceof WorkerError || workers !== this.#workers) throw error;
				workers.look(error);
				if (tries === this.#tries) throw new WorkerError(name, tries, error);
			}
		}
	}

	/** Starts the workers now, where they have not: they load what they need while their first task is made ready. */
	start(): void {
		this.#started();
	}

	#started(): Workers<Task, Result> {
		this.#workers ??= this.#start();
		return this.#workers;
	}

	#start(): Workers<Task, Result> {
		const pool = new Piscina<Task, Answer<Result>>({
			filename: fileURLToPath(workerEntry),
			argv: [this.#entry.href],
			minThreads: this.threads,
			maxThreads: this.threads,
			...(this.#workerData !== undefined && { workerData: this.#workerData }),
		});
		let fail: (error: WorkerError) => void = () => undefined;
		const broken = new Promise<never>((_, reject) => {
			fail = reject;
		});
		// Workers that fail as they start are not replaced: the tasks of a pool without any would wait for ever.
		const look = (error: unknown) => {
			const isOpen = this.#workers?.pool === pool;
			if (isOpen && pool.threads.length === 0) fail(new WorkerError("starting a worker", 1, error));
		};
		// An error of a worker that has no task. Another takes its place, or `look` tells.
		pool.on("error", look);
		// One that ends as it starts makes no error; its replacement, if any, comes in the same turn.
		pool.on("workerDestroy", () => setImmediate(look, new Error("it ended as it started")));
		// Who waits for a task hears of it; where nobody does, nobody has to.
		broken.catch(() => undefined);
		// A worker's first message says that it is ready.
		const loaded = Promise.all(
			pool.threads.map(
				(thread) =>
					new Promise<void>((resolve) => {
						thread.once("message", () => resolve());
						thread.once("exit", () => resolve());
					}),
			),
		);
		return { pool, broken, look, loaded };
	}

	/** Ends the workers; the next task starts others. */
	async close(): Promise<void> {
		const workers = this.#workers;
		this.#workers = undefined;
		// Node 20 now and then aborts the whole process where a worker is ended while it links its modules.
		if (workers === undefined) return;
		const enough = new AbortController();
		const late = setTimeout(LOADING_MS, undefined, { signal: enough.signal });
		await Promise.race([workers.loaded, late]);
		enough.abort();
		// Of a wait that nobody needs any more.
		late.catch(() => undefined);
		await workers.pool.destroy();
	}
}

/** The error of another thread, with its own stack. */
function rebuilt({ message, tag, stack }: Failure): Error {
	const error = new Error(message);
	if (tag !== undefined) error.name = tag;
	if (stack !== undefined) error.stack = stack;
	return error;
}
