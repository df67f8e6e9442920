import { checkCall } from "../check/values.js";
import { RandomStream } from "../exact/random.js";
import type { State } from "../network/parameters.js";
import { metrics } from "../objective/metrics/index.js";
import type { OptimizerState, ResumePoint } from "../store/training-state.js";
import { makeTrainMemory, SHARDS, type TrainMemory } from "./memory.js";
import { type Movable, movingNetwork, stillOf } from "./movable.js";
import { type Optimizer, optimizers } from "./optimizers/index.js";
import {
	checkTraining,
	metricOf,
	startOf,
	stepsAnEpoch,
	type TrainOptions,
	trainChecks,
	weightDecayOf,
} from "./options.js";
import { rateFactor } from "./schedule.js";
import type { ShardResult, ShardTask } from "./shard.js";
import { startShardRunner } from "./shard-runner.js";

/** What has happened since the last one of these: a step, and perhaps the end of an epoch with it. */
export interface TrainProgress {
	/** Steps done, of how many. */
	readonly step: number;
	readonly steps: number;
	/** The mean loss of the step's batch, with dropout. */
	readonly loss: number;
	/** What it is the mean over: the batch's samples, or what the loss weighs them by. */
	readonly weight: number;
	/** The metric of the batch; null where there is none. */
	readonly metric: number | null;
	/** The sums that it comes from. */
	readonly sums: Float64Array;
	/** How many epochs are complete, if this step completed one. */
	readonly epoch: number | null;
	/** The network as it is now; changed by the next step. */
	readonly state: State;
	/** What a training is taken up from; changed by the next step too. */
	readonly resume: ResumePoint;
}

/** How much of the running statistics a step replaces; PyTorch's. */
const STATISTICS_MOMENTUM = 0.1;

/**
 * Trains a network, from fresh parameters or those given, a step at a time. The same options give the same bytes, for any number of
 * threads.
 *
 * Every epoch takes all samples in an order of its own; a last batch that is not full is taken as it is. A batch is cut into
 * `SHARDS` parts whose gradients, weighted by what counts in them, are added in order. Batch normalisation normalises each part by
 * its own statistics (ghost batch normalisation: Hoffer, Hubara, Soudry, NeurIPS 2017, arXiv 1705.08741); after the step
 * the running ones move a tenth of the way to the parts' means, weighted by samples, of variances over n - 1.
 *
 * What does not move has no gradient, no weight decay and no momentum: it stays as it is to the bit.
 *
 * @throws {OptionError | GraphError | LayoutMismatchError} when an option, or graph, data and loss together, can't be used
 * @param from where an earlier start with the same options had got; its arrays are left as they are
 */
export async function* train(options: TrainOptions, from?: ResumePoint): AsyncGenerator<TrainProgress> {
	checkCall(options, trainChecks);
	await checkTraining(options);
	yield* steps(options, from);
}

/** The same, of options that have been checked. */
export async function* steps(options: TrainOptions, from?: ResumePoint): AsyncGenerator<TrainProgress> {
	const optimizer = optimizers[options.optimizer].create(weightDecayOf(options));
	yield* stepsOf(options, from?.state ?? startOf(options), optimizer, (state) => movingNetwork(options, state), from);
}

/**
 * The steps of any training: of a network, or of what a network is formed from anew at each step.
 *
 * @param start a network, which the memory of the threads begins with
 * @param move  what the training moves, given that memory
 * @param from  how many steps there have been, and what the optimiser remembers of them
 */
export async function* stepsOf(
	options: TrainOptions,
	start: State,
	optimizer: Optimizer,
	move: (state: State) => Movable,
	from?: Pick<ResumePoint, "step" | "optimizer">,
): AsyncGenerator<TrainProgress> {
	const { graph, data, loss, lossSettings = {}, batchSize, epochs, seed, precision, threads = 1 } = options;
	const still = stillOf(options);
	const metric = metricOf(options);
	const memory = await makeTrainMemory(
		{ graph, data, loss, lossSettings, metric, still, batchSize, seed, precision },
		start,
		threads > 1,
	);
	const moved = move(memory.state);
	const memorized = copyOf(from?.optimizer ?? optimizer.init(moved.values.length));
	const gradient = new Float32Array(memory.slots[0]?.gradient.length ?? 0);
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
			moved.form(step);
			const tasks = cutIntoShards(step, chosen.length);
			const results = await runner.run(tasks);
			addGradients(gradient, weighted(results, tasks, memory));
			moveRunningStatistics(moved.statistics, tasks, memory);
			const rate = options.learningRate * rateFactor(options.schedule ?? "constant", step, steps, options.warmUp ?? 0);
			optimizer.update(moved.values, moved.pullBack(gradient), memorized, rate);
			moved.putBack();
			yield {
				step: step + 1,
				steps,
				...meanOf(results, memory),
				epoch: (step + 1) % perEpoch === 0 ? epoch + 1 : null,
				state: memory.state,
				resume: { step: step + 1, state: moved.kept, optimizer: memorized },
			};
			// Lets timers and signals in.
			await new Promise(setImmediate);
		}
	} finally {
		await runner.close();
	}
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

/** A shard's vector, and the share that it has. */
interface Part {
	readonly share: number;
	readonly vector: Float32Array;
}

/** Gradients of the shards, each with its share of what counts in the batch; all 0 where nothing does. */
function weighted(results: readonly ShardResult[], tasks: readonly ShardTask[], { slots }: TrainMemory): Part[] {
	const total = results.reduce((sum, { weight }) => sum + weight, 0);
	return tasks.map(({ shard }, i) => ({
		share: total === 0 ? 0 : (results[i]?.weight ?? 0) / total,
		vector: slots[shard]?.gradient ?? new Float32Array(),
	}));
}

/** The gradient of the batch's mean loss: added in float64 in the order of the shards, rounded once. */
function addGradients(gradient: Float32Array, parts: readonly Part[]): void {
	const [first, second, third, fourth] = parts;
	if (first !== undefined && second !== undefined && third !== undefined && fourth !== undefined) {
		const [a, b, c, d] = [first.vector, second.vector, third.vector, fourth.vector];
		// All four in one pass over memory, which is what this costs.
		for (let i = 0; i < gradient.length; i++)
			gradient[i] =
				first.share * (a[i] ?? 0) + second.share * (b[i] ?? 0) + third.share * (c[i] ?? 0) + fourth.share * (d[i] ?? 0);
		return;
	}
	for (let i = 0; i < gradient.length; i++)
		gradient[i] = parts.reduce((sum, { share, vector }) => sum + share * (vector[i] ?? 0), 0);
}

function moveRunningStatistics(running: Float32Array, tasks: readonly ShardTask[], { slots }: TrainMemory): void {
	const size = tasks.reduce((sum, { from, to }) => sum + to - from, 0);
	const parts = tasks.map(
		({ shard, from, to }): Part => ({
			share: (to - from) / size,
			vector: slots[shard]?.statistics ?? new Float32Array(),
		}),
	);
	for (let i = 0; i < running.length; i++) {
		const measured = parts.reduce((sum, { share, vector }) => sum + share * (vector[i] ?? 0), 0);
		running[i] = (1 - STATISTICS_MOMENTUM) * (running[i] ?? 0) + STATISTICS_MOMENTUM * measured;
	}
}

/** Loss and metric over the parts of a batch. */
function meanOf(results: readonly ShardResult[], { metric }: TrainMemory) {
	let [loss, weight] = [0, 0];
	const sums = new Float64Array(metric === undefined ? 0 : metrics[metric].sums);
	for (const result of results) {
		loss += result.loss * result.weight;
		weight += result.weight;
		for (const [i, sum] of result.sums.entries()) sums[i] = (sums[i] ?? 0) + sum;
	}
	return { loss: loss / weight, weight, metric: metric === undefined ? null : metrics[metric].value(sums), sums };
}
