import { type Check, checkCall, isNotNegative, isOneOf, isPerhaps, isPositive, isWhole } from "../check/values.js";
import { checkDataset, type Dataset } from "../data/dataset.js";
import { RandomStream } from "../exact/random.js";
import { type Precision, precisions } from "../kernels/precision.js";
import { checkGraph } from "../network/check.js";
import type { Graph } from "../network/graph.js";
import { initialize } from "../network/initialize.js";
import type { State } from "../network/parameters.js";
import { type LossName, losses } from "../objective/losses/index.js";
import type { OptimizerState, ResumePoint } from "../store/training-state.js";
import { makeTrainMemory, SHARDS, type TrainMemory } from "./memory.js";
import { type OptimizerName, optimizers } from "./optimizers/index.js";
import { rateFactor, type ScheduleName, scheduleNames } from "./schedule.js";
import type { ShardResult, ShardTask } from "./shard.js";
import { startShardRunner } from "./shard-runner.js";

/** All that the bytes of a training depend on; and `threads`, on which they don't. */
export interface TrainOptions {
	/** What is trained. */
	readonly graph: Graph;
	/** What it is trained on. */
	readonly data: Dataset;
	/** What is made small. */
	readonly loss: LossName;
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
	/** Of the initial parameters, the order of the samples and dropout. */
	readonly seed: number;
	/** Which kernels compute. */
	readonly precision: Precision;
	/** How many workers; 1, which computes in this thread, where nothing is said. Beyond `SHARDS` there is no gain. */
	readonly threads?: number;
}

/** What the types say of these, for callers who have none. */
export const trainChecks = {
	graph: checkGraph,
	data: checkDataset,
	loss: isOneOf(Object.keys(losses)),
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

/** What has happened since the last one of these: a step, and perhaps the end of an epoch with it. */
export interface TrainProgress {
	/** Steps done, of how many. */
	readonly step: number;
	readonly steps: number;
	/** The mean loss of the step's batch, with dropout. */
	readonly loss: number;
	/** The share of the batch's samples, 0 to 1, whose class had the largest output; NaN where targets are no classes. */
	readonly accuracy: number;
	/** How many epochs are complete, if this step completed one. */
	readonly epoch: number | null;
	/** The network as it is now; changed by the next step. */
	readonly state: State;
	/** What a training is taken up from; changed by the next step too. */
	readonly resume: ResumePoint;
}

/** How much of the running statistics a step replaces; PyTorch's. */
const STATISTICS_MOMENTUM = 0.1;

/** How many steps an epoch has. */
export function stepsAnEpoch({ data, batchSize }: Pick<TrainOptions, "data" | "batchSize">): number {
	return Math.ceil(data.samples / batchSize);
}

/**
 * Trains a network from fresh parameters, a step at a time. The same options give the same bytes, for any number of threads.
 *
 * Every epoch takes all samples in an order of its own; a last batch that is not full is taken as it is. A batch is cut into
 * `SHARDS` parts whose gradients, weighted by their samples, are added in order. Batch normalisation normalises each part by
 * its own statistics (ghost batch normalisation: Hoffer, Hubara, Soudry, NeurIPS 2017, arXiv 1705.08741); after the step
 * the running ones move a tenth of the way to the parts' means, weighted likewise, of variances over n - 1.
 *
 * @throws {OptionError | GraphError | LayoutMismatchError} when an option, or graph and data, can't be used
 * @param from where an earlier start with the same options had got; its arrays are left as they are
 */
export async function* train(options: TrainOptions, from?: ResumePoint): AsyncGenerator<TrainProgress> {
	checkCall(options, trainChecks);
	yield* steps(options, from);
}

/** The same, of options that have been checked. */
export async function* steps(options: TrainOptions, from?: ResumePoint): AsyncGenerator<TrainProgress> {
	const { graph, data, batchSize, epochs, seed, threads = 1 } = options;
	const optimizer = optimizers[options.optimizer].create(weightDecayOf(options));
	const start = from?.state ?? initialize(graph, seed);
	const memory = await makeTrainMemory(options, start, threads > 1);
	const { state } = memory;
	const memorized = copyOf(from?.optimizer ?? optimizer.init(start.parameters.length));
	const gradient = new Float32Array(start.parameters.length);
	const perEpoch = stepsAnEpoch(options);
	const steps = epochs * perEpoch;
	const runner = await startShardRunner(memory, threads);
	try {
		let order: Uint32Array = new Uint32Array();
		for (let step = from?.step ?? 0; step < steps; step++) {
			const epoch = Math.floor(step / perEpoch);
			const place = (step % perEpoch) * batchSize;
			if (place === 0 || order.length === 0)
				order = new RandomStream(seed, "epochOrder", epoch).permutation(data.samples);
			const chosen = order.subarray(place, place + batchSize);
			memory.batch.set(chosen);
			const tasks = cutIntoShards(step, chosen.length);
			const results = await runner.run(tasks);
			addGradients(gradient, tasks, memory);
			moveRunningStatistics(state.statistics, tasks, memory);
			const rate = options.learningRate * rateFactor(options.schedule ?? "constant", step, steps, options.warmUp ?? 0);
			optimizer.update(state.parameters, gradient, memorized, rate);
			yield {
				step: step + 1,
				steps,
				...mean(tasks, results, chosen.length),
				epoch: (step + 1) % perEpoch === 0 ? epoch + 1 : null,
				state,
				resume: { step: step + 1, state, optimizer: memorized },
			};
			// Lets timers and signals in.
			await new Promise(setImmediate);
		}
	} finally {
		await runner.close();
	}
}

/** λ as given, or what suits the optimiser. */
export function weightDecayOf({ optimizer, weightDecay }: Pick<TrainOptions, "optimizer" | "weightDecay">): number {
	return weightDecay ?? optimizers[optimizer].weightDecay;
}

function copyOf({ step, vectors }: OptimizerState): OptimizerState {
	return { step, vectors: vectors.map((vector) => vector.slice()) };
}

/** Parts of a batch whose sizes differ by one at most; a batch smaller than that has fewer. */
function cutIntoShards(step: number, size: number): ShardTask[] {
	return Array.from({ length: SHARDS }, (_, shard) => ({
		step,
		shard,
		from: Math.floor((shard * size) / SHARDS),
		to: Math.floor(((shard + 1) * size) / SHARDS),
	})).filter(({ from, to }) => from < to);
}

/** The share of the batch that each shard has, with the vector that `of` takes from its slot. */
function weighted(tasks: readonly ShardTask[], { slots }: TrainMemory, of: "gradient" | "statistics") {
	const size = tasks.reduce((sum, { from, to }) => sum + to - from, 0);
	return tasks.map(({ shard, from, to }) => ({
		weight: (to - from) / size,
		vector: slots[shard]?.[of] ?? new Float32Array(),
	}));
}

/** The gradient of the batch's mean loss: added in float64 in the order of the shards, rounded once. */
function addGradients(gradient: Float32Array, tasks: readonly ShardTask[], memory: TrainMemory): void {
	const [first, second, third, fourth] = weighted(tasks, memory, "gradient");
	if (first !== undefined && second !== undefined && third !== undefined && fourth !== undefined) {
		const [a, b, c, d] = [first.vector, second.vector, third.vector, fourth.vector];
		// All four in one pass over memory, which is what this costs.
		for (let i = 0; i < gradient.length; i++)
			gradient[i] =
				first.weight * (a[i] ?? 0) +
				second.weight * (b[i] ?? 0) +
				third.weight * (c[i] ?? 0) +
				fourth.weight * (d[i] ?? 0);
		return;
	}
	const parts = [first, second, third].filter((part) => part !== undefined);
	for (let i = 0; i < gradient.length; i++)
		gradient[i] = parts.reduce((sum, { weight, vector }) => sum + weight * (vector[i] ?? 0), 0);
}

function moveRunningStatistics(running: Float32Array, tasks: readonly ShardTask[], memory: TrainMemory): void {
	const parts = weighted(tasks, memory, "statistics");
	for (let i = 0; i < running.length; i++) {
		const measured = parts.reduce((sum, { weight, vector }) => sum + weight * (vector[i] ?? 0), 0);
		running[i] = (1 - STATISTICS_MOMENTUM) * (running[i] ?? 0) + STATISTICS_MOMENTUM * measured;
	}
}

function mean(tasks: readonly ShardTask[], results: readonly ShardResult[], size: number) {
	let [loss, correct] = [0, 0];
	for (const [i, { from, to }] of tasks.entries()) {
		loss += (results[i]?.loss ?? Number.NaN) * (to - from);
		correct += results[i]?.correct ?? Number.NaN;
	}
	return { loss: loss / size, accuracy: correct / size };
}
