import { WorkerPool } from "../compute/worker-pool.js";
import type { BatchResult } from "../surface/surface.js";
import type { Batch } from "../sweep/executor.js";
import type { Answer, Assignment } from "../sweep/pool.js";
import type { Place } from "./place.js";

/** A thread that evaluates tasks of any sweep, one after another. */
export class Slot {
	readonly token: string;
	readonly #thread: WorkerPool<Assignment, Answer>;

	/**
	 * @param token by which BullMQ tells who has a task
	 * @param entry the thread's module
	 */
	constructor(token: string, entry: URL) {
		this.token = token;
		// A task whose thread dies is tried on other machines too: once here is enough.
		this.#thread = new WorkerPool({ threads: 1, entry, tries: 1 });
	}

	start(): void {
		this.#thread.start();
	}

	/** @throws {WorkerError} when it fails, or the thread dies */
	async evaluate({ id: digest, job }: Place, batch: Batch): Promise<BatchResult> {
		const name = `a batch of ${batch.count} points`;
		const known = await this.#thread.run(() => ({ digest, batch }), name);
		const answer = known ?? (await this.#thread.run(() => ({ digest, batch, job }), name));
		if (answer === null) throw new Error("the thread does not know its job");
		return answer;
	}

	close(): Promise<void> {
		return this.#thread.close();
	}
}
