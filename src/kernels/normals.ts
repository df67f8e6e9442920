import { type Purpose, purposes, RandomStream } from "../exact/random.js";
import { type Alone, kernelsAlone, PAGE } from "./alone.js";

/** How many numbers a call makes: an engine takes its better code with the next call, and these fit the first-level cache. */
const AT_ONCE = 1 << 12;

let generator: Alone | null | undefined;

/** Null where this engine has none: the same numbers come from RandomStream. */
function generatorHere(): Alone | null {
	if (generator === undefined) generator = kernelsAlone(AT_ONCE * Float64Array.BYTES_PER_ELEMENT);
	return generator;
}

/**
 * The standard Gaussians of `new RandomStream(seed, purpose)`, one after another: the same bits, by a kernel where the engine has
 * what that takes.
 */
export class Normals {
	readonly #stream: RandomStream;
	readonly #seed: number;
	readonly #purpose: number;
	/** How many have been drawn. */
	#drawn = 0;

	/** @param seed whole number from 0 to 2^53 - 1 */
	constructor(seed: number, purpose: Purpose) {
		this.#stream = new RandomStream(seed, purpose);
		this.#seed = seed;
		this.#purpose = purposes[purpose];
	}

	/** Fills an array with the next ones. */
	fill(out: Float64Array): void {
		const here = generatorHere();
		if (here === null) {
			this.#stream.fillNormals(out);
			return;
		}
		const { memory, kernels } = here;
		for (let at = 0; at < out.length; at += AT_ONCE) {
			const count = Math.min(AT_ONCE, out.length - at);
			kernels.fillNormals(PAGE, this.#drawn, count, 0, this.#purpose, this.#seed >>> 0, this.#seed / 2 ** 32);
			out.set(new Float64Array(memory.buffer, PAGE, count), at);
			this.#drawn += count;
		}
	}
}
