import { WorkerPool } from "../compute/worker-pool.js";
import { InterruptedError } from "../errors.js";
import { type Differences, differencesOf, type Range, type Stretch } from "../kernels/differences.js";
import { sharedVector } from "../network/shared-memory.js";
import { stretchOf, type VectorRows } from "./rows.js";
import type { Vector } from "./vector.js";

const summingWorker = new URL("../../workers/sum.js", import.meta.url);

/** Multiply-adds beyond which other threads are worth their start: about a second of one. */
const WORTH_THREADS = 1e10;

/** What a pass over vectors is for. */
export type Question =
	| { readonly kind: "gram" }
	| { readonly kind: "combine"; readonly weights: Float64Array; readonly into: readonly Float32Array[] }
	| { readonly kind: "along"; readonly directions: readonly Vector[] }
	| { readonly kind: "rest"; readonly directions: readonly Vector[]; readonly places: Float64Array };

/** A stretch of vectors, and what is asked of it. */
export interface StretchTask {
	readonly count: number;
	/** Numbers of each vector in the longest stretch. */
	readonly most: number;
	readonly stretch: Stretch;
	readonly question: Question;
}

/** Who sums, and what is left out. */
export interface SummingOptions {
	/** How many threads; no bit depends on it. */
	readonly threads?: number | undefined;
	/** Multiply-adds beyond which they are started; tests give their own. */
	readonly worth?: number;
	readonly signal?: AbortSignal | undefined;
	/** Where differences count as 0: within a stretch, by its first number and how many it has. */
	readonly held?: ((first: number, size: number) => Range[]) | undefined;
}

/**
 * Passes over the differences between vectors and an origin, stretch by stretch, in this thread or in others. What comes of stretches is
 * handed over in their order, so that sums have the same bits however many threads there are.
 */
export class DifferencePasses {
	readonly #rows: VectorRows;
	readonly #origin: Vector;
	readonly #options: SummingOptions;
	readonly #most: number;
	readonly #rooms: Float32Array[];
	readonly #here: Differences | undefined;
	readonly #pool: WorkerPool<StretchTask, Float64Array> | undefined;

	constructor(rows: VectorRows, origin: Vector, options: SummingOptions = {}) {
		const { count, length } = rows;
		const { threads = 1, worth = WORTH_THREADS } = options;
		this.#rows = rows;
		this.#origin = origin;
		this.#options = options;
		this.#most = stretchOf(rows);
		const apart = threads > 1 && count * length * (count / 2) > worth;
		this.#pool = apart ? new WorkerPool({ threads, entry: summingWorker }) : undefined;
		this.#here = apart ? undefined : differencesOf(count, this.#most);
		// One more than work at once, to be read meanwhile.
		this.#rooms = Array.from({ length: apart ? threads + 1 : 1 }, () => sharedVector(count * this.#most));
	}

	/**
	 * Asks each stretch, by its first number and how many it has, and adds up what comes of them, in order. What is combined goes
	 * into shared memory: results as long as the vectors would be garbage as large as all of them.
	 */
	async total(question: (first: number, size: number) => Question): Promise<Float64Array> {
		let total: Float64Array | undefined;
		for await (const sums of this.#each(question)) {
			if (total === undefined) total = sums;
			else for (let i = 0; i < sums.length; i++) total[i] = (total[i] ?? 0) + (sums[i] ?? 0);
		}
		return total ?? new Float64Array();
	}

	async *#each(question: (first: number, size: number) => Question): AsyncGenerator<Float64Array> {
		const { signal, held } = this.#options;
		const { length, count } = this.#rows;
		const under: Promise<Float64Array>[] = [];
		for (let first = 0, number = 0; first < length; first += this.#most, number++) {
			if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
			const oldest = under.length === this.#rooms.length ? under.shift() : undefined;
			if (oldest !== undefined) yield await oldest;
			const size = Math.min(this.#most, length - first);
			const parts = await this.#rows.stretch(first, size, this.#room(number));
			const stretch = { parts, origin: this.#origin.subarray(first, first + size), held: held?.(first, size) ?? [] };
			const next = this.#ask({ count, most: this.#most, stretch, question: question(first, size) });
			// Who waits for it hears of it; where an earlier one has failed nobody does.
			next.catch(() => undefined);
			under.push(next);
		}
		for (const each of under) yield await each;
	}

	#room(number: number): Float32Array {
		return this.#rooms[number % this.#rooms.length] ?? new Float32Array();
	}

	async #ask(task: StretchTask): Promise<Float64Array> {
		if (this.#here !== undefined) return answerOf(this.#here, task);
		if (this.#pool === undefined) throw new RangeError("no thread to sum");
		return this.#pool.run(() => sendable(task), "a stretch of networks");
	}

	async close(): Promise<void> {
		await this.#pool?.close();
	}
}

export function answerOf(sums: Differences, { stretch, question }: StretchTask): Float64Array {
	switch (question.kind) {
		case "gram":
			return sums.gram(stretch);
		case "combine":
			sums.combine(stretch, question.weights, question.into);
			return new Float64Array();
		case "along":
			return sums.along(stretch, question.directions);
		case "rest":
			return sums.rest(stretch, question.directions, question.places);
	}
}

/** What goes to another thread: of a view of memory that is not shared all that memory would be copied. */
function sendable(task: StretchTask): StretchTask {
	const { stretch, question } = task;
	const { parts, origin } = stretch;
	return {
		...task,
		stretch: { ...stretch, parts: parts.map(apart), origin: apart(origin) },
		question: "directions" in question ? { ...question, directions: question.directions.map(apart) } : question,
	};
}

function apart<V extends Vector>(part: V): V {
	return part.buffer instanceof SharedArrayBuffer ? part : (part.slice() as V);
}
