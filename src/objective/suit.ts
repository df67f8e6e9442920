import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import { sizeOf } from "../network/shape.js";
import type { LossName } from "./losses/index.js";
import type { MetricName } from "./metrics/index.js";

/** What a network is judged by. */
export interface Objective {
	/** The graph up to the value that the loss takes. */
	readonly graph: Graph;
	readonly loss: LossName;
	readonly metric: MetricName;
}

/**
 * The loss that suits a network and its targets. Classes take softmax cross-entropy; a softmax or log-softmax at the end of
 * the network is left out for it, which gives the same loss without underflow. Other targets take the mean squared
 * error. A network that ends in a sigmoid, or tells two classes apart by one output, takes binary cross-entropy.
 *
 * @param targets of all samples: one class a sample (int32), one a token, or a value for each output (float32)
 * @param samples how many there are
 */
export function defaultObjective(graph: Graph, targets: Int32Array | Float32Array, samples: number): Objective {
	const last = graph.nodes.find(({ output }) => output === graph.output);
	const endsIn = last?.op === "unary" ? last.attributes.function : last?.op;
	if (endsIn === "sigmoid") return { graph, loss: "binary-cross-entropy", metric: "binary-accuracy" };
	if (!(targets instanceof Int32Array)) return { graph, loss: "mse", metric: "r2" };
	if (sizeOf(inferShapes(graph).get(graph.output) ?? []) === 1)
		return { graph, loss: "binary-cross-entropy-from-logits", metric: "binary-accuracy-from-logits" };
	const loss = targets.length > samples ? "token-cross-entropy" : "softmax-cross-entropy";
	const [logits] = endsIn === "softmax" || endsIn === "logSoftmax" ? (last?.inputs ?? []) : [];
	if (last === undefined || logits === undefined) return { graph, loss, metric: "accuracy" };
	const nodes = graph.nodes.filter((node) => node !== last);
	return { graph: { ...graph, nodes, output: logits }, loss, metric: "accuracy" };
}
