import { randomInt } from "node:crypto";
import { canonicalBytes } from "../surface/digest.js";
import type { BatchResult } from "../surface/surface.js";
import type { Batch } from "../sweep/executor.js";
import type { Task } from "./ledger.js";
import type { ResultRecord } from "./record.js";

/** A point whose values are to come from a second worker. */
interface Held {
	readonly bytes: Uint8Array;
	readonly record: ResultRecord;
	/** What waits for it. */
	readonly waiting: Waiting;
	/** How often it was handed out. */
	copies: number;
}

/** A result of which some points are computed once more. */
interface Waiting {
	readonly result: BatchResult;
	left: number;
}

/** What the second values of a point say. */
export type Checked =
	| { readonly kind: "agree"; readonly ready: readonly BatchResult[] }
	| {
			readonly kind: "differ";
			readonly point: number;
			readonly workers: readonly string[];
			readonly values: readonly string[];
	  };

/** A task for any worker but one. */
export type SecondTask = Task & { readonly not: string };

/**
 * Points that are computed twice, by two workers, and compared bit by bit: some at random. A result with one of them in it waits until
 * the second values are there, so that nothing is kept that turns out otherwise.
 */
export class Verification {
	readonly #points: Set<number>;
	readonly #asked: number;
	readonly #held = new Map<number, Held>();
	#agreed = 0;
	#onTwoMachines = 0;

	constructor(batches: readonly Batch[], count: number) {
		this.#points = choose(batches, count);
		this.#asked = this.#points.size;
	}

	get finished(): boolean {
		return this.#held.size === 0;
	}

	get out(): readonly SecondTask[] {
		return [...this.#held].map(([point, held]) => taskOf(point, held));
	}

	/** Holds a result that has some of the points; the tasks to hand out for them, or undefined where it has none. */
	hold(record: ResultRecord, result: BatchResult): SecondTask[] | undefined {
		const { first, count, values } = result;
		const chosen = Array.from({ length: count }, (_, i) => first + i).filter((point) => this.#points.delete(point));
		if (chosen.length === 0) return undefined;
		const waiting = { result, left: chosen.length };
		const width = values.length / count;
		for (const point of chosen) {
			const bytes = canonicalBytes(values.subarray((point - first) * width, (point - first + 1) * width));
			this.#held.set(point, { bytes, record, waiting, copies: 0 });
		}
		return chosen.flatMap((point) => this.#task(point));
	}

	#task(point: number): SecondTask[] {
		const held = this.#held.get(point);
		return held === undefined ? [] : [taskOf(point, held)];
	}

	/** Compares the second values of a point with the first; undefined where nobody waits for them. */
	compare({ first: point, values, worker, host }: ResultRecord): Checked | undefined {
		const held = this.#held.get(point);
		// The same worker's again says nothing.
		if (held === undefined || held.record.worker === worker) return undefined;
		if (!Buffer.from(values).equals(held.bytes))
			return {
				kind: "differ",
				point,
				workers: [held.record.worker, worker],
				values: [held.bytes, values].map((bytes) => Buffer.from(bytes).toString("hex").slice(0, 32)),
			};
		this.#agreed++;
		if (host !== held.record.host) this.#onTwoMachines++;
		return { kind: "agree", ready: this.#settle(point) };
	}

	/** A task that was lost, to be handed out again; undefined where it is none of these. */
	again({ id, first }: Task): SecondTask | undefined {
		const held = this.#held.get(first);
		if (held === undefined || id !== taskOf(first, held).id) return undefined;
		held.copies++;
		return taskOf(first, held);
	}

	/** Gives up on points that no other worker is there for; the results that waited for them. */
	release(workers: readonly string[]): BatchResult[] {
		const alone = [...this.#held].filter(([, { record }]) => workers.every((name) => name === record.worker));
		// Between one worker's end and another's start there may be none.
		return workers.length === 0 ? [] : alone.flatMap(([point]) => this.#settle(point));
	}

	#settle(point: number): BatchResult[] {
		const held = this.#held.get(point);
		this.#held.delete(point);
		if (held === undefined) return [];
		held.waiting.left--;
		return held.waiting.left === 0 ? [held.waiting.result] : [];
	}

	/** What came out, in words; undefined where nothing was asked. */
	summary(): string | undefined {
		if (this.#asked === 0) return undefined;
		const alone = this.#agreed < this.#asked ? `, ${this.#asked - this.#agreed} not, for want of a second worker` : "";
		return `verified: ${this.#agreed} of ${this.#asked} points have the same bits from two workers, ${this.#onTwoMachines} of them on two machines${alone}`;
	}
}

function taskOf(point: number, { record, copies }: Held): SecondTask {
	return { id: `v${point}-${copies}`, first: point, count: 1, not: record.worker };
}

/** So many points of some batches, each as likely as any other. */
function choose(batches: readonly Batch[], count: number): Set<number> {
	const total = batches.reduce((sum, batch) => sum + batch.count, 0);
	const chosen = new Set<number>();
	// Of the places in a row of all points.
	const places = new Set<number>();
	while (places.size < Math.min(count, total)) places.add(randomInt(total));
	let before = 0;
	for (const batch of batches) {
		for (let i = 0; i < batch.count && chosen.size < places.size; i++)
			if (places.has(before + i)) chosen.add(batch.first + i);
		before += batch.count;
	}
	return chosen;
}
