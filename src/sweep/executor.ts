import { isA } from "../check/values.js";
import type { Coordinates, Grid } from "../surface/grid.js";
import type { BatchResult } from "../surface/surface.js";

/** A run of point numbers. */
export interface Batch {
	readonly first: number;
	readonly count: number;
}

/** What an executor works on: a problem, and where its points lie. */
export interface Job<Problem> {
	/** Of the plan: jobs with one digest have the same values. */
	readonly digest: string;
	/** Where the points lie. */
	readonly grid: Grid;
	/** Points apart from the grid, numbered after its own. */
	readonly extras: readonly Coordinates[];
	/** What the values depend on besides. */
	readonly problem: Problem;
}

/** Whether a value is something that carries out work. */
export const isExecutor = isA("an executor, such as a PoolExecutor", (value) => {
	if (value === null || typeof value !== "object" || !("slots" in value && "run" in value)) return false;
	return Number.isSafeInteger(value.slots) && typeof value.run === "function";
});

/** What carries out work: the threads of a pool, this thread, other machines. Values come back as messages. */
export interface Executor<Problem> {
	/** How many batches it works on at once. */
	readonly slots: number;
	/**
	 * Carries out batches and yields each as it finishes, in the order in which they finish. Where it ends before all are done,
	 * by an error or because nobody wants more, work under way is given up.
	 *
	 * @param signal stops the work
	 * @throws {WorkerError} when a batch has failed on every try
	 * @throws {InterruptedError} when the signal stops the work; its cause is the signal's reason
	 */
	run(job: Job<Problem>, batches: readonly Batch[], signal?: AbortSignal): AsyncGenerator<BatchResult>;
	close(): Promise<void>;
}
