import { ready, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { OptionError } from "../errors.js";
import type { KernelContext } from "../kernels/backend.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Precision } from "../kernels/precision.js";
import { registerKernels, unregisterKernels } from "../kernels/register.js";
import { registerGradientKernels } from "./gradients/kernels.js";

/** Which kernels compute. */
export interface Mode {
	readonly precision: Precision;
	/** The kernels of that precision, where another thread has compiled them. */
	readonly kernels?: CompiledModule | undefined;
	/** Whether stock kernels that gradients lack, or have only in a slow form, are replaced too; not where nothing is said. */
	readonly gradients?: boolean;
}

/**
 * TensorFlow.js on WebAssembly SIMD in this thread, of which there is one. It owns what is registered with TensorFlow.js:
 * whoever computes says in which mode, each time, and leaves it to others to say theirs.
 */
export class Backend {
	static #started: Promise<Backend> | undefined;
	#precision: Precision = "exact";
	#gradients: (() => void) | undefined;
	#context: KernelContext | undefined;
	/** One instance of the kernels a precision, made at first use. */
	readonly #contexts = new Map<Precision, KernelContext>();

	private constructor() {}

	/** The backend of this thread, which starts at first use. */
	static start(): Promise<Backend> {
		Backend.#started ??= Backend.#start();
		return Backend.#started;
	}

	static async #start(): Promise<Backend> {
		await withoutListeners(async () => {
			await setBackend("wasm");
			await ready();
		});
		return new Backend();
	}

	/**
	 * Computes in a mode from here on; nothing happens where it does already.
	 *
	 * @throws {OptionError} when this engine can't; ask `choose` first
	 */
	use({ precision, kernels, gradients = false }: Mode): void {
		if (precision === this.#precision && gradients === (this.#gradients !== undefined)) return;
		// Ours lie on top of those for gradients, which lie on top of the stock ones.
		unregisterKernels();
		this.#precision = "exact";
		this.#context = undefined;
		if (gradients) this.#gradients ??= registerGradientKernels();
		else {
			this.#gradients?.();
			this.#gradients = undefined;
		}
		if (precision === "exact") return;
		const result = registerKernels(precision, this.#contexts.get(precision) ?? kernels);
		if (!result.ok) throw new OptionError("precision", `${precision} can't be had: ${result.reason}`);
		this.#precision = precision;
		this.#context = result.context;
		this.#contexts.set(precision, result.context);
	}

	/** Our kernels in the backend's memory; undefined in `exact` mode. */
	get context(): KernelContext | undefined {
		return this.#context;
	}

	/**
	 * The precision to compute in, given the one asked for: `fast` falls back on `exact`, with the reason; `relaxed` does not,
	 * since who asks for it wants to know.
	 *
	 * @throws {OptionError} when `relaxed` is asked for and can't be had
	 */
	choose(asked: Precision): { precision: Precision; reason: string | null } {
		try {
			this.use({ precision: asked });
			return { precision: asked, reason: null };
		} catch (error) {
			if (asked === "relaxed" || !(error instanceof OptionError)) throw error;
			return { precision: "exact", reason: error.reason };
		}
	}
}

/**
 * The precision that a machine can compute in, given the one asked for; see `Backend.choose`.
 *
 * @throws {OptionError} when `relaxed` is asked for and can't be had
 */
export async function choosePrecision(asked: Precision): Promise<{ precision: Precision; reason: string | null }> {
	if (asked === "exact") return { precision: asked, reason: null };
	return (await Backend.start()).choose(asked);
}

/**
 * TensorFlow.js makes the process rethrow whatever nobody catches, so that a user's own crash shows a line of its bundle.
 * Node does the same by itself, and shows the user's.
 */
async function withoutListeners(start: () => Promise<void>): Promise<void> {
	const events = ["uncaughtException", "unhandledRejection"] as const;
	const before = new Set(events.flatMap((event) => process.listeners(event as "uncaughtException")));
	await start();
	for (const event of events)
		for (const listener of process.listeners(event as "uncaughtException")) {
			// Others may have come while it started; these two are told by what they do.
			if (before.has(listener) || !/ExitStatus|^function ?\(reason\) ?\{\s*throw reason;?\s*\}$/.test(String(listener)))
				continue;
			process.off(event, listener);
		}
}
