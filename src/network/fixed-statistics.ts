import { type Graph, isStatistic } from "./graph.js";
import type { GraphNode } from "./ops/index.js";

/**
 * The graph as it is trained: a batch normalisation neither of whose running statistics moves keeps to them in training, too, as
 * that of a frozen layer does in Keras. What it is trained to is then what it is evaluated with.
 *
 * @param still names of tensors that don't move; statistics that are constants of the network's file don't either
 */
export function withFixedStatistics(graph: Graph, still: ReadonlySet<string>): Graph {
	const moving = new Set(graph.parameters.filter(isStatistic).flatMap(({ name }) => (still.has(name) ? [] : [name])));
	const isFixed = (node: GraphNode) =>
		node.op === "batchNorm" && node.inputs.slice(3).every((statistic) => !moving.has(statistic));
	if (!graph.nodes.some(isFixed)) return graph;
	const nodes = graph.nodes.map((node) =>
		node.op === "batchNorm" && isFixed(node) ? { ...node, attributes: { ...node.attributes, fixed: true } } : node,
	);
	return { ...graph, nodes };
}
