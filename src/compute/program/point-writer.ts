import type { Allocation, KernelContext } from "../../kernels/backend.js";

/** Where the numbers of a vector come from at a point. */
export interface NumberSource {
	/** Writes as many as the target takes, from the number `first` on. */
	write(target: Float32Array, first: number): void;
	/** Where they are fround(Σ wₖ·vₖ) of up to three vectors of float32: kernels form those in a third of the time. */
	readonly sum?: { readonly terms: readonly NumberReader[]; readonly weights: readonly number[] } | undefined;
}

/** A vector of float32 that nobody changes any more; the same object wherever it is the same vector. */
export interface NumberReader {
	readonly length: number;
	/** Fills an array with its numbers from the number `first` on. */
	read(target: Float32Array, first: number): void;
}

/** A whole vector as a source of its numbers. */
export function sourceOf(vector: Float32Array | Int32Array): NumberSource {
	return { write: (target, first) => target.set(vector.subarray(first, first + target.length)) };
}

/** Bytes of vectors that stay in WebAssembly's memory from point to point: of small networks a point's calls are what counts. */
const KEPT_BYTES = 1 << 20;

/** Numbers of each other vector that are brought there at a time: three times 32 kB stay in the second-level cache. */
const FORMED_AT_A_TIME = 8192;

/** Fewer are written sooner than they are brought there and back. */
const FEWEST_FORMED = 2048;

/** Writes the numbers of points where kernels read them. */
export class PointWriter {
	readonly #context: KernelContext;
	readonly #kept = new Map<NumberReader, Allocation>();
	#keptBytes = 0;

	constructor(context: KernelContext) {
		this.#context = context;
	}

	/** Writes numbers of a source, from the number `first` on, to a place in memory. */
	write(source: NumberSource, first: number, address: number, count: number): void {
		const { sum } = source;
		if (sum !== undefined && this.#keep(sum.terms)) {
			const [a = 0, b = 0, c = 0] = sum.terms.map((term) => (this.#kept.get(term)?.address ?? 0) + first * 4);
			const [w0 = 1, w1 = 0, w2 = 0] = sum.weights;
			this.#context.kernels.formPoint(address, a, b, c, w0, w1, w2, count);
		} else if (sum === undefined || count < FEWEST_FORMED) source.write(this.#context.floats(address, count), first);
		else this.#form(sum, first, address, count);
	}

	release(): void {
		for (const allocation of this.#kept.values()) allocation.free();
	}

	/** Whether all of some vectors lie in memory as a whole, where they are brought if there is room left. */
	#keep(terms: readonly NumberReader[]): boolean {
		const missing = terms.filter((term) => !this.#kept.has(term));
		if (missing.length === 0) return true;
		const bytes = missing.reduce((sum, { length }) => sum + length * 4, 0);
		if (this.#keptBytes + bytes > KEPT_BYTES) return false;
		for (const term of missing) {
			const allocation = this.#context.allocate(term.length * 4);
			term.read(this.#context.floats(allocation.address, term.length), 0);
			this.#kept.set(term, allocation);
		}
		this.#keptBytes += bytes;
		return true;
	}

	/** Brings the vectors' numbers there part by part. */
	#form({ terms, weights }: NonNullable<NumberSource["sum"]>, first: number, address: number, count: number): void {
		const { kernels } = this.#context;
		const [w0 = 1, w1 = 0, w2 = 0] = weights;
		const bytes = Math.min(count, FORMED_AT_A_TIME) * 4;
		this.#context.withScratch(bytes * terms.length, (scratch) => {
			const places = [0, 1, 2].map((index) => (index < terms.length ? scratch + index * bytes : 0));
			const [a = 0, b = 0, c = 0] = places;
			for (let done = 0; done < count; done += FORMED_AT_A_TIME) {
				const some = Math.min(FORMED_AT_A_TIME, count - done);
				for (const [index, term] of terms.entries())
					term.read(this.#context.floats(places[index] ?? 0, some), first + done);
				kernels.formPoint(address + done * 4, a, b, c, w0, w1, w2, some);
			}
		});
	}
}
