import type { Batch } from "../sweep/executor.js";

/** How long a task is to take: long beside what handing it out costs, short beside what is lost with a worker. */
const TASK_MS = 3000;

/** For how long a coordinator is busy with a task, ten times over: with many threads tasks take longer, so that it keeps up with all. */
const THREAD_MS = 10;

/** Tasks handed out ahead, for each thread that takes some. */
const AHEAD = 2;

/** A task that is out. */
export interface Task extends Batch {
	/** By what its job goes: the points, and how often they were handed out. */
	readonly id: string;
}

/**
 * What of a plan is left, and what is out, as plain data. Batches are cut into tasks as they are handed out, by how long points have
 * taken so far: one point at first, then as many as take some seconds, and fewer towards the end, so that all workers finish together.
 */
export class Ledger {
	readonly #left: Batch[];
	readonly #out = new Map<string, Task & { readonly since: number; copies: number }>();
	#points: number;
	/** Milliseconds that a point takes; none has been done yet where it is undefined. */
	#pointMs: number | undefined;
	readonly total: number;

	constructor(batches: readonly Batch[]) {
		this.#left = batches.toReversed();
		this.#points = batches.reduce((sum, { count }) => sum + count, 0);
		this.total = this.#points;
	}

	/** Whether there is nothing left and nothing out. */
	get finished(): boolean {
		return this.#left.length === 0 && this.#out.size === 0;
	}

	/** Points that have come back. */
	get done(): number {
		return this.total - this.#points - [...this.#out.values()].reduce((sum, { count }) => sum + count, 0);
	}

	get out(): readonly Task[] {
		return [...this.#out.values()];
	}

	/**
	 * The tasks to hand out now.
	 *
	 * @param threads how many take some
	 * @param now     in milliseconds
	 */
	handOut(threads: number, now: number): Task[] {
		const tasks: Task[] = [];
		while (this.#out.size < AHEAD * threads + 1) {
			const batch = this.#left.pop();
			if (batch === undefined) break;
			const count = Math.min(batch.count, this.#length(threads));
			if (count < batch.count) this.#left.push({ first: batch.first + count, count: batch.count - count });
			const task = { id: idOf(batch.first, count, 0), first: batch.first, count };
			this.#points -= count;
			this.#out.set(keyOf(task), { ...task, since: now, copies: 0 });
			tasks.push(task);
		}
		return tasks;
	}

	#length(threads: number): number {
		if (this.#pointMs === undefined) return 1;
		const share = this.#points / (AHEAD * threads);
		const taskMs = Math.max(TASK_MS, THREAD_MS * threads);
		return Math.max(1, Math.floor(Math.min(taskMs / this.#pointMs, share)));
	}

	/**
	 * Takes a task as done.
	 *
	 * @param elapsed how long it took, in milliseconds
	 * @returns false where it is not out: its result has come before, or nobody asked for it
	 */
	take(batch: Batch, elapsed: number): boolean {
		if (!this.#out.delete(keyOf(batch))) return false;
		// Recent ones count more: points away from the origin may take another time.
		const pointMs = Math.max(elapsed / batch.count, 1e-3);
		this.#pointMs = this.#pointMs === undefined ? pointMs : 0.8 * this.#pointMs + 0.2 * pointMs;
		return true;
	}

	isOut(batch: Batch): boolean {
		return this.#out.has(keyOf(batch));
	}

	/** A task of the same points, to be handed out once more; undefined where they are not out. */
	again(batch: Batch, now: number): Task | undefined {
		const task = this.#out.get(keyOf(batch));
		if (task === undefined) return undefined;
		const copies = task.copies + 1;
		const { first, count } = batch;
		const id = idOf(first, count, copies);
		this.#out.set(keyOf(batch), { id, first, count, since: now, copies });
		return { id, first, count };
	}

	/** Tasks that have been out for a long time, beside what they should take. */
	overdue(now: number, leastMs: number, times: number): Task[] {
		const pointMs = this.#pointMs;
		if (pointMs === undefined) return [];
		return [...this.#out.values()].filter(
			({ since, count }) => now - since > Math.max(leastMs, AHEAD * times * count * pointMs),
		);
	}
}

function keyOf({ first, count }: Batch): string {
	return `${first}+${count}`;
}

function idOf(first: number, count: number, copies: number): string {
	// BullMQ takes a number for one of its own.
	return `p${first}-${count}-${copies}`;
}
