import { type Dataset, withArrays } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import { compileKernels } from "../kernels/module.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import type { State } from "../network/parameters.js";
import { share, sharedVector } from "../network/shared-memory.js";
import type { LossName } from "../objective/losses/index.js";

/**
 * Into how many parts a batch is cut. The parts are computed apart and added in order, so this number, and not how many
 * threads there are, is what the bytes depend on: it never changes. More parts would occupy more threads, but batch normalisation
 * takes its statistics from a part, and below 16 samples they get too noisy to train well with (Wu and He, ECCV 2018,
 * arXiv 1803.08494, figure 5): four parts are what a batch of 64 gives.
 */
export const SHARDS = 4;

/** Where a shard leaves what it computes. */
export interface ShardSlot {
	/** The gradient of the shard's mean loss, in parameter order. */
	readonly gradient: Float32Array;
	/** What the shard has in place of the running statistics, in their order. */
	readonly statistics: Float32Array;
}

/** What every thread of a training sees; typed arrays over SharedArrayBuffers stay shared when they are sent to a worker. */
export interface TrainMemory {
	readonly graph: Graph;
	readonly loss: LossName;
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

export type TrainMemoryOptions = Pick<TrainMemory, "graph" | "loss" | "precision" | "seed" | "data"> & {
	readonly batchSize: number;
};

/** @param shared whether workers will see it; one thread alone is spared the copy of the data */
export async function makeTrainMemory(
	{ graph, loss, precision, seed, data, batchSize }: TrainMemoryOptions,
	parameters: State,
	shared: boolean,
): Promise<TrainMemory> {
	const trained = sharedVector(parameters.parameters.length);
	const running = sharedVector(parameters.statistics.length);
	trained.set(parameters.parameters);
	running.set(parameters.statistics);
	return {
		graph,
		loss,
		precision,
		seed,
		data: shared ? withArrays(data, share) : data,
		state: { parameters: trained, statistics: running },
		batch: share(new Int32Array(batchSize)),
		slots: Array.from({ length: SHARDS }, () => ({
			gradient: sharedVector(trained.length),
			statistics: sharedVector(running.length),
		})),
		kernels: shared && precision !== "exact" ? await compileKernels(precision) : undefined,
	};
}
