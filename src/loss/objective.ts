import { OptionError } from "../errors.js";
import { type Graph, sizeOf } from "../model/graph.js";
import { inferShapes } from "../model/shapes.js";
import { accuracy, binaryAccuracy, binaryAccuracyFromLogits, topFive } from "./accuracy.js";
import { binaryCrossEntropy, binaryCrossEntropyFromLogits } from "./binary-cross-entropy.js";
import { crossEntropyFromProbabilities } from "./cross-entropy-from-probabilities.js";
import type { Loss } from "./loss.js";
import { huber, meanAbsoluteError, meanSquaredError } from "./mean-errors.js";
import type { Metric } from "./metric.js";
import { negativeLogLikelihood } from "./negative-log-likelihood.js";
import { absoluteError, rSquared } from "./regression-metrics.js";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.js";
import { tokenCrossEntropy } from "./token-cross-entropy.js";

/** Every loss by its name: one line each. */
export const losses: ReadonlyMap<string, Loss> = byName([
	softmaxCrossEntropy,
	crossEntropyFromProbabilities,
	negativeLogLikelihood,
	tokenCrossEntropy,
	binaryCrossEntropy,
	binaryCrossEntropyFromLogits,
	meanSquaredError,
	meanAbsoluteError,
	huber,
]);

/** Every metric by its name: one line each. */
export const metrics: ReadonlyMap<string, Metric> = byName([
	accuracy,
	topFive,
	binaryAccuracy,
	binaryAccuracyFromLogits,
	rSquared,
	absoluteError,
]);

function byName<T extends { readonly name: string }>(items: readonly T[]): Map<string, T> {
	return new Map(items.map((item) => [item.name, item]));
}

/** @throws {OptionError} listing the names there are */
export function lossByName(name: string): Loss {
	return find(losses, name, "--loss");
}

/** @throws {OptionError} listing the names there are */
export function metricByName(name: string): Metric {
	return find(metrics, name, "--metric");
}

function find<T>(items: ReadonlyMap<string, T>, name: string, option: string): T {
	const found = items.get(name);
	if (found === undefined)
		throw new OptionError(option, `expected one of ${[...items.keys()].join(", ")}, got "${name}"`);
	return found;
}

/** What a network is judged by. */
export interface Objective {
	/** The graph up to the value that the loss takes. */
	readonly graph: Graph;
	readonly loss: Loss;
	readonly metrics: readonly Metric[];
}

/**
 * The loss that suits a network and its targets. Classes take softmax cross-entropy; a softmax or log-softmax at the end of
 * the network is left out for it, which gives the same loss without underflow. Other targets take the mean squared
 * error, or binary cross-entropy where the network ends in a sigmoid; so do classes where it has one output.
 *
 * @param targets of all samples: one class a sample (int32), one a token, or a value for each output (float32)
 * @param samples how many there are
 */
export function defaultObjective(graph: Graph, targets: Int32Array | Float32Array, samples: number): Objective {
	const last = graph.nodes.find(({ output }) => output === graph.output);
	const endsIn = last?.op === "unary" ? last.attributes.function : last?.op;
	if (targets instanceof Int32Array) {
		const softmax = endsIn === "softmax" || endsIn === "logSoftmax";
		const [logits = graph.output] = softmax ? (last?.inputs ?? []) : [];
		if (endsIn === "sigmoid") return { graph, loss: binaryCrossEntropy, metrics: [binaryAccuracy] };
		if (sizeOf(inferShapes(graph).get(graph.output) ?? []) === 1)
			return { graph, loss: binaryCrossEntropyFromLogits, metrics: [binaryAccuracyFromLogits] };
		const loss = targets.length > samples ? tokenCrossEntropy : softmaxCrossEntropy;
		return { graph: upTo(graph, logits), loss, metrics: [accuracy] };
	}
	if (endsIn === "sigmoid") return { graph, loss: binaryCrossEntropy, metrics: [binaryAccuracy] };
	return { graph, loss: meanSquaredError, metrics: [rSquared] };
}

function upTo(graph: Graph, output: string): Graph {
	return {
		...graph,
		nodes: graph.nodes.filter((node) => node.output !== graph.output || output === graph.output),
		output,
	};
}
