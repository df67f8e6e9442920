import type { Graph } from "../network/graph.js";
import type { GraphNode } from "../network/ops/index.js";

/** What the outputs of a network are, as far as its last operation says. */
export type Ending = "softmax" | "logSoftmax" | "sigmoid" | "linear" | "other";

/** What moves values about and leaves them as they are. */
const layouts = new Set(["transpose", "reshape", "flatten", "dropout"]);

/** What gives any number: outputs of such a layer are no probabilities. */
const linear = new Set(["dense", "conv2d", "depthwiseConv2d", "matMul", "batchNorm", "relu"]);

/** What comes last in a network, but for what only moves values about. */
export function endingOf(graph: Graph): Ending {
	const node = lastNode(graph);
	if (node === undefined) return "other";
	const name = node.op === "unary" ? node.attributes.function : node.op;
	if (name === "softmax" || name === "logSoftmax" || name === "sigmoid") return name;
	const isShift =
		node.op === "binary" && node.attributes.function === "add" && isParameter(graph, node.inputs[1] ?? "");
	return linear.has(node.op) || isShift ? "linear" : "other";
}

/** The network without the softmax or log-softmax at its end: its logits. Any other comes back as it is. */
export function withoutSoftmax(graph: Graph): Graph {
	const last = lastNode(graph);
	const ending = endingOf(graph);
	if (last === undefined || (ending !== "softmax" && ending !== "logSoftmax")) return graph;
	const [logits = ""] = last.inputs;
	const renamed = (name: string) => (name === last.output ? logits : name);
	const nodes = graph.nodes
		.filter((node) => node !== last)
		.map((node) => ({ ...node, inputs: node.inputs.map(renamed) }) as GraphNode);
	return { ...graph, nodes, output: renamed(graph.output) };
}

function lastNode(graph: Graph): GraphNode | undefined {
	const makers = new Map(graph.nodes.map((node) => [node.output, node]));
	let node = makers.get(graph.output);
	while (node !== undefined && layouts.has(node.op)) node = makers.get(node.inputs[0] ?? "");
	return node;
}

function isParameter({ parameters }: Graph, name: string): boolean {
	return parameters.some((parameter) => parameter.name === name);
}
