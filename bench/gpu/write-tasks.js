import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inferShapes } from "../../dist/src/network/infer-shapes.js";
import { sizeOf } from "../../dist/src/network/shape.js";
import { lowerToOnnx } from "./lower.js";
import { packTask } from "./task.js";

/** Samples at once on the processor, as isoloss has them. */
const CPU_BATCH = 64;
/** On a GPU as many as there are, as long as the largest value of the network takes no more than 64 MB. */
const GPU_NUMBERS = 2 ** 24;

/**
 * Writes a run as engines take it, its graph as it is and as an ONNX file, into a folder.
 *
 * @returns for each of the two where it lies, or why there is none
 */
export function writeTasks({ problem, grid, places }, folder, name) {
	const shapes = inferShapes(problem.graph);
	const largest = Math.max(...problem.graph.nodes.map(({ output }) => sizeOf(shapes.get(output))));
	const gpu = Math.max(1, Math.min(problem.data.samples, Math.floor(GPU_NUMBERS / largest)));
	const task = { grid, places, batch: { cpu: CPU_BATCH, gpu } };
	const write = (form, make) => {
		try {
			const path = join(folder, `${name}.${form}`);
			writeFileSync(path, packTask({ ...task, ...make() }));
			return { path };
		} catch (error) {
			return { failure: error.message };
		}
	};
	return {
		graph: write("graph", () => ({ problem: { ...problem, precision: "fast" } })),
		onnx: write("onnx", () => lowerToOnnx(problem)),
	};
}
