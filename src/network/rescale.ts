import { GraphError, OptionError } from "../errors.js";
import { checkGraph, checkState } from "./check.js";
import type { Graph } from "./graph.js";
import type { GraphNode, OpName } from "./ops/index.js";
import { parameterLayout, type State, slice } from "./parameters.js";

/** Layers: a linear map by the second input, plus a bias where there is a third. */
const layers: ReadonlySet<OpName> = new Set(["conv2d", "dense", "depthwiseConv2d"]);

/** Ops that commute with multiplication by a number above 0: op(c·x) = c·op(x). */
const homogeneous: ReadonlySet<OpName> = new Set(["averagePool", "dropout", "flatten", "maxPool", "relu", "reshape"]);

/**
 * The same function by other parameters: a layer's kernel and bias times c, and the kernels of the layers that read it, through
 * relu, pooling and the like, divided by c. The network computes the same outputs, exactly where c is a power of two and
 * up to float32 rounding otherwise, though a step of a fixed length now means something else to each layer.
 *
 * @param kernel name of the kernel of the layer to multiply, for example `conv1.weight`
 * @param factor c, finite and above 0: relu does not commute with others
 * @returns new vectors; those given stay as they are
 * @throws {OptionError} for a kernel that is none of the graph's layers', or a factor not above 0
 * @throws {LayoutMismatchError} when the parameters are not those of the graph
 * @throws {GraphError} where the layer's output meets an op between the two that is not homogeneous (a softmax, a sum with
 *   a shortcut, batch normalisation), reaches the network's output, or a kernel is used twice
 * @see Dinh, Pascanu, Bengio, Bengio, ICML 2017 (arXiv 1703.04933), the scale transformation T_α of section 3
 */
export function rescale(graph: Graph, parameters: State, kernel: string, factor: number): State {
	checkGraph("graph", graph);
	checkState("parameters", parameters, graph);
	if (!(factor > 0 && Number.isFinite(factor)))
		throw new OptionError("factor", `expected a finite number above 0, got ${factor}`);
	const layer = graph.nodes.find((node) => layers.has(node.op) && node.inputs[1] === kernel);
	if (layer === undefined) {
		const known = graph.nodes.flatMap((node) => (layers.has(node.op) ? [node.inputs[1]] : []));
		throw new OptionError("kernel", `expected one of ${known.join(", ")}, got "${kernel}"`);
	}
	const multiplied = layer.inputs.slice(1);
	const divided = kernelsAfter(graph, layer);
	checkUses(graph, [...multiplied, ...divided]);
	const trained = Float32Array.from(parameters.parameters);
	for (const slot of parameterLayout(graph).slots) {
		const values = slice(trained, slot);
		// Float32Array rounds each product and quotient once.
		if (multiplied.includes(slot.name)) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * factor;
		if (divided.includes(slot.name)) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / factor;
	}
	return { parameters: trained, statistics: Float32Array.from(parameters.statistics) };
}

/** The kernels of all layers that a layer's output comes to, multiplied as it is. */
function kernelsAfter(graph: Graph, layer: GraphNode): string[] {
	const kernels: string[] = [];
	const problems: string[] = [];
	const reached = [layer.output];
	for (const value of reached) {
		if (value === graph.output) problems.push(`${layer.inputs[1]} reaches the network's output, no layer follows it`);
		for (const node of graph.nodes.filter(({ inputs }) => inputs.includes(value))) {
			if (layers.has(node.op) && node.inputs.indexOf(value) === 0) kernels.push(node.inputs[1] ?? "");
			else if (homogeneous.has(node.op)) reached.push(node.output);
			else problems.push(`${layer.inputs[1]} can't be rescaled through ${node.op}`);
		}
	}
	if (problems.length > 0) throw new GraphError(problems);
	return kernels;
}

/** A kernel that two nodes read can't be changed for one of them. */
function checkUses(graph: Graph, names: readonly string[]): void {
	const read = graph.nodes.flatMap(({ inputs }) => inputs);
	const shared = names.filter((name) => read.indexOf(name) !== read.lastIndexOf(name));
	if (shared.length > 0) throw new GraphError(shared.map((name) => `${name} is used more than once`));
}
