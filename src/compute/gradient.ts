import { dispose, div, sum, type Tensor, tensor, valueAndGrads } from "@tensorflow/tfjs-core";
import type { Dataset } from "../data/dataset.js";
import type { RandomStream } from "../exact/random.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Precision } from "../kernels/precision.js";
import { withFixedStatistics } from "../network/fixed-statistics.js";
import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import { type Layout, parameterLayout, type State, statisticsLayout } from "../network/parameters.js";
import { unrolled } from "../network/unroll.js";
import type { Outputs } from "../objective/loss.js";
import type { SummedLoss } from "../objective/module.js";
import { Backend } from "./backend.js";
import { bind, bindSamples } from "./evaluator.js";
import { execute } from "./execute.js";
import { lossAlone, OUTPUT, TARGET } from "./loss-graph.js";
import "./gradients/tfjs-gradients.js";

export interface GradientOptions {
	readonly graph: Graph;
	readonly loss: SummedLoss;
	/** Names of tensors that don't move: parameters without a gradient, statistics that hold in training, too. */
	readonly still: ReadonlySet<string>;
	readonly precision: Precision;
	/** The kernels of that precision, where another thread has compiled them. */
	readonly kernels?: CompiledModule | undefined;
}

/** Where a gradient goes, and what training has besides. */
export interface GradientTask {
	/** Receives ∂(mean loss)/∂θ of what moves, in parameter order. */
	readonly gradient: Float32Array;
	/** Receives what the samples have in place of the running statistics that move, in their order. */
	readonly statistics: Float32Array;
	/** Of dropout. */
	readonly random: RandomStream;
}

/** What a network made of some samples in training mode. */
export interface TrainedOn {
	/** The mean loss; 0 where nothing counts. */
	readonly loss: number;
	/** What the sum of the losses was divided by: how many samples there were, or what the loss weighs them by. */
	readonly weight: number;
	readonly outputs: Outputs;
}

/** Differentiates the mean loss of one network with respect to its parameters, by reverse mode, in this thread. */
export class GradientEvaluator {
	readonly #backend: Backend;
	readonly #options: GradientOptions;
	/** As it is trained. */
	readonly #graph: Graph;
	/** The loss of a sample, from the network's output. */
	readonly #loss: Graph;
	/** Of all tensors, and of those that move. */
	readonly #layout: Layout;
	readonly #moving: Layout;
	readonly #statisticsLayout: Layout;
	readonly #movingStatistics: Layout;
	/** The state as tensors, for as long as it stays the same. */
	#bound: { readonly parameters: ReadonlyMap<string, Tensor>; readonly statistics: ReadonlyMap<string, Tensor> };

	private constructor(backend: Backend, options: GradientOptions) {
		const { graph, loss, still } = options;
		this.#backend = backend;
		this.#options = options;
		this.#graph = unrolled(withFixedStatistics(graph, still));
		this.#loss = lossAlone(inferShapes(graph).get(graph.output) ?? [], loss);
		this.#layout = parameterLayout(graph);
		this.#moving = parameterLayout(graph, still);
		this.#statisticsLayout = statisticsLayout(graph);
		this.#movingStatistics = statisticsLayout(graph, still);
		this.#bound = { parameters: new Map(), statistics: new Map() };
	}

	/** @throws {GraphError} where the loss has no derivative */
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
	train(data: Dataset, task: GradientTask): TrainedOn {
		const { loss, precision, kernels } = this.#options;
		this.#backend.use({ precision, kernels, gradients: true });
		const { samples, targets } = data;
		const { parameters, statistics } = this.#bound;
		const inputs = bindSamples(this.#graph, data, 0, samples);
		const observe = (of: readonly Tensor[], measured: readonly Tensor[]) => this.#keep(task.statistics, of, measured);
		const mode = { training: true, gradient: true, random: task.random, observe };
		let outputs: Outputs = { values: new Float32Array(), width: 0, classes: 0, targets };
		let weight = 0;
		const meanLoss = (...tensors: Tensor[]): Tensor => {
			const moved = new Map(this.#moving.slots.map(({ name }, i) => [name, tensors[i] as Tensor]));
			const output = execute(this.#graph, new Map([...statistics, ...parameters, ...moved, ...inputs]), mode);
			outputs = {
				values: output.dataSync() as Float32Array,
				width: output.size / samples,
				classes: output.shape.at(-1) ?? 1,
				targets,
			};
			weight = loss.weight?.(outputs) ?? samples;
			const wanted: Tensor = tensor(loss.differentiable?.targets(outputs) ?? [], output.shape);
			const each = execute(this.#loss, new Map([[OUTPUT, output] as const, [TARGET, wanted] as const]), mode);
			// The losses of samples that don't count are 0, and so is their mean.
			return div(sum(each), weight === 0 ? 1 : weight);
		};
		const moving = this.#moving.slots.map(({ name }) => parameters.get(name) as Tensor);
		const { value, grads } = valueAndGrads(meanLoss)(moving);
		for (const [i, { offset }] of this.#moving.slots.entries())
			task.gradient.set((grads[i]?.dataSync() as Float32Array | undefined) ?? [], offset);
		const mean = value.dataSync()[0] ?? Number.NaN;
		dispose([...inputs.values(), value, ...grads]);
		return { loss: mean, weight, outputs };
	}

	/** Frees the tensors of the state. */
	release(): void {
		dispose([...this.#bound.parameters.values(), ...this.#bound.statistics.values()]);
		this.#bound = { parameters: new Map(), statistics: new Map() };
	}

	#keep(into: Float32Array, of: readonly Tensor[], measured: readonly Tensor[]): void {
		for (const { name, offset } of this.#movingStatistics.slots) {
			const index = of.indexOf(this.#bound.statistics.get(name) as Tensor);
			if (index >= 0) into.set(measured[index]?.dataSync() as Float32Array, offset);
		}
	}
}
