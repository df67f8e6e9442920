/** Runs an engine of Node in a process of its own, which `bench/gpu.js` forks: `process.js ENGINE THREADS TASK LIMIT`. */
import { readFileSync } from "node:fs";
import { computeSurface } from "./surface.js";
import { unpackTask } from "./task.js";

const engines = {
	async isoloss(task, threads, limit) {
		const { sweepSurface } = await import("./isoloss.js");
		return sweepSurface(task, threads, limit);
	},
	async tfjs(task, _, limit) {
		await import("@tensorflow/tfjs-backend-wasm");
		const { openTfjs } = await import("./tfjs.js");
		return computeSurface(task, await openTfjs(task, "wasm"), limit);
	},
	async onnxruntime(task, threads, limit) {
		const [ort, { openOnnxruntime }] = await Promise.all([import("onnxruntime-node"), import("./onnxruntime.js")]);
		const options = { intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: "sequential" };
		return computeSurface(task, await openOnnxruntime(task, ort, options), limit);
	},
};

const [engine, threads, path, limit] = process.argv.slice(2);
const answer = await engines[engine](unpackTask(readFileSync(path)), Number(threads), Number(limit)).catch((error) => ({
	failure: error.message.split("\n")[0],
}));
process.send(answer, () => process.exit());
