import { GradientEvaluator } from "../compute/gradient.js";
import { pickSamples } from "../data/dataset.js";
import { RandomStream } from "../exact/random.js";
import { metrics } from "../objective/metrics/index.js";
import { loadLoss } from "../objective/module.js";
import { SHARDS, type TrainMemory } from "./memory.js";

/** A part of a step's batch: places `from` to `to` - 1 of it. */
export interface ShardTask {
	/** Counted from 0. */
	readonly step: number;
	readonly shard: number;
	readonly from: number;
	readonly to: number;
}

export interface ShardResult {
	/** The mean over what counts in the shard, with dropout. */
	readonly loss: number;
	/** How much that is. */
	readonly weight: number;
	/** The sums of the metric over the shard; none where there is no metric. */
	readonly sums: Float64Array;
}

/** Computes loss and gradient of parts of a batch, in this thread. */
export class ShardTrainer {
	readonly #memory: TrainMemory;
	readonly #evaluator: GradientEvaluator;
	/** The step whose parameters the evaluator has: the shards of one step share them. */
	#step = -1;

	private constructor(memory: TrainMemory, evaluator: GradientEvaluator) {
		this.#memory = memory;
		this.#evaluator = evaluator;
	}

	static async create(memory: TrainMemory): Promise<ShardTrainer> {
		const loss = await loadLoss(memory.loss, memory.lossSettings);
		return new ShardTrainer(memory, await GradientEvaluator.create({ ...memory, loss }));
	}

	/** The mean loss of a shard in training mode; its gradient and statistics go into the shard's slot. */
	run({ step, shard, from, to }: ShardTask): ShardResult {
		const { state, seed, data, batch, slots, metric } = this.#memory;
		const slot = slots[shard];
		if (slot === undefined) throw new RangeError(`there is no shard ${shard}`);
		if (step !== this.#step) this.#evaluator.bind(state);
		this.#step = step;
		const samples = pickSamples(data, batch.subarray(from, to));
		const random = new RandomStream(seed, "dropout", step * SHARDS + shard);
		const { loss, weight, outputs } = this.#evaluator.train(samples, { ...slot, random });
		const sums = new Float64Array(metric === undefined ? 0 : metrics[metric].sums);
		if (metric !== undefined) metrics[metric].add(sums, outputs);
		return { loss, weight, sums };
	}

	/** Frees the tensors that are kept between the shards of a step. */
	release(): void {
		this.#evaluator.release();
		this.#step = -1;
	}
}
