import { fork } from "node:child_process";

/**
 * An engine as it is measured: what rows and the picture call it, and how it computes the surface of a task.
 *
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} family   the same for all numbers of threads
 * @property {string} adapter  what it computes on
 * @property {boolean} isGpu
 * @property {boolean} isSoftware an adapter for GPUs that computes on the processor
 * @property {boolean} isOurs  isoloss on all threads
 * @property {boolean} isDrawn
 * @property {(tasks: object) => Promise<object>} run  of tasks as `writeTasks` has them
 */

/**
 * All engines, in the order in which they take turns.
 *
 * @param {{ browser?: import("./browser.js").Browser, reason?: string, threads: number, limit: number }} setting without a
 *   browser, why there is none; at most so many threads, and so many seconds an engine and network
 * @returns {Engine[]}
 */
export function allEngines({ browser, reason, threads, limit }) {
	const inProcess = (family, module, count, form) => ({
		name: `${family}, ${count} ${count === 1 ? "thread" : "threads"}`,
		family,
		adapter: "processor",
		isGpu: false,
		isSoftware: false,
		isOurs: module === "isoloss" && count === threads,
		isDrawn: count === 1 || count === threads,
		run: async ({ [form]: { path, failure } }) =>
			failure === undefined ? inOwnProcess([module, count, path, limit]) : { failure },
	});
	const inBrowser = (family, module, api, form) => {
		const adapter = browser?.adapters[api] ?? null;
		const missing = reason ?? `no adapter for ${api === "webgl" ? "WebGL" : "WebGPU"}`;
		return {
			name: family,
			family,
			adapter: adapter === null ? "none" : `${adapter.isSoftware ? "SOFTWARE: " : ""}${briefly(adapter.name)}`,
			isGpu: true,
			isSoftware: adapter?.isSoftware ?? false,
			isOurs: false,
			isDrawn: true,
			run: async ({ [form]: { path, failure } }) => {
				if (adapter === null) return { failure: missing };
				return failure === undefined ? browser.run(module, adapter, path, limit) : { failure };
			},
		};
	};
	return [
		...[...new Set([1, threads])].map((count) => inProcess("onnxruntime-node", "onnxruntime", count, "onnx")),
		inProcess("TensorFlow.js wasm, stock", "tfjs", 1, "graph"),
		...threadCounts(threads).map((count) => inProcess("isoloss", "isoloss", count, "graph")),
		inBrowser("TensorFlow.js WebGL", "webgl", "webgl", "graph"),
		inBrowser("TensorFlow.js WebGPU", "webgpu", "webgpu", "graph"),
		inBrowser("onnxruntime-web WebGPU", "onnxruntime", "webgpu", "onnx"),
	];
}

/** Of a name such as "ANGLE (vendor, Vulkan 1.3 (device (0x1234)), driver)" the device. */
function briefly(name) {
	return (name.match(/^ANGLE \([^,]+, (?:Vulkan [\d.]+ \()?([^,(]+)/)?.[1] ?? name).trim();
}

/** Each number up to four, then doubled, and all there are. */
function threadCounts(most) {
	return [1, 2, 3, 4, 8, 16, 32, 64, 128].filter((count) => count < most).concat(most);
}

function inOwnProcess(words) {
	return new Promise((resolve) => {
		const child = fork(new URL("process.js", import.meta.url), words.map(String), { serialization: "advanced" });
		child.once("message", resolve);
		child.once("exit", (code) => resolve({ failure: `its process ended with status ${code}` }));
	});
}
