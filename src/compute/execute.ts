import { type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import type { Graph } from "../network/graph.js";
import { opOf } from "../network/ops/index.js";
import { evaluationMode, type Mode } from "../network/ops/op.js";

/**
 * Carries out a graph on tfjs tensors.
 *
 * @param graph  what to compute; through `fuse` first where speed matters
 * @param values parameters by name, whole, and inputs by name with the batch as first axis; left as they are
 * @returns the output, [batch, ...shape]; the caller disposes it. Intermediate values are gone on return, each of them
 *   as soon as its last reader has run, unless gradients are being recorded.
 */
export function execute(graph: Graph, values: ReadonlyMap<string, Tensor>, mode: Mode = evaluationMode): Tensor {
	return tidy(() => {
		const computed = new Map([...constantTensors(graph), ...values]);
		const lastReader = mode.gradient ? new Map<string, number>() : lastReaders(graph);
		graph.nodes.forEach((node, index) => {
			const inputs = node.inputs.map((name) => tensorOf(name, computed));
			computed.set(node.output, opOf(node).run(inputs, mode));
			for (const name of new Set(node.inputs)) {
				if (lastReader.get(name) !== index || values.has(name) || name === graph.output) continue;
				computed.get(name)?.dispose();
				computed.delete(name);
			}
		});
		return tensorOf(graph.output, computed);
	});
}

/** The constants of a graph as tensors by name; a caller that binds them once among `values` keeps them, and disposes. */
export function constantTensors(graph: Graph): Map<string, Tensor> {
	const constants = graph.constants ?? [];
	return new Map(constants.map(({ name, shape, type, values }) => [name, tensor(values, [...shape], type)]));
}

function lastReaders(graph: Graph): Map<string, number> {
	const last = new Map<string, number>();
	graph.nodes.forEach((node, index) => {
		for (const name of node.inputs) last.set(name, index);
	});
	return last;
}

function tensorOf(name: string, values: ReadonlyMap<string, Tensor>): Tensor {
	const tensor = values.get(name);
	if (tensor === undefined) throw new RangeError(`no tensor is bound to ${name}`);
	return tensor;
}
