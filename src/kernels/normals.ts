import { type Purpose, purposes, RandomStream } from "../exact/random.js";
import { engine, type SharedMemory } from "./engine.js";
import { compileKernelsSync, type KernelExports } from "./module.js";

/** How many numbers a call makes: an engine takes its better code with the next call, and these fit the first-level cache. */
const AT_ONCE = 1 << 12;
const PAGE = 1 << 16;

interface Generator {
	readonly memory: SharedMemory;
	readonly kernels: KernelExports;
}

let generator: Generator | null | undefined;

/** The kernels in a memory of their own; null where this engine has none. */
function generatorHere(): Generator | null {
	if (generator !== undefined) return generator;
	generator = null;
	try {
		const memory = new engine.Memory({ initial: 2 });
		const kernels = new engine.Instance(compileKernelsSync("fast"), { env: { memory } }).exports;
		generator = { memory, kernels: kernels as unknown as KernelExports };
	} catch (error) {
		// An engine without SIMD refuses the module; the same numbers come from RandomStream.
		if (!(error instanceof Error && error.name === "CompileError")) throw error;
	}
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
