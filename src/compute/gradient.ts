import { dispose, type Tensor, tensor, valueAndGrads } from "@tensorflow/tfjs-core";
import type { RandomStream } from "../exact/random.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import { type Layout, parameterLayout, type State, statisticsLayout } from "../network/parameters.js";
import type { Outputs } from "../objective/loss.js";
import { type LossName, losses } from "../objective/losses/index.js";
import { Backend } from "./backend.js";
import { bind } from "./evaluator.js";
import { execute } from "./execute.js";
import "./gradients/tfjs-gradients.js";

export interface GradientOptions {
	readonly graph: Graph;
	readonly loss: LossName;
	readonly precision: Precision;
	/** The kernels of that precision, where another thread has compiled them. */
	readonly kernels?: CompiledModule | undefined;
}

/** Samples that go through the network at once, with what it should make of them. */
export interface Samples {
	/** [count, ...sampleShape], flat. */
	readonly inputs: Float32Array | Int32Array;
	readonly targets: Float32Array | Int32Array;
	readonly count: number;
	readonly sampleShape: readonly number[];
}

/** Where a gradient goes, and what training has besides. */
export interface GradientTask {
	/** Receives ∂(mean loss)/∂θ, in parameter order. */
	readonly gradient: Float32Array;
	/** Receives what the samples have in place of the running statistics, in their order. */
	readonly statistics: Float32Array;
	/** Of dropout. */
	readonly random: RandomStream;
}

/** Differentiates the mean loss of one network with respect to its parameters, by reverse mode, in this thread. */
export class GradientEvaluator {
	readonly #backend: Backend;
	readonly #options: GradientOptions;
	readonly #layout: Layout;
	readonly #statisticsLayout: Layout;
	/** The state as tensors, for as long as it stays the same. */
	#bound: { readonly parameters: ReadonlyMap<string, Tensor>; readonly statistics: ReadonlyMap<string, Tensor> };

	private constructor(backend: Backend, options: GradientOptions) {
		this.#backend = backend;
		this.#options = options;
		this.#layout = parameterLayout(options.graph);
		this.#statisticsLayout = statisticsLayout(options.graph);
		this.#bound = { parameters: new Map(), statistics: new Map() };
	}

	static async create(options: GradientOptions): Promise<GradientEvaluator> {
		return new GradientEvaluator(await Backend.start(), options);
	}

	/** Takes the values of a state, as they are now, for the samples to come. */
	bind({ parameters, statistics }: State): void {
		this.release();
		this.#bound = {
			parameters: bind(this.#layout, parameters),
			statistics: bind(this.#statisticsLayout, statistics),
		};
	}

	/** The mean loss of some samples in training mode, and what the network made of them; the rest goes where the task says. */
	train(samples: Samples, task: GradientTask): { readonly loss: number; readonly outputs: Outputs } {
		const { graph, loss, precision, kernels } = this.#options;
		this.#backend.use({ precision, kernels, gradients: true });
		const { count, sampleShape, targets } = samples;
		const { parameters, statistics } = this.#bound;
		const width = targets.length / count;
		const inputs: Tensor = tensor(samples.inputs, [count, ...sampleShape]);
		const wanted: Tensor = tensor(targets, width === 1 ? [count] : [count, width]);
		const observe = (of: readonly Tensor[], measured: readonly Tensor[]) => this.#keep(task.statistics, of, measured);
		const mode = { training: true, gradient: true, random: task.random, observe };
		let outputs: Outputs = { values: new Float32Array(), width: 0, classes: 0, targets };
		const meanLoss = (...tensors: Tensor[]) => {
			const named = new Map(this.#layout.slots.map(({ name }, i) => [name, tensors[i] ?? inputs]));
			const output = execute(graph, new Map([...statistics, ...named, [graph.inputs[0]?.name ?? "", inputs]]), mode);
			outputs = {
				values: output.dataSync() as Float32Array,
				width: output.size / count,
				classes: output.shape.at(-1) ?? 1,
				targets,
			};
			return losses[loss].mean(output, wanted);
		};
		const { value, grads } = valueAndGrads(meanLoss)([...parameters.values()]);
		for (const [i, { offset }] of this.#layout.slots.entries())
			task.gradient.set((grads[i]?.dataSync() as Float32Array | undefined) ?? [], offset);
		const mean = value.dataSync()[0] ?? Number.NaN;
		dispose([inputs, wanted, value, ...grads]);
		return { loss: mean, outputs };
	}

	/** Frees the tensors of the state. */
	release(): void {
		dispose([...this.#bound.parameters.values(), ...this.#bound.statistics.values()]);
		this.#bound = { parameters: new Map(), statistics: new Map() };
	}

	#keep(into: Float32Array, of: readonly Tensor[], measured: readonly Tensor[]): void {
		for (const { name, offset } of this.#statisticsLayout.slots) {
			const index = of.indexOf(this.#bound.statistics.get(name) as Tensor);
			if (index >= 0) into.set(measured[index]?.dataSync() as Float32Array, offset);
		}
	}
}
