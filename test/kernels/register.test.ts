import { findBackend, getKernel } from "@tensorflow/tfjs-core";
import test from "ava";
import type { WasmBackend } from "../../src/kernels/backend.js";
import { compileKernels, hasRelaxedSimd } from "../../src/kernels/module.js";
import { registerKernels, unregisterKernels } from "../../src/kernels/register.js";
import { PLAIN, POOL } from "./cases.js";
import { random, run, startFastKernels } from "./reference.js";

test.serial("without the wasm backend nothing is registered and the reason is given", (t) => {
	t.deepEqual(registerKernels("fast"), { ok: false, reason: "the tfjs backend `wasm` is not initialised" });
	t.falsy(getKernel("IsolossConv2DReluMaxPool", "wasm"));
});

test.serial("registering takes stock kernels' places and unregistering gives them back", async (t) => {
	await startFastKernels();
	const ours = getKernel("Conv2D", "wasm");
	t.truthy(getKernel("Conv2DBackpropFilter", "wasm"));
	t.true(registerKernels("fast", await compileKernels("fast")).ok);
	unregisterKernels();
	t.truthy(getKernel("Conv2D", "wasm"));
	t.not(getKernel("Conv2D", "wasm"), ours);
	t.falsy(getKernel("Conv2DBackpropFilter", "wasm"));
});

test.serial("the relaxed kernels run where the engine has the instruction and say so where not", async (t) => {
	await startFastKernels();
	const result = registerKernels("relaxed");
	t.is(result.ok, hasRelaxedSimd());
	if (!result.ok) t.regex(result.reason, /relaxed SIMD/);
	const a = random([1, 20, 50], 1);
	const b = random([1, 50, 20], 2);
	const relaxed = run("BatchMatMul", { a, b }, PLAIN).values;
	registerKernels("fast");
	const fast = run("BatchMatMul", { a, b }, PLAIN).values;
	t.true(fast.every((value, at) => Math.abs(value - (relaxed[at] ?? 0)) < 1e-5));
});

test.serial("what a kernel does not cover goes to the stock kernel", async (t) => {
	await startFastKernels();
	const inputs = { a: random([1, 4, 5], 1), b: random([1, 5, 6], 2), bias: random([6], 3) };
	const linear = run("_FusedMatMul", inputs, { ...PLAIN, activation: "linear" }).values;
	const sigmoid = run("_FusedMatMul", inputs, { ...PLAIN, activation: "sigmoid" }).values;
	t.true(sigmoid.every((value, at) => Math.abs(value - 1 / (1 + Math.exp(-(linear[at] ?? 0)))) < 1e-6));
	t.throws(
		() =>
			run(
				"IsolossConv2DReluMaxPool",
				{ x: random([1, 3, 3, 1], 1), filter: random([3, 3, 1, 1], 1) },
				{
					strides: 1,
					pad: "valid",
				},
			),
		{ instanceOf: RangeError },
	);
});

test.serial("every scratch that was allocated is freed", async (t) => {
	await startFastKernels();
	const { wasm } = findBackend("wasm") as unknown as {
		wasm: { -readonly [Key in keyof WasmBackend["wasm"]]: WasmBackend["wasm"][Key] };
	};
	const { _malloc: malloc, _free: free } = wasm;
	const held = new Set<number>();
	wasm._malloc = (bytes) => {
		const address = malloc(bytes);
		held.add(address);
		return address;
	};
	wasm._free = (address) => {
		held.delete(address);
		free(address);
	};
	const x = random([2, 9, 9, 8], 1);
	const filter = random([3, 3, 8, 8], 2);
	const attrs = { strides: 1, pad: "same", dilations: 1, dataFormat: "NHWC" };
	const dy = run("Conv2D", { x, filter }, attrs);
	run("Conv2DBackpropInput", { dy, filter }, { ...attrs, inputShape: x.shape });
	run("Conv2DBackpropFilter", { x, dy }, { ...attrs, filterShape: filter.shape });
	run("MaxPool", { x }, POOL);
	wasm._malloc = malloc;
	wasm._free = free;
	t.is(held.size, 0);
});
