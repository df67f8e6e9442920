import type { Dataset } from "../data/dataset.js";
import { GraphError } from "../errors.js";
import type { Graph } from "../network/graph.js";
import { GraphBuilder } from "../network/graph-builder.js";
import { inferShapes } from "../network/infer-shapes.js";
import { parameterLayout } from "../network/parameters.js";
import { sizeOf } from "../network/shape.js";
import { withTangents } from "../network/tangent.js";
import { unrolled } from "../network/unroll.js";
import type { SummedLoss } from "../objective/module.js";

/** The target's input of a loss's graph. */
export const TARGET = "target of the loss";
/** What a loss alone is taken of. */
export const OUTPUT = "output of the network";

/**
 * The network with the loss of a sample after it: one number a sample.
 *
 * @throws {GraphError} where the loss has no derivative
 */
export function withLoss(graph: Graph, { name, differentiable }: SummedLoss): Graph {
	if (differentiable === undefined) throw new GraphError([`the loss ${name} has no derivative`]);
	const builder = new GraphBuilder(graph);
	const target = builder.input(TARGET, builder.shape(graph.output));
	return builder.graph(differentiable.nodes(builder, graph.output, target));
}

/** The loss of a sample alone, from an output of some shape: a graph without parameters. */
export function lossAlone(shape: readonly number[], loss: SummedLoss): Graph {
	const none = { name: loss.name, inputs: [{ name: OUTPUT, shape }], nodes: [], parameters: [], output: OUTPUT };
	return withLoss(none, loss);
}

/** What stands for the targets of all samples in that graph: as many numbers a sample as the network gives. */
export function targetsOf({
	graph,
	data: { targets },
	loss: { differentiable },
}: {
	readonly graph: Graph;
	readonly data: Pick<Dataset, "targets">;
	readonly loss: SummedLoss;
}): Float32Array {
	const shape = inferShapes(graph).get(graph.output) ?? [];
	const samples = { targets, width: sizeOf(shape), classes: shape.at(-1) ?? 1 };
	return differentiable?.targets(samples) ?? new Float32Array();
}

/**
 * Checks that a loss changes with what moves, and that its derivative is known.
 *
 * @throws {GraphError} listing the nodes that have none, and where the loss has none or nothing that moves changes it
 */
export function checkDifferentiable(graph: Graph, loss: SummedLoss, still: ReadonlySet<string>): void {
	const whole = withLoss(unrolled(graph), loss);
	const moving = new Set(parameterLayout(graph, still).slots.map(({ name }) => name));
	const { tangents } = withTangents(whole, moving);
	if (!tangents.has(whole.output)) throw new GraphError([`nothing that moves changes the loss of ${graph.name}`]);
}
