import { dispose, type Tensor, tensor, tensor1d, valueAndGrads } from "@tensorflow/tfjs-core";
import type { Dataset } from "../data/dataset.js";
import { type LossName, losses } from "../loss/index.js";
import { startBackend, usePrecision } from "../model/backend.js";
import { bind } from "../model/evaluate.js";
import { execute } from "../model/execute.js";
import type { Graph } from "../model/graph.js";
import { initialize } from "../model/initialize.js";
import { type Layout, type Parameters, parameterLayout, runningLayout } from "../model/params.js";
import type { Precision } from "../provenance.js";
import { RandomStream } from "../random.js";
import { registerGradientKernels } from "./gradient-kernels.js";
import { type OptimizerName, optimizers } from "./optimizers/index.js";
import "./tfjs-gradients.js";

export interface TrainOptions {
	readonly graph: Graph;
	readonly data: Dataset;
	readonly loss: LossName;
	readonly optimizer: OptimizerName;
	readonly learningRate: number;
	readonly batchSize: number;
	readonly epochs: number;
	/** Of the initial parameters, the order of the samples and dropout. */
	readonly seed: number;
	readonly precision: Precision;
}

/** What has happened since the last one of these: a step, and perhaps the end of an epoch with it. */
export interface TrainProgress {
	/** Steps done, of how many. */
	readonly step: number;
	readonly steps: number;
	/** The mean loss of the step's batch, with dropout. */
	readonly loss: number;
	/** How many epochs are complete, if this step completed one. */
	readonly epoch: number | null;
	/** The network as it is now; changed by the next step. */
	readonly parameters: Parameters;
}

/**
 * Trains a network from fresh parameters, a step at a time. The same options give the same bytes.
 *
 * Every epoch takes all samples in an order of its own; a last batch that is not full is taken as it is.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainProgress> {
	const { graph, data, batchSize, epochs, seed, learningRate } = options;
	await startBackend();
	// The composed kernels take the place of stock ones; those of the other modes go on top of them.
	usePrecision("exact");
	registerGradientKernels();
	usePrecision(options.precision);
	const optimizer = optimizers[options.optimizer].create(0);
	const parameters = initialize(graph, seed);
	const state = optimizer.init(parameters.trained.length);
	const steps = epochs * Math.ceil(data.samples / batchSize);
	for (let epoch = 0, step = 0; epoch < epochs; epoch++) {
		const order = new RandomStream(seed, "epochOrder", epoch).permutation(data.samples);
		for (let start = 0; start < data.samples; start += batchSize) {
			const chosen = order.subarray(start, start + batchSize);
			const { loss, gradient } = lossAndGradient(options, parameters, chosen, step);
			optimizer.update(parameters.trained, gradient, state, learningRate);
			step += 1;
			yield { step, steps, loss, epoch: start + batchSize >= data.samples ? epoch + 1 : null, parameters };
			// Lets timers and signals in.
			await new Promise(setImmediate);
		}
	}
}

/** The mean loss of a batch in training mode, and its gradient as a flat vector. */
function lossAndGradient(
	{ graph, data, loss, seed }: TrainOptions,
	parameters: Parameters,
	chosen: Uint32Array,
	step: number,
): { loss: number; gradient: Float32Array } {
	const layout = parameterLayout(graph);
	const values = bind(layout, parameters.trained);
	const running = bind(runningLayout(graph), parameters.running);
	const { samples, targets } = gather(data, chosen);
	const mode = { training: true, random: new RandomStream(seed, "dropout", step) };
	const meanLoss = (...trained: Tensor[]) => {
		const named = new Map(layout.slots.map(({ name }, i) => [name, trained[i] ?? samples]));
		const output = execute(graph, new Map([...running, ...named, [graph.inputs[0]?.name ?? "", samples]]), mode);
		return losses[loss].mean(output, targets);
	};
	const { value, grads } = valueAndGrads(meanLoss)([...values.values()]);
	const result = { loss: value.dataSync()[0] ?? Number.NaN, gradient: flatten(layout, grads) };
	dispose([samples, targets, value, ...grads, ...values.values(), ...running.values()]);
	return result;
}

/** The chosen samples as a batch of tensors. */
function gather({ inputs, targets, samples, sampleShape }: Dataset, chosen: Uint32Array) {
	const size = inputs.length / samples;
	const batch = new Float32Array(chosen.length * size);
	for (const [i, sample] of chosen.entries()) batch.set(inputs.subarray(sample * size, (sample + 1) * size), i * size);
	return {
		samples: tensor(batch, [chosen.length, ...sampleShape]) as Tensor,
		targets: tensor1d(
			Int32Array.from(chosen, (sample) => targets[sample] ?? 0),
			"int32",
		) as Tensor,
	};
}

function flatten(layout: Layout, grads: readonly Tensor[]): Float32Array {
	const gradient = new Float32Array(layout.length);
	for (const [i, { offset }] of layout.slots.entries()) {
		const values = grads[i]?.dataSync();
		if (values !== undefined) gradient.set(values, offset);
	}
	return gradient;
}
