import type { Graph } from "./graph.js";
import type { GraphNode } from "./ops/index.js";

/**
 * The graph with neighbouring nodes joined where one kernel does the work of both: a relu that is the only reader of a
 * convolution or dense layer becomes its activation, and dropout, which evaluation leaves out, goes.
 * The result computes the same values; a graph with nothing to join comes back as it is.
 */
export function fuse(graph: Graph): Graph {
	const nodes: GraphNode[] = [];
	const renamed = new Map<string, string>();
	const readers = countReaders(graph);
	for (const original of graph.nodes) {
		const node = { ...original, inputs: original.inputs.map((name) => renamed.get(name) ?? name) };
		const [source = ""] = node.inputs;
		if (node.op === "dropout") {
			renamed.set(node.output, source);
			continue;
		}
		const last = nodes.findIndex(({ output }) => output === source);
		const producer = nodes[last];
		if (node.op === "relu" && producer !== undefined && takesActivation(producer) && readers.get(source) === 1) {
			nodes[last] = { ...producer, attributes: { ...producer.attributes, activation: "relu" } } as GraphNode;
			renamed.set(node.output, source);
			continue;
		}
		nodes.push(node);
	}
	return { ...graph, nodes, output: renamed.get(graph.output) ?? graph.output };
}

function takesActivation(node: GraphNode): boolean {
	return (node.op === "conv2d" || node.op === "dense") && node.attributes.activation === undefined;
}

function countReaders(graph: Graph): Map<string, number> {
	const readers = new Map([[graph.output, 1]]);
	for (const node of graph.nodes) for (const name of node.inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
	return readers;
}
