import { GraphError } from "../errors.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "./graph.js";
import { inferShapes } from "./infer-shapes.js";
import { opOf } from "./ops/index.js";

/** Stands for the length of the batch, where shapes are compared. */
const BATCH = 2;

/**
 * Makes sure, before any work, that a graph's output can be differentiated with respect to its parameters.
 *
 * @throws {GraphError} listing every node between a parameter and the output that has no gradient
 */
export function checkDifferentiable(graph: Graph, precision: Precision): void {
	const shapes = inferShapes(graph);
	const whole = new Set([...graph.parameters, ...(graph.constants ?? [])].map(({ name }) => name));
	const depends = new Set(graph.parameters.map(({ name }) => name));
	const problems: string[] = [];
	for (const node of graph.nodes) {
		if (!node.inputs.some((input) => depends.has(input))) continue;
		depends.add(node.output);
		const tensors = node.inputs.map((name) => [...(whole.has(name) ? [] : [BATCH]), ...(shapes.get(name) ?? [])]);
		const lack = opOf(node).lacksGradient(tensors, precision);
		if (lack !== undefined) problems.push(`node ${node.output} (${node.op}): no gradient of ${lack}`);
	}
	if (problems.length > 0) throw new GraphError(problems);
}
