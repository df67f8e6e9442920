import { ready, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { OptionError } from "../errors.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Precision } from "../kernels/precision.js";
import { registerKernels, unregisterKernels } from "../kernels/register.js";

/** Starts TensorFlow.js on WebAssembly SIMD in this thread; done once, at first use. */
export function startBackend(): Promise<void> {
	started ??= start();
	return started;
}

let started: Promise<void> | undefined;

async function start(): Promise<void> {
	await setBackend("wasm");
	await ready();
}

let current: Precision = "exact";

/**
 * Makes this thread compute in a precision mode from here on; nothing happens where it does already.
 *
 * @param compiled the kernels of that mode, where another thread has compiled them
 * @throws {OptionError} when this engine can't; ask `choosePrecision` first
 */
export function usePrecision(precision: Precision, compiled?: CompiledModule): void {
	if (precision === current) return;
	if (precision === "exact") unregisterKernels();
	else {
		const result = registerKernels(precision, compiled);
		if (!result.ok) throw new OptionError("precision", `${precision} can't be had: ${result.reason}`);
	}
	current = precision;
}

/**
 * The mode to compute in, given the one asked for: `fast` falls back on `exact`, with the reason; `relaxed` does not, since
 * who asks for it wants to know.
 *
 * @throws {OptionError} when `relaxed` is asked for and can't be had
 */
export async function choosePrecision(asked: Precision): Promise<{ precision: Precision; reason: string | null }> {
	if (asked === "exact") return { precision: asked, reason: null };
	await startBackend();
	const result = registerKernels(asked);
	if (!result.ok && asked === "relaxed") throw new OptionError("precision", `relaxed can't be had: ${result.reason}`);
	current = result.ok ? asked : "exact";
	return { precision: current, reason: result.ok ? null : result.reason };
}
