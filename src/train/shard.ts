import { GradientEvaluator, type Samples } from "../compute/gradient.js";
import { RandomStream } from "../exact/random.js";
import { countCorrect } from "../objective/metrics/accuracy.js";
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
	/** The mean over the shard's samples, with dropout. */
	readonly loss: number;
	/** How many of them have their class as largest output; NaN where targets are no classes. */
	readonly correct: number;
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
		return new ShardTrainer(memory, await GradientEvaluator.create(memory));
	}

	/** The mean loss of a shard in training mode; its gradient and statistics go into the shard's slot. */
	run({ step, shard, from, to }: ShardTask): ShardResult {
		const { state, seed, data, batch, slots } = this.#memory;
		const slot = slots[shard];
		if (slot === undefined) throw new RangeError(`there is no shard ${shard}`);
		if (step !== this.#step) this.#evaluator.bind(state);
		this.#step = step;
		const samples = gather(data, batch.subarray(from, to));
		const random = new RandomStream(seed, "dropout", step * SHARDS + shard);
		const { loss, outputs } = this.#evaluator.train(samples, { ...slot, random });
		const areClasses = outputs.targets instanceof Int32Array && outputs.targets.length === samples.count;
		return { loss, correct: areClasses ? countCorrect(outputs) : Number.NaN };
	}

	/** Frees the tensors that are kept between the shards of a step. */
	release(): void {
		this.#evaluator.release();
		this.#step = -1;
	}
}

/** The chosen samples of a data set, one after another. */
function gather({ inputs, targets, samples, sampleShape }: TrainMemory["data"], chosen: Int32Array): Samples {
	const take = <A extends Float32Array | Int32Array>(values: A): A => {
		const size = values.length / samples;
		const taken = new (values.constructor as new (length: number) => A)(chosen.length * size);
		for (const [i, sample] of chosen.entries())
			taken.set(values.subarray(sample * size, (sample + 1) * size), i * size);
		return taken;
	};
	return { inputs: take(inputs), targets: take(targets), count: chosen.length, sampleShape };
}
