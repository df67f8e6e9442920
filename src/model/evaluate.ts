import { dispose, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { Dataset } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import { countCorrect } from "../loss/accuracy.js";
import { type LossName, losses } from "../loss/index.js";
import type { Precision } from "../provenance.js";
import { startBackend, usePrecision } from "./backend.js";
import { execute } from "./execute.js";
import { fuse } from "./fuse.js";
import type { Graph } from "./graph.js";
import { type Layout, parameterLayout, runningLayout, slice } from "./params.js";

/** How a network does on a data set. */
export interface Evaluation {
	/** Mean over the samples, summed in float64 in data order. */
	readonly loss: number;
	/** Fraction of samples, 0 to 1. */
	readonly accuracy: number;
}

/**
 * How many samples go through the network at once. No value depends on it (but for batch normalisation by the batch). From
 * 16 to 256 the default network takes the same time within 4 % (bench/forward.js); 64 hold 8 MB of activations, 256 hold 31.
 */
const EVALUATION_BATCH = 64;

export interface EvaluatorOptions {
	readonly graph: Graph;
	/** The running statistics, flat; empty where the network has none. */
	readonly running: Float32Array;
	readonly data: Dataset;
	readonly loss: LossName;
	readonly precision: Precision;
	/** The kernels of that precision, where another thread has compiled them. */
	readonly kernels?: CompiledModule | undefined;
}

/** Evaluates one network on one data set, for any values of its parameters, in this thread. */
export class Evaluator {
	readonly #graph: Graph;
	readonly #layout: Layout;
	readonly #data: Dataset;
	readonly #loss: LossName;
	readonly #precision: Precision;
	readonly #running: ReadonlyMap<string, Tensor>;

	private constructor({ graph, running, data, loss, precision }: EvaluatorOptions) {
		this.#graph = fuse(graph, precision);
		this.#precision = precision;
		this.#layout = parameterLayout(graph);
		this.#data = data;
		this.#loss = loss;
		this.#running = bind(runningLayout(graph), running);
	}

	/** Starts the backend of this thread first, where that has not been done. */
	static async create(options: EvaluatorOptions): Promise<Evaluator> {
		await startBackend();
		usePrecision(options.precision, options.kernels);
		return new Evaluator(options);
	}

	/** @param parameters flat vector, one value a parameter */
	evaluate(parameters: Float32Array): Evaluation {
		usePrecision(this.#precision);
		const { samples, targets } = this.#data;
		// Fresh tensors every time: the backend packs weights once a tensor and would not see new values in an old one.
		const values = bind(this.#layout, parameters);
		let lossSum = 0;
		let correct = 0;
		for (let start = 0; start < samples; start += EVALUATION_BATCH) {
			const end = Math.min(start + EVALUATION_BATCH, samples);
			const outputs = { ...this.#forward(values, start, end), targets: targets.subarray(start, end) };
			lossSum = losses[this.#loss].add(lossSum, outputs);
			correct += countCorrect(outputs);
		}
		dispose([...values.values()]);
		return { loss: lossSum / samples, accuracy: correct / samples };
	}

	/** The network's outputs for samples `start` to `end` - 1. */
	#forward(parameters: ReadonlyMap<string, Tensor>, start: number, end: number) {
		const { inputs, samples, sampleShape } = this.#data;
		const size = inputs.length / samples;
		const batch = tensor(inputs.subarray(start * size, end * size), [end - start, ...sampleShape]);
		const output = execute(
			this.#graph,
			new Map([...this.#running, ...parameters, [this.#graph.inputs[0]?.name ?? "", batch]]),
		);
		const result = { values: output.dataSync() as Float32Array, width: output.size / (end - start) };
		dispose([batch, output]);
		return result;
	}
}

/** A tensor for every slot of a flat vector, by name; the caller disposes them. */
export function bind(layout: Layout, vector: Float32Array): Map<string, Tensor> {
	return new Map(layout.slots.map((slot) => [slot.name, tensor(slice(vector, slot), [...slot.shape])]));
}
