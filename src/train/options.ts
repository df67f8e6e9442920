import {
	type Check,
	isA,
	isListOf,
	isNotNegative,
	isNumber,
	isObject,
	isOneOf,
	isPerhaps,
	isPositive,
	isText,
	isWhole,
} from "../check/values.js";
import { checkDifferentiable } from "../compute/loss-graph.js";
import { checkDataset, type Dataset, inputsOf } from "../data/dataset.js";
import { LayoutMismatchError, OptionError } from "../errors.js";
import { type Precision, precisions } from "../kernels/precision.js";
import { checkGraph, checkState } from "../network/check.js";
import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import { initialize } from "../network/initialize.js";
import type { State } from "../network/parameters.js";
import { sizeOf } from "../network/shape.js";
import type { LossSettings } from "../objective/loss.js";
import { losses } from "../objective/losses/index.js";
import { type MetricName, metrics } from "../objective/metrics/index.js";
import { type LossReference, loadLoss } from "../objective/module.js";
import { type OptimizerName, optimizers } from "./optimizers/index.js";
import { type ScheduleName, scheduleNames } from "./schedule.js";

/** All that the bytes of a training depend on; and `threads`, on which they don't. */
export interface TrainOptions {
	/** What is trained. */
	readonly graph: Graph;
	/** Where it starts; fresh parameters of `seed` where nothing is said. */
	readonly start?: State;
	/** Names of tensors that don't move; a batch normalisation of such statistics keeps to them in training, too. */
	readonly still?: readonly string[];
	/** What it is trained on: inputs as the graph takes them, targets as the loss does. */
	readonly data: Dataset;
	/** What is made small: a loss by its name, or the `file:` URL of a module whose default export is one with `differentiable`. */
	readonly loss: LossReference;
	/** What the loss is told besides. */
	readonly lossSettings?: LossSettings;
	/** What is measured beside the loss; where nothing is said, accuracy where targets are classes, else nothing. */
	readonly metric?: MetricName;
	/** How. */
	readonly optimizer: OptimizerName;
	/** Of the optimiser, before schedule and warm-up. */
	readonly learningRate: number;
	/** λ; what suits the optimiser where nothing is said. */
	readonly weightDecay?: number;
	/** Of the learning rate; constant where nothing is said. */
	readonly schedule?: ScheduleName;
	/** Over so many steps the learning rate grows to the whole; 0 where nothing is said. */
	readonly warmUp?: number;
	/** Samples a step. */
	readonly batchSize: number;
	/** Passes over the data. */
	readonly epochs: number;
	/** Of fresh parameters, the order of the samples and dropout. */
	readonly seed: number;
	/** Which kernels compute. */
	readonly precision: Precision;
	/** How many workers; 1, which computes in this thread, where nothing is said. Beyond `SHARDS` there is no gain. */
	readonly threads?: number;
}

/** What the types say of these, for callers who have none. */
export const trainChecks = {
	graph: checkGraph,
	start: isPerhaps(isObject("a state, { parameters, statistics }", {})),
	still: isPerhaps(isListOf(isText)),
	data: checkDataset,
	loss: (name, value) =>
		typeof value === "string" && value.startsWith("file:") ? undefined : isOneOf(Object.keys(losses))(name, value),
	lossSettings: isPerhaps(
		isObject("settings of a loss", {
			classWeights: isPerhaps(isListOf(isNumber)),
			labelSmoothing: isPerhaps(isA("a number from 0 to 1", (value) => Number(value) >= 0 && Number(value) <= 1)),
		}),
	),
	metric: isPerhaps(isOneOf(Object.keys(metrics))),
	optimizer: isOneOf(Object.keys(optimizers)),
	learningRate: isPositive,
	weightDecay: isPerhaps(isNotNegative),
	schedule: isPerhaps(isOneOf(scheduleNames)),
	warmUp: isPerhaps(isWhole(0)),
	batchSize: isWhole(1),
	epochs: isWhole(1),
	seed: isWhole(0),
	precision: isOneOf(precisions),
	threads: isPerhaps(isWhole(1)),
} satisfies Record<keyof TrainOptions, Check>;

/**
 * Checks that network, start, data and loss go together, and that the loss can be made smaller by what moves.
 *
 * @throws {LayoutMismatchError} when start, samples or targets are not of the network's shapes
 * @throws {OptionError}         when `still` names a tensor that is none, or a module is no loss
 * @throws {GraphError}          listing the nodes that have no derivative, and where the loss has none
 */
export async function checkTraining(options: TrainOptions): Promise<void> {
	const { graph, start, still = [], data, loss, lossSettings } = options;
	if (start !== undefined) checkState("start", start, graph);
	const names = graph.parameters.map(({ name }) => name);
	const odd = still.find((name) => !names.includes(name));
	if (odd !== undefined) throw new OptionError("still", `expected names of tensors of ${graph.name}, got "${odd}"`);
	checkFit(graph, data, loss);
	checkDifferentiable(graph, await loadLoss(loss, lossSettings), new Set(still));
}

/** @throws {LayoutMismatchError} when samples or targets are not of the network's shapes */
export function checkFit(graph: Graph, data: Dataset, loss: LossReference): void {
	const { name, samples, targets } = data;
	const arrays = inputsOf(data);
	const shapes = (all: readonly { readonly shape: readonly number[] }[]) =>
		all.map(({ shape }) => `[${shape}]`).join(" and ");
	if (shapes(arrays) !== shapes(graph.inputs))
		throw new LayoutMismatchError(
			`${graph.name} takes samples of ${shapes(graph.inputs)}, ${name} has ${shapes(arrays)}`,
		);
	// What one's own loss makes of targets is its own business.
	if (loss.startsWith("file:")) return;
	const output = inferShapes(graph).get(graph.output) ?? [];
	const each = targets.length / samples;
	const classes = targets instanceof Int32Array ? (output.at(-1) ?? 1) : 1;
	if (each * classes !== sizeOf(output) && each !== sizeOf(output))
		throw new LayoutMismatchError(
			`${name}: ${each} targets a sample don't fit the output of ${graph.name}, [${output}]`,
		);
}

/** λ as given, or what suits the optimiser. */
export function weightDecayOf({ optimizer, weightDecay }: Pick<TrainOptions, "optimizer" | "weightDecay">): number {
	return weightDecay ?? optimizers[optimizer].weightDecay;
}

/** What is measured beside the loss, as given or as suits the targets. */
export function metricOf({ metric, data }: Pick<TrainOptions, "metric" | "data">): MetricName | undefined {
	return metric ?? (data.targets instanceof Int32Array ? "accuracy" : undefined);
}

/** The network before the first step. */
export function startOf({ graph, start, seed }: Pick<TrainOptions, "graph" | "start" | "seed">): State {
	return start ?? initialize(graph, seed);
}

/** How many steps an epoch has. */
export function stepsAnEpoch({ data, batchSize }: Pick<TrainOptions, "data" | "batchSize">): number {
	return Math.ceil(data.samples / batchSize);
}
