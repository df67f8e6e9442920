import { dispose, type Tensor, tensor, valueAndGrads } from "@tensorflow/tfjs-core";
import { startBackend, usePrecision } from "../compute/backend.js";
import { bind } from "../compute/evaluator.js";
import { execute } from "../compute/execute.js";
import { registerGradientKernels } from "../compute/gradients/kernels.js";
import { RandomStream } from "../exact/random.js";
import type { Mode } from "../network/ops/op.js";
import { type Layout, parameterLayout, statisticsLayout } from "../network/parameters.js";
import { losses } from "../objective/losses/index.js";
import { countCorrect } from "../objective/metrics/accuracy.js";
import { SHARDS, type TrainMemory } from "./memory.js";
import "../compute/gradients/tfjs-gradients.js";

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
	readonly #layout: Layout;
	readonly #runningLayout: Layout;
	/** The parameters as tensors, for as long as they stay the same. */
	#bound: { readonly step: number; readonly trained: Map<string, Tensor>; readonly running: Map<string, Tensor> };

	private constructor(memory: TrainMemory) {
		this.#memory = memory;
		this.#layout = parameterLayout(memory.graph);
		this.#runningLayout = statisticsLayout(memory.graph);
		this.#bound = { step: -1, trained: new Map(), running: new Map() };
	}

	/** Starts the backend of this thread first, where that has not been done. */
	static async create(memory: TrainMemory): Promise<ShardTrainer> {
		await startBackend();
		// The composed kernels take the place of stock ones; those of the other modes go on top of them.
		usePrecision("exact");
		registerGradientKernels();
		usePrecision(memory.precision, memory.kernels);
		return new ShardTrainer(memory);
	}

	/** The mean loss of a shard in training mode; its gradient and statistics go into the shard's slot. */
	run({ step, shard, from, to }: ShardTask): ShardResult {
		const { graph, loss, precision, seed, data, batch, slots } = this.#memory;
		// An evaluation in between may have left another mode.
		usePrecision(precision, this.#memory.kernels);
		const slot = slots[shard];
		if (slot === undefined) throw new RangeError(`there is no shard ${shard}`);
		const { trained, running } = this.#parametersAt(step);
		const { samples, targets, labels } = gather(data, batch.subarray(from, to));
		const mode: Mode = {
			training: true,
			random: new RandomStream(seed, "dropout", step * SHARDS + shard),
			observe: (of, measured) => this.#keepStatistics(running, slot.statistics, of, measured),
		};
		let correct = Number.NaN;
		const meanLoss = (...tensors: Tensor[]) => {
			const named = new Map(this.#layout.slots.map(({ name }, i) => [name, tensors[i] ?? samples]));
			const output = execute(graph, new Map([...running, ...named, [graph.inputs[0]?.name ?? "", samples]]), mode);
			if (labels !== undefined) {
				const values = output.dataSync() as Float32Array;
				correct = countCorrect({ values, width: output.size / (to - from), targets: labels });
			}
			return losses[loss].mean(output, targets);
		};
		const { value, grads } = valueAndGrads(meanLoss)([...trained.values()]);
		for (const [i, { offset }] of this.#layout.slots.entries())
			slot.gradient.set((grads[i]?.dataSync() as Float32Array | undefined) ?? [], offset);
		const result = { loss: value.dataSync()[0] ?? Number.NaN, correct };
		dispose([samples, targets, value, ...grads]);
		return result;
	}

	/** The parameters as they stand at a step; the shards of one step share the tensors. */
	#parametersAt(step: number) {
		if (this.#bound.step === step) return this.#bound;
		this.release();
		const { parameters, statistics } = this.#memory.state;
		this.#bound = { step, trained: bind(this.#layout, parameters), running: bind(this.#runningLayout, statistics) };
		return this.#bound;
	}

	/** Frees the tensors that are kept between the shards of a step. */
	release(): void {
		dispose([...this.#bound.trained.values(), ...this.#bound.running.values()]);
		this.#bound = { step: -1, trained: new Map(), running: new Map() };
	}

	#keepStatistics(
		bound: ReadonlyMap<string, Tensor>,
		statistics: Float32Array,
		of: readonly Tensor[],
		measured: readonly Tensor[],
	): void {
		for (const { name, offset } of this.#runningLayout.slots) {
			const index = of.indexOf(bound.get(name) as Tensor);
			if (index >= 0) statistics.set(measured[index]?.dataSync() as Float32Array, offset);
		}
	}
}

/** The chosen samples as a batch of tensors; `labels` where the targets are one class a sample. */
function gather({ inputs, targets, samples, sampleShape }: TrainMemory["data"], chosen: Int32Array) {
	const take = <A extends Float32Array | Int32Array>(values: A): A => {
		const size = values.length / samples;
		const taken = new (values.constructor as new (length: number) => A)(chosen.length * size);
		for (const [i, sample] of chosen.entries())
			taken.set(values.subarray(sample * size, (sample + 1) * size), i * size);
		return taken;
	};
	const wanted = take(targets);
	const width = wanted.length / chosen.length;
	return {
		samples: tensor(take(inputs), [chosen.length, ...sampleShape]) as Tensor,
		targets: tensor(wanted, width === 1 ? [chosen.length] : [chosen.length, width]) as Tensor,
		labels: wanted instanceof Int32Array && width === 1 ? wanted : undefined,
	};
}
