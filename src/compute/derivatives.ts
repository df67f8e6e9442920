import { dispose, sum, type Tensor, tensor, valueAndGrads } from "@tensorflow/tfjs-core";
import type { Dataset } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import { differentiating } from "../network/ops/op.js";
import { type Layout, parameterLayout, slice, statisticsLayout } from "../network/parameters.js";
import { sizeOf } from "../network/shape.js";
import { tangentName, withTangents } from "../network/tangent.js";
import { unrolled } from "../network/unroll.js";
import type { Outputs } from "../objective/loss.js";
import type { SummedLoss } from "../objective/module.js";
import { Backend } from "./backend.js";
import { bind, bindSamples } from "./evaluator.js";
import { constantTensors, execute } from "./execute.js";
import { TARGET, targetsOf, withLoss } from "./loss-graph.js";
import "./gradients/tfjs-gradients.js";

/** Bytes of values that a batch may come to in a gradient, which keeps them all. */
const BATCH_BYTES = 48 << 20;
/** A batch of more gains nothing. */
const MOST_SAMPLES = 256;

export interface DerivativeOptions {
	/** The network, up to what the loss takes. */
	readonly graph: Graph;
	/** The running statistics, flat, which stay as they are. */
	readonly statistics: Float32Array;
	readonly data: Dataset;
	readonly loss: SummedLoss;
	/** Names of tensors that don't move: derivatives with respect to them are zero. */
	readonly still?: ReadonlySet<string>;
	readonly precision: Precision;
	/** The kernels of that precision, where another thread has compiled them. */
	readonly kernels?: CompiledModule | undefined;
}

/**
 * Derivatives of the summed loss of one network by its parameters, in evaluation mode, in this thread: gradients by reverse mode,
 * directional derivatives by forward mode, Hessian-vector products by reverse over forward, which takes first derivatives of ops
 * alone and is exact but for rounding; at kinks the second derivative counts as 0.
 *
 * @see Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6 (1994)
 */
export class DerivativeEvaluator {
	readonly #backend: Backend;
	readonly #options: DerivativeOptions;
	readonly #layout: Layout;
	/** The loss of one sample, as a function of all that moves. */
	readonly #loss: Graph;
	/** The network alone, whose outputs the loss is taken of. */
	readonly #network: Graph;
	/** What it gives for one sample. */
	readonly #shape: readonly number[];
	/** Its derivative along a direction; undefined where it is zero whatever the direction. */
	readonly #slope: Graph | undefined;
	readonly #constants = new Map<Graph, ReadonlyMap<string, Tensor>>();
	#statistics: ReadonlyMap<string, Tensor>;
	readonly #targets: Float32Array;
	readonly #moving: ReadonlySet<string>;
	#parameters: ReadonlyMap<string, Tensor> = new Map();

	private constructor(backend: Backend, options: DerivativeOptions) {
		this.#backend = backend;
		this.#options = options;
		const { graph, still = new Set(), statistics } = options;
		this.#layout = parameterLayout(graph);
		this.#moving = new Set(this.#layout.slots.map(({ name }) => name).filter((name) => !still.has(name)));
		this.#network = unrolled(graph);
		this.#shape = inferShapes(graph).get(graph.output) ?? [];
		this.#loss = withLoss(this.#network, options.loss);
		this.#slope = tangentOf(this.#loss, this.#moving);
		this.#statistics = bind(statisticsLayout(graph), statistics);
		this.#targets = targetsOf(options);
	}

	/**
	 * @throws {GraphError} listing the nodes that have no derivative, and where the loss has none
	 */
	static async create(options: DerivativeOptions): Promise<DerivativeEvaluator> {
		const backend = await Backend.start();
		return new DerivativeEvaluator(backend, options);
	}

	/** Takes the values of the parameters, as they are now, for what is asked next; and other running statistics with them. */
	bind(parameters: Float32Array, statistics?: Float32Array): void {
		dispose([...this.#parameters.values()]);
		this.#parameters = bind(this.#layout, parameters);
		if (statistics === undefined) return;
		dispose([...this.#statistics.values()]);
		this.#statistics = bind(statisticsLayout(this.#options.graph), statistics);
	}

	/** The sum of the losses of samples `from` to `to` - 1, in float64 from the outputs, and of what each counts. */
	value(from: number, to: number): { readonly loss: number; readonly weight: number } {
		this.#use();
		const { loss } = this.#options;
		let total = 0;
		let weight = 0;
		for (const [start, end] of this.#batches(this.#loss, from, to)) {
			const batch = this.#outputs(this.#run(this.#network, start, end), start, end);
			total = loss.add(total, batch);
			weight += loss.weight?.(batch) ?? end - start;
		}
		return { loss: total, weight };
	}

	/**
	 * The gradient of the sum of the losses of some samples.
	 *
	 * @param out receives it, in parameter order
	 */
	gradient(from: number, to: number, out: Float32Array): void {
		this.#reverse(this.#loss, new Map(), from, to, out);
	}

	/** The product of the Hessian of that sum with a vector. */
	product(vector: Float32Array, from: number, to: number, out: Float32Array): void {
		if (this.#slope === undefined) {
			out.fill(0);
			return;
		}
		const direction = this.#direction(vector);
		this.#reverse(this.#slope, direction, from, to, out);
		dispose([...direction.values()]);
	}

	/** The derivative of the loss of each of some samples along a vector. */
	slopes(vector: Float32Array, from: number, to: number): Float64Array {
		const slopes = new Float64Array(to - from);
		if (this.#slope === undefined) return slopes;
		this.#use();
		const direction = this.#direction(vector);
		for (const [start, end] of this.#batches(this.#slope, from, to)) {
			const values = this.#run(this.#slope, start, end, direction);
			slopes.set(values.dataSync(), start - from);
			values.dispose();
		}
		dispose([...direction.values()]);
		return slopes;
	}

	/** Frees what it holds. */
	release(): void {
		dispose([...this.#parameters.values(), ...this.#statistics.values()]);
		for (const constants of this.#constants.values()) dispose([...constants.values()]);
		this.#constants.clear();
	}

	#use(): void {
		const { precision, kernels } = this.#options;
		this.#backend.use({ precision, kernels, gradients: true });
	}

	#direction(vector: Float32Array): Map<string, Tensor> {
		const slots = this.#layout.slots.filter(({ name }) => this.#moving.has(name));
		return new Map(slots.map((slot) => [tangentName(slot.name), tensor(slice(vector, slot), [...slot.shape])]));
	}

	#reverse(graph: Graph, direction: ReadonlyMap<string, Tensor>, from: number, to: number, out: Float32Array): void {
		this.#use();
		out.fill(0);
		const moving = this.#layout.slots.filter(({ name }) => this.#moving.has(name));
		const given = moving.map(({ name }) => this.#parameters.get(name) as Tensor);
		// What is made while a gradient is recorded goes with it.
		this.#constantsOf(graph);
		for (const [start, end] of this.#batches(graph, from, to)) {
			const total = (...tensors: Tensor[]): Tensor => {
				const named = new Map(moving.map(({ name }, i) => [name, tensors[i] as Tensor]));
				return sum(this.#run(graph, start, end, direction, named));
			};
			const { value, grads } = valueAndGrads(total)(given);
			for (const [i, slot] of moving.entries()) addTo(slice(out, slot), grads[i]?.dataSync() as Float32Array);
			dispose([value, ...grads]);
		}
	}

	/** Carries out a graph for some samples; the caller disposes what comes out. */
	#run(
		graph: Graph,
		start: number,
		end: number,
		direction: ReadonlyMap<string, Tensor> = new Map(),
		moved: ReadonlyMap<string, Tensor> = new Map(),
	): Tensor {
		const { data, graph: network } = this.#options;
		const samples = bindSamples(network, data, start, end);
		const width = sizeOf(this.#shape);
		const wanted = this.#targets.subarray(start * width, end * width);
		const target = tensor(wanted, [end - start, ...this.#shape]);
		const values = new Map([
			...this.#constantsOf(graph),
			...this.#statistics,
			...this.#parameters,
			...direction,
			...moved,
			...samples,
			[TARGET, target],
		]);
		if (moved.size > 0) return execute(graph, values, differentiating);
		const result = execute(graph, values);
		dispose([...samples.values(), target]);
		return result;
	}

	#constantsOf(graph: Graph): ReadonlyMap<string, Tensor> {
		const known = this.#constants.get(graph);
		if (known !== undefined) return known;
		const constants = constantTensors(graph);
		this.#constants.set(graph, constants);
		return constants;
	}

	#outputs(output: Tensor, start: number, end: number): Outputs {
		const { targets, samples } = this.#options.data;
		const perSample = targets.length / samples;
		const values = output.dataSync() as Float32Array;
		const classes = output.shape.at(-1) ?? 1;
		output.dispose();
		return {
			values,
			width: values.length / (end - start),
			classes,
			targets: targets.subarray(start * perSample, end * perSample),
		};
	}

	/** Batches of a size that depends on the graph alone: what a sum comes to does not depend on who computes it. */
	*#batches(graph: Graph, from: number, to: number): Generator<[number, number]> {
		const size = batchOf(graph);
		for (let start = from; start < to; start += size) yield [start, Math.min(start + size, to)];
	}
}

const sizes = new WeakMap<Graph, number>();

function batchOf(graph: Graph): number {
	const known = sizes.get(graph);
	if (known !== undefined) return known;
	const shapes = inferShapes(graph);
	const numbers = graph.nodes.reduce((total, { output }) => total + sizeOf(shapes.get(output) ?? []), 0);
	const size = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(BATCH_BYTES / (4 * Math.max(1, numbers)))));
	sizes.set(graph, size);
	return size;
}

function tangentOf(graph: Graph, moving: ReadonlySet<string>): Graph | undefined {
	const { builder, tangents } = withTangents(graph, moving);
	const tangent = tangents.get(graph.output);
	return tangent === undefined ? undefined : builder.graph(tangent);
}

function addTo(sum: Float32Array, part: Float32Array): void {
	for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (part[i] ?? 0);
}
