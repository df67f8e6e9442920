import { type Dataset, withArrays } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import { compileKernels } from "../kernels/module.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import { parameterLayout, type State, statisticsLayout } from "../network/parameters.js";
import { share, sharedVector } from "../network/shared-memory.js";
import type { LossSettings } from "../objective/loss.js";
import type { MetricName } from "../objective/metrics/index.js";
import type { LossReference } from "../objective/module.js";

/**
 * Into how many parts a batch is cut. The parts are computed apart and added in order, so this number, and not how many
 * threads there are, is what the bytes depend on: it never changes. More parts would occupy more threads, but batch normalisation
 * takes its statistics from a part, and below 16 samples they get too noisy to train well with (Wu and He, ECCV 2018,
 * arXiv 1803.08494, figure 5): four parts are what a batch of 64 gives.
 */
export const SHARDS = 4;

/** Where a shard leaves what it computes. */
export interface ShardSlot {
	/** The gradient of the shard's mean loss by the parameters that move, in their order. */
	readonly gradient: Float32Array;
	/** What the shard has in place of the running statistics that move, in their order. */
	readonly statistics: Float32Array;
}

/** What every thread of a training sees; typed arrays over SharedArrayBuffers stay shared when they are sent to a worker. */
export interface TrainMemory {
	readonly graph: Graph;
	readonly loss: LossReference;
	readonly lossSettings: LossSettings;
	/** What is measured beside it. */
	readonly metric: MetricName | undefined;
	/** Names of tensors that don't move. */
	readonly still: ReadonlySet<string>;
	readonly precision: Precision;
	/** Of dropout. */
	readonly seed: number;
	readonly data: Dataset;
	/** θ, changed between steps only. */
	readonly state: State;
	/** The numbers of the samples of the current batch. */
	readonly batch: Int32Array;
	/** One for each shard. */
	readonly slots: readonly ShardSlot[];
	/** Compiled once for all workers; undefined in `exact` mode. */
	readonly kernels: CompiledModule | undefined;
}

export type TrainMemoryOptions = Omit<TrainMemory, "state" | "batch" | "slots" | "kernels"> & {
	readonly batchSize: number;
};

/** @param shared whether workers will see it; one thread alone is spared the copy of the data */
export async function makeTrainMemory(
	{ batchSize, ...options }: TrainMemoryOptions,
	start: State,
	shared: boolean,
): Promise<TrainMemory> {
	const { graph, still, data, precision } = options;
	const parameters = sharedVector(start.parameters.length);
	const statistics = sharedVector(start.statistics.length);
	parameters.set(start.parameters);
	statistics.set(start.statistics);
	return {
		...options,
		data: shared ? withArrays(data, share) : data,
		state: { parameters, statistics },
		batch: share(new Int32Array(batchSize)),
		slots: Array.from({ length: SHARDS }, () => ({
			gradient: sharedVector(parameterLayout(graph, still).length),
			statistics: sharedVector(statisticsLayout(graph, still).length),
		})),
		kernels: shared && precision !== "exact" ? await compileKernels(precision) : undefined,
	};
}
