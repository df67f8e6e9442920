import { GraphError } from "../errors.js";
import type { Graph } from "./graph.js";
import { GraphBuilder, neededFor } from "./graph-builder.js";
import { opOf } from "./ops/index.js";

/** A graph with the derivative of some values along a direction. */
export interface TangentGraph {
	readonly builder: GraphBuilder;
	/** The derivative of a value; undefined where it is zero. */
	readonly tangents: ReadonlyMap<string, string>;
}

/** Which direction, where there are several; and of which values derivatives are wanted, where not of all. */
export interface TangentOptions {
	readonly direction?: string;
	readonly of?: readonly string[];
}

/** What a direction's part for a tensor is called. */
export function tangentName(parameter: string, direction?: string): string {
	return `tangent of ${parameter}${direction === undefined ? "" : ` along ${direction}`}`;
}

/**
 * Forward mode: beside each value its derivative along a direction in the parameters. The direction's tensors are further
 * parameters, named by `tangentName`. Applied to a graph that has tangents already, it gives second derivatives, in which what was
 * there is used again: x, ẋ and ẍ, as Taylor's second order has them; with another direction, the mixed ones.
 *
 * @param moving names of the tensors that move; the tangents of all others are zero
 * @throws {GraphError} listing all nodes whose op has no tangent
 */
export function withTangents(
	graph: Graph,
	moving: ReadonlySet<string>,
	{ direction, of }: TangentOptions = {},
): TangentGraph {
	const wanted = of === undefined ? graph.nodes : neededFor(graph.nodes, of);
	const builder = new GraphBuilder(graph);
	const there = new Set(graph.parameters.map(({ name }) => name));
	const tangents = new Map<string, string>();
	for (const parameter of graph.parameters) {
		if (!moving.has(parameter.name)) continue;
		const name = tangentName(parameter.name, direction);
		tangents.set(parameter.name, there.has(name) ? name : builder.parameter(name, parameter));
	}
	const problems: string[] = [];
	for (const node of wanted) {
		if (!node.inputs.some((input) => tangents.has(input))) continue;
		const rule = opOf(node).tangent;
		if (rule === undefined) {
			problems.push(`node ${node.output} (${node.op}): no derivative along a direction`);
			continue;
		}
		const tangent = rule(
			{
				inputs: node.inputs,
				tangents: node.inputs.map((input) => tangents.get(input)),
				output: node.output,
			},
			builder,
		);
		if (tangent !== undefined)
			tangents.set(node.output, builder.stretched(tangent, builder.shape(node.output), node.output));
	}
	if (problems.length > 0) throw new GraphError(problems);
	return { builder, tangents };
}
