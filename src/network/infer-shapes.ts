import { GraphError } from "../errors.js";
import type { Graph, Shapes } from "./graph.js";
import { opOf } from "./ops/index.js";
import type { Shape } from "./ops/op.js";
import { sizeOf } from "./shape.js";

/** As float32 what WebAssembly can address, 4 GiB. */
const MOST_NUMBERS = 2 ** 30;

/**
 * The shape of every value of a graph, for one sample.
 *
 * @throws {GraphError} naming each node whose inputs are missing or don't fit
 */
export function inferShapes(graph: Graph): Shapes {
	const shapes = new Map<string, Shape>();
	for (const { name, shape } of [...graph.inputs, ...graph.parameters, ...(graph.constants ?? [])])
		shapes.set(name, shape);
	for (const node of graph.nodes) {
		const missing = node.inputs.filter((input) => !shapes.has(input));
		if (missing.length > 0)
			throw new GraphError([`node ${node.output} (${node.op}): no value named ${missing.join(", ")}`]);
		try {
			const shape = opOf(node).shape(shapesOf(node.inputs, shapes));
			if (!(sizeOf(shape) <= MOST_NUMBERS))
				throw new RangeError(`its output [${shape}] is larger than WebAssembly's memory`);
			shapes.set(node.output, shape);
		} catch (error) {
			const problem = `node ${node.output} (${node.op}): `;
			if (error instanceof RangeError) throw new GraphError([problem + error.message]);
			// Of a graph that someone has written by hand: an attribute that the op needs is missing or of another kind.
			if (error instanceof TypeError)
				throw new GraphError([`${problem}its attributes can't be used (${error.message})`]);
			throw error;
		}
	}
	if (!shapes.has(graph.output)) throw new GraphError([`no node computes the output ${graph.output}`]);
	return shapes;
}

/** Multiply-adds of one forward pass of one sample. */
export function multiplyAdds(graph: Graph): number {
	const shapes = inferShapes(graph);
	return graph.nodes.reduce(
		(sum, node) => sum + opOf(node).multiplyAdds(shapesOf(node.inputs, shapes), shapes.get(node.output) ?? []),
		0,
	);
}

function shapesOf(names: readonly string[], shapes: Shapes): Shape[] {
	return names.map((name) => shapes.get(name) ?? []);
}
