import { LayoutMismatchError } from "../errors.js";

/** The mean of vectors that come one after another: summed in float64 in their order, rounded once. */
export class RunningMean {
	readonly #sum: Float64Array;
	#count = 0;

	constructor(length: number) {
		this.#sum = new Float64Array(length);
	}

	/** How many have come. */
	get count(): number {
		return this.#count;
	}

	/** @throws {LayoutMismatchError} for a vector of another length */
	add(vector: Float32Array): void {
		if (vector.length !== this.#sum.length)
			throw new LayoutMismatchError(`expected ${this.#sum.length} values to average, got ${vector.length}`);
		for (let i = 0; i < vector.length; i++) this.#sum[i] = (this.#sum[i] ?? 0) + (vector[i] ?? 0);
		this.#count += 1;
	}

	/** The mean of those that have come, and of one more where that is given. */
	mean(another?: Float32Array): Float32Array {
		const count = this.#count + (another === undefined ? 0 : 1);
		return Float32Array.from(this.#sum, (sum, i) => (sum + (another?.[i] ?? 0)) / count);
	}
}
