import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { findWasmBackend, type Kernel, type KernelCall, KernelContext } from "./backend.js";
import { batchNorm, batchNormGradient, batchStatistics } from "./batch-norm.js";
import { conv2d, conv2dReluMaxPool, fusedConv2d } from "./conv2d.js";
import { conv2dFilterGradient, conv2dInputGradient } from "./conv2d-gradient.js";
import { depthwiseConv2d, depthwiseFilterGradient, depthwiseInputGradient, fusedDepthwiseConv2d } from "./depthwise.js";
import type { CompiledModule } from "./engine.js";
import { erf } from "./erf.js";
import { gather } from "./gather.js";
import { fusedMatMul, matMul } from "./matmul.js";
import { compileKernelsSync, hasRelaxedSimd, type KernelPrecision } from "./module.js";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient, maxPoolTangent } from "./pooling.js";
import { slice } from "./slice.js";
import { sum } from "./sum.js";

/** Every kernel there is; a new family is a file of its own and a line here. */
const KERNELS: readonly Kernel[] = [
	matMul,
	fusedMatMul,
	conv2d,
	fusedConv2d,
	conv2dReluMaxPool,
	conv2dFilterGradient,
	conv2dInputGradient,
	depthwiseConv2d,
	fusedDepthwiseConv2d,
	depthwiseInputGradient,
	depthwiseFilterGradient,
	maxPool,
	averagePool,
	averagePoolGradient,
	maxPoolGradient,
	maxPoolTangent,
	batchNorm,
	batchStatistics,
	batchNormGradient,
	sum,
	erf,
	slice,
	gather,
];

const BACKEND = "wasm";

/** What stood in the registry before: the stock kernel, or null where there was none. */
const stock = new Map<string, KernelConfig | null>();

/** With the kernels, bound to the backend's memory, where all went well. */
export type RegisterResult =
	| { readonly ok: true; readonly context: KernelContext }
	| { readonly ok: false; readonly reason: string };

/**
 * Makes the fast kernels those of the tfjs `wasm` backend, which must be initialised. What a kernel does not cover goes
 * on to the stock one. May be called again with another precision.
 *
 * @param compiled from compileKernels(precision), to share one compilation between threads, or a context made of it before;
 *   compiled here without
 * @returns not ok, with nothing changed, where the engine or the version of tfjs lacks what is needed
 */
export function registerKernels(precision: KernelPrecision, compiled?: CompiledModule | KernelContext): RegisterResult {
	if (precision === "relaxed" && !hasRelaxedSimd()) {
		return {
			ok: false,
			reason:
				"this engine has no relaxed SIMD (Node 22 and newer have it; Node 20 when started with --experimental-wasm-relaxed-simd)",
		};
	}
	const backend = findWasmBackend();
	if (typeof backend === "string") return { ok: false, reason: backend };
	const context =
		compiled instanceof KernelContext
			? compiled
			: new KernelContext(backend, compiled ?? compileKernelsSync(precision));
	unregisterKernels();
	for (const kernel of KERNELS) replace(kernel, context);
	return { ok: true, context };
}

/** Puts the stock kernels back. */
export function unregisterKernels(): void {
	for (const [name, config] of stock) {
		unregisterKernel(name, BACKEND);
		if (config) registerKernel(config);
	}
	stock.clear();
}

function replace(kernel: Kernel, context: KernelContext): void {
	const before = getKernel(kernel.name, BACKEND) as KernelConfig | undefined;
	stock.set(kernel.name, before ?? null);
	if (before) unregisterKernel(kernel.name, BACKEND);
	registerKernel({
		...before,
		kernelName: kernel.name,
		backendName: BACKEND,
		kernelFunc: (params) => {
			const covered =
				params.backend === context.backend ? kernel.run(params as unknown as KernelCall, context) : undefined;
			if (covered) return covered;
			if (!before) throw new RangeError(`${kernel.name}: not for these shapes; ask before calling`);
			return before.kernelFunc(params);
		},
	});
}
