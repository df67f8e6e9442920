import { countReaders, type Graph, type Shapes } from "./graph.js";
import type { GraphNode } from "./ops/index.js";

/** What the nodes of a normalisation come to: the value it is of, along which axes, and the nodes that make nothing else. */
interface Found {
	readonly x: string;
	readonly axes: readonly number[];
	readonly epsilon: number;
	readonly within: readonly GraphNode[];
}

/**
 * The graph with (x - mean) / √(mean of squares of that + ε) along the last axes, which exporters write out in eight nodes, as one.
 * The kernel of that one takes the same steps in the same order for each row, so that in `fast` no bit changes.
 */
export function joinStandardized(graph: Graph, shapes: Shapes): Graph {
	const search = new Search(graph, shapes);
	const found = new Map<string, Found>();
	for (const node of graph.nodes) {
		const one = search.of(node);
		if (one !== undefined) found.set(node.output, one);
	}
	if (found.size === 0) return graph;
	const gone = new Set([...found.values()].flatMap(({ within }) => within));
	const nodes = graph.nodes
		.filter((node) => !gone.has(node))
		.map((node): GraphNode => {
			const one = found.get(node.output);
			if (one === undefined) return node;
			const { x, axes, epsilon } = one;
			return { op: "standardize", inputs: [x], output: node.output, attributes: { axes, epsilon } };
		});
	return { ...graph, nodes };
}

class Search {
	readonly #makers: ReadonlyMap<string, GraphNode>;
	readonly #readers: ReadonlyMap<string, number>;
	readonly #shapes: Shapes;
	readonly #numbers: ReadonlyMap<string, number>;

	constructor(graph: Graph, shapes: Shapes) {
		this.#makers = new Map(graph.nodes.map((node) => [node.output, node]));
		this.#readers = countReaders(graph.nodes, [graph.output]);
		this.#shapes = shapes;
		const single = (graph.constants ?? []).filter(({ type, values }) => type === "float32" && values.length === 1);
		this.#numbers = new Map(single.map(({ name, values }) => [name, values[0] ?? Number.NaN]));
	}

	/** The normalisation that ends with a node, if one does. */
	of(node: GraphNode): Found | undefined {
		const [centredName = "", deviationName = ""] = node.inputs;
		if (node.op !== "binary" || node.attributes.function !== "div") return undefined;
		const centred = this.#maker(centredName, 2);
		const deviation = this.#throughReshape(deviationName);
		if (centred?.op !== "binary" || centred.attributes.function !== "sub" || deviation === undefined) return undefined;
		const [x = "", meanName = ""] = centred.inputs;
		const mean = this.#meanOf(meanName, x);
		const spread = mean && this.#spread(deviation.node, centredName);
		if (!mean || !spread || String(mean.axes) !== String(spread.axes)) return undefined;
		const within = [centred, ...deviation.within, ...mean.within, ...spread.within];
		const { axes } = mean;
		const areLast = [...axes].sort((a, b) => b - a).every((axis, place) => axis === -1 - place);
		const isAlong = this.#isAlong(meanName, x, axes) && this.#isAlong(deviationName, x, axes);
		return areLast && isAlong ? { x, axes, epsilon: spread.epsilon, within } : undefined;
	}

	/** The node that makes a value, where so many read it. */
	#maker(name: string, readers: number): GraphNode | undefined {
		return this.#readers.get(name) === readers ? this.#makers.get(name) : undefined;
	}

	/** The node that makes a value that one node reads, before it is given axes of length 1 again. */
	#throughReshape(name: string): { readonly node: GraphNode; readonly within: readonly GraphNode[] } | undefined {
		const node = this.#maker(name, 1);
		if (node?.op !== "reshape") return node && { node, within: [node] };
		const before = this.#maker(node.inputs[0] ?? "", 1);
		return before && { node: before, within: [node, before] };
	}

	/** A mean of a value, with axes of length 1 again. */
	#meanOf(name: string, x: string) {
		const found = this.#throughReshape(name);
		const { node, within = [] } = found ?? {};
		if (node?.op !== "reduce" || node.attributes.function !== "mean" || node.inputs[0] !== x) return undefined;
		return { axes: node.attributes.axes, within };
	}

	/** √(mean of squares + ε), from the root on. */
	#spread(root: GraphNode, centred: string) {
		if (root.op !== "unary" || root.attributes.function !== "sqrt") return undefined;
		const sum = this.#maker(root.inputs[0] ?? "", 1);
		if (sum?.op !== "binary" || sum.attributes.function !== "add") return undefined;
		const [variance = "", added = ""] = sum.inputs;
		const epsilon = this.#numbers.get(added);
		const mean = this.#throughReshape(variance);
		if (epsilon === undefined || mean?.node.op !== "reduce" || mean.node.attributes.function !== "mean")
			return undefined;
		const square = this.#maker(mean.node.inputs[0] ?? "", 1);
		const isSquare = square?.op === "unary" && square.attributes.function === "square" && square.inputs[0] === centred;
		if (!isSquare) return undefined;
		return { axes: mean.node.attributes.axes, epsilon, within: [sum, ...mean.within, square] };
	}

	/** Whether a value has one number for all that another has along some axes. */
	#isAlong(name: string, of: string, axes: readonly number[]): boolean {
		const shape = this.#shapes.get(of) ?? [];
		const wanted = shape.map((length, axis) => (axes.includes(axis - shape.length) ? 1 : length));
		return String(this.#shapes.get(name)) === String(wanted);
	}
}
