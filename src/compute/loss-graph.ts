import type { Dataset } from "../data/dataset.js";
import { GraphError } from "../errors.js";
import type { Graph } from "../network/graph.js";
import { GraphBuilder } from "../network/graph-builder.js";
import { inferShapes } from "../network/infer-shapes.js";
import { sizeOf } from "../network/shape.js";
import { unrolled } from "../network/unroll.js";
import type { SummedLoss } from "../objective/module.js";

/** The target's input of a loss's graph. */
export const TARGET = "target of the loss";

/**
 * A network, recurrent layers written out, with the loss of a sample after it: one number a sample.
 *
 * @throws {GraphError} where the loss has no derivative
 */
export function lossGraph(graph: Graph, { name, differentiable }: SummedLoss): Graph {
	if (differentiable === undefined) throw new GraphError([`the loss ${name} has no derivative`]);
	const network = unrolled(graph);
	const builder = new GraphBuilder(network);
	const target = builder.input(TARGET, builder.shape(network.output));
	return builder.graph(differentiable.nodes(builder, network.output, target));
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
