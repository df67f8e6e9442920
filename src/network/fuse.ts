import { canFuseMaxPool } from "../kernels/ops.js";
import type { Precision } from "../kernels/precision.js";
import { countReaders, type Graph, type Shapes } from "./graph.js";
import { inferShapes } from "./infer-shapes.js";
import { joinStandardized } from "./join-standardized.js";
import type { GraphNode } from "./ops/index.js";
import { namedPadding } from "./ops/window.js";

/**
 * The graph with neighbouring nodes joined where one kernel does the work of both. The result computes the same values; a
 * graph with nothing to join comes back as it is.
 *
 * - dropout, which evaluation leaves out, goes;
 * - with our kernels, what an exporter took a normalisation along the last axes apart into becomes one;
 * - a bias that is added to a dense layer without one becomes a part of it;
 * - a relu that is the only reader of a convolution or dense layer becomes its activation;
 * - with our kernels, a 2×2 max-pool that is the only reader of such a convolution becomes part of it, where its shape suits
 *   the kernel.
 */
export function fuse(original: Graph, precision: Precision): Graph {
	const plain = withoutDropout(original);
	// Of values that are left they stay the same.
	const shapes = inferShapes(plain);
	const graph = precision === "exact" ? plain : joinStandardized(plain, shapes);
	const parameters = new Set(graph.parameters.map(({ name }) => name));
	const readers = countReaders(graph.nodes, [graph.output]);
	const nodes: GraphNode[] = [];
	const places = new Map<string, number>();
	const renamed = new Map<string, string>();
	for (const node of graph.nodes) {
		const renewed = rename(node, renamed);
		const last = places.get(renewed.inputs[0] ?? "") ?? -1;
		const producer = nodes[last];
		const onlyReader = readers.get(node.inputs[0] ?? "") === 1;
		const joined =
			producer && onlyReader
				? (addBias(producer, renewed, shapes, parameters) ?? join(producer, renewed, precision, shapes))
				: undefined;
		const place = joined === undefined ? nodes.length : last;
		nodes[place] = joined ?? renewed;
		places.set(nodes[place].output, place);
		if (joined !== undefined) {
			renamed.set(node.output, joined.output);
		}
	}
	return { ...graph, nodes, output: renamed.get(graph.output) ?? graph.output };
}

function withoutDropout(graph: Graph): Graph {
	const renamed = new Map<string, string>();
	const nodes: GraphNode[] = [];
	for (const node of graph.nodes) {
		const renewed = rename(node, renamed);
		if (node.op === "dropout") renamed.set(node.output, renewed.inputs[0] ?? "");
		else nodes.push(renewed);
	}
	return { ...graph, nodes, output: renamed.get(graph.output) ?? graph.output };
}

function rename(node: GraphNode, renamed: ReadonlyMap<string, string>): GraphNode {
	return { ...node, inputs: node.inputs.map((name) => renamed.get(name) ?? name) };
}

/** A dense layer with the parameter that is added to each of its outputs as its bias. */
function addBias(
	producer: GraphNode,
	node: GraphNode,
	shapes: Shapes,
	parameters: ReadonlySet<string>,
): GraphNode | undefined {
	if (producer.op !== "dense" || producer.inputs.length !== 2 || producer.attributes.activation !== undefined)
		return undefined;
	const [, bias = ""] = node.inputs;
	if (node.op !== "binary" || node.attributes.function !== "add" || !parameters.has(bias)) return undefined;
	const outputs = shapes.get(producer.inputs[1] ?? "")?.[1];
	const fits = String(shapes.get(bias)) === String([outputs]);
	return fits ? { ...producer, inputs: [...producer.inputs, bias] } : undefined;
}

/** The node that does the work of both, if there is one. */
function join(producer: GraphNode, node: GraphNode, precision: Precision, shapes: Shapes): GraphNode | undefined {
	if (node.op === "relu" && (producer.op === "conv2d" || producer.op === "dense"))
		return producer.attributes.activation === undefined
			? ({ ...producer, attributes: { ...producer.attributes, activation: "relu" } } as GraphNode)
			: undefined;
	if (node.op === "maxPool" && producer.op === "conv2d" && precision !== "exact") {
		const padding = paddingToFuse(producer, node, shapes);
		return padding && { ...producer, attributes: { ...producer.attributes, padding, maxPool: true } };
	}
	return undefined;
}

/** The convolution's padding, in a word, where it and the pooling suit the kernel that does both. */
function paddingToFuse(
	{ inputs, attributes }: Extract<GraphNode, { op: "conv2d" }>,
	pool: Extract<GraphNode, { op: "maxPool" }>,
	shapes: Shapes,
): "valid" | "same" | undefined {
	const { strides, dilations = [1, 1], groups = 1, activation, maxPool } = attributes;
	const { window, strides: poolStrides, padding: poolPadding } = pool.attributes;
	const [x = [], filter = []] = inputs.map((name) => shapes.get(name) ?? []);
	const padding = namedPadding(attributes.padding, [filter[0] ?? 0, filter[1] ?? 0]);
	const suits =
		activation === "relu" &&
		!maxPool &&
		namedPadding(poolPadding, [2, 2]) === "valid" &&
		[...window, ...poolStrides].every((length) => length === 2) &&
		[groups, ...strides, ...dilations].every((step) => step === 1);
	return suits && padding !== undefined && canFuseMaxPool([1, ...x], filter, padding) ? padding : undefined;
}
