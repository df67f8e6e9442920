import { type CompiledModule, engine, type SharedMemory } from "./engine.js";
import { CONSTANTS_BYTES, compileKernelsSync, instantiate, type KernelExports } from "./module.js";

export const PAGE = 1 << 16;

/** Kernels in a memory of their own, apart from that of TensorFlow.js. */
export interface Alone {
	readonly memory: SharedMemory;
	readonly kernels: KernelExports;
}

let compiled: CompiledModule | null | undefined;

/** The kernels with so many bytes of memory, the first page, which is theirs, not counted; null where this engine has none. */
export function kernelsAlone(bytes: number): Alone | null {
	if (compiled === undefined) compiled = compiledHere();
	if (compiled === null) return null;
	const memory = new engine.Memory({ initial: 1 + Math.ceil(bytes / PAGE) });
	return { memory, kernels: instantiate(compiled, memory, PAGE - CONSTANTS_BYTES) };
}

/** Null where the engine has no SIMD. */
function compiledHere(): CompiledModule | null {
	try {
		return compileKernelsSync("fast");
	} catch (error) {
		if (!(error instanceof Error && error.name === "CompileError")) throw error;
		return null;
	}
}
