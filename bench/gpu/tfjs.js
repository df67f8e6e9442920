import { dispose, env, ready, setBackend, tensor } from "@tensorflow/tfjs-core";
import { constantTensors, execute } from "../../dist/src/compute/execute.js";
import { fuse } from "../../dist/src/network/fuse.js";
import { parameterLayout, slice, statisticsLayout } from "../../dist/src/network/parameters.js";
import { batchesOf } from "./task.js";

/**
 * The network of isoloss on stock TensorFlow.js. Samples stay where the backend has its tensors; parameters are new tensors at
 * each place, since backends keep what they have packed of old ones.
 *
 * @param {"wasm" | "webgl" | "webgpu"} backend imported before
 */
export async function openTfjs(task, backend) {
	if (!(await setBackend(backend))) throw new Error(`TensorFlow.js can't start ${backend}`);
	await ready();
	const { problem } = task;
	const isGpu = backend !== "wasm";
	const graph = fuse(problem.graph, "exact");
	const layouts = { parameters: parameterLayout(problem.graph), statistics: statisticsLayout(problem.graph) };
	const constants = constantTensors(graph);
	const bind = (layout, vector) =>
		layout.slots.map((slot) => [slot.name, tensor(slice(vector, slot), [...slot.shape])]);
	const batches = batchesOf(task, isGpu ? "gpu" : "cpu").map(({ inputs, ...rest }) => ({
		...rest,
		tensors: graph.inputs.map(({ name, type }, i) => [name, tensor(inputs[i].values, inputs[i].shape, type)]),
	}));

	async function start({ parameters, statistics }) {
		const bound = [...bind(layouts.parameters, parameters), ...bind(layouts.statistics, statistics)];
		const outputs = batches.map(({ tensors }) => execute(graph, new Map([...constants, ...bound, ...tensors])));
		const values = await Promise.all(outputs.map((output) => output.data()));
		const shapes = outputs.map(({ shape }) => shape);
		dispose([...outputs, ...bound.map(([, value]) => value)]);
		return batches.map(({ count, targets }, i) => ({
			values: values[i],
			width: values[i].length / count,
			classes: shapes[i].at(-1),
			targets,
		}));
	}

	const isHalf = backend === "webgl" && !env().getBool("WEBGL_RENDER_FLOAT32_ENABLED");
	// While a GPU computes one place, the next is formed and sent.
	return { ahead: isGpu ? 2 : 1, start, remark: isHalf ? "in half precision" : undefined };
}
