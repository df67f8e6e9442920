import { Backend } from "../../src/compute/backend.js";
import type { KernelContext } from "../../src/kernels/backend.js";

/** The kernels of `fast` in this thread, and the memory that they work in. */
export async function fastContext(): Promise<KernelContext> {
	const backend = await Backend.start();
	backend.use({ precision: "fast" });
	const { context } = backend;
	if (context === undefined) throw new TypeError("there are no kernels");
	return context;
}
