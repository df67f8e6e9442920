import { dispose, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { type Dataset, inputsOf } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Precision } from "../kernels/precision.js";
import { fuse } from "../network/fuse.js";
import type { Graph } from "../network/graph.js";
import { type Layout, parameterLayout, slice, statisticsLayout } from "../network/parameters.js";
import type { Outputs } from "../objective/loss.js";
import { Backend } from "./backend.js";
import { constantTensors, execute } from "./execute.js";
import { type Batch, CompiledNetwork } from "./program/compiled.js";
import { type NumberSource, sourceOf } from "./program/point-writer.js";
import { reestimate } from "./reestimate.js";

/**
 * How many samples go through the network at once. No value depends on it (but for batch normalisation by the batch). From
 * 16 to 256 the default network takes the same time within 4 % (bench/forward.js); 64 hold 8 MB of activations, 256 hold 31.
 */
const EVALUATION_BATCH = 64;

/**
 * How many samples, the first ones, running statistics are measured on where nothing is said: enough for the spread between
 * batches to even out.
 */
export const CALIBRATION_SAMPLES = 512;

/**
 * Where batch normalisation takes its statistics from: those that go with the network (on a line or plane through networks
 * they move with the parameters), those of the first network wherever on the section, those of each batch of 64, or those
 * measured anew at every point.
 */
export type BatchNormMode = "running" | "fixed" | "batch" | "reestimate";

export interface EvaluatorOptions {
	readonly graph: Graph;
	/** The running statistics, flat, where they stay the same; empty where the network has none. */
	readonly statistics: Float32Array;
	readonly data: Dataset;
	readonly batchNorm: BatchNormMode;
	/** How many samples, the first ones, `reestimate` measures on. */
	readonly calibration?: number | "all" | undefined;
	/** Whose samples those are; the data's own where nothing is said. */
	readonly calibrationData?: Dataset | undefined;
	readonly precision: Precision;
	/** The kernels of that precision, where another thread has compiled them. */
	readonly kernels?: CompiledModule | undefined;
	/** Whether kernels of gradients are at hand too: where the graph holds tangents, or others in this thread take gradients. */
	readonly gradients?: boolean;
}

/** Carries out one network on one data set, for any values of its parameters, in this thread. */
export class Evaluator {
	readonly #backend: Backend;
	readonly #graph: Graph;
	readonly #layout: Layout;
	readonly #statisticsLayout: Layout;
	readonly #options: EvaluatorOptions;
	/** Running statistics and constants, which stay between points. */
	readonly #fixed: ReadonlyMap<string, Tensor>;
	/** With our kernels: but for normalisation by the batch, which needs batches of one size. */
	readonly #compiled: CompiledNetwork | undefined;

	private constructor(backend: Backend, options: EvaluatorOptions) {
		const { graph, statistics, precision } = options;
		this.#backend = backend;
		this.#options = options;
		this.#graph = fuse(graph, precision);
		this.#layout = parameterLayout(graph);
		this.#statisticsLayout = statisticsLayout(graph);
		const { context } = backend;
		const compiles = context !== undefined && options.batchNorm !== "batch";
		this.#compiled = compiles ? new CompiledNetwork({ context, graph: this.#graph, data: options.data }) : undefined;
		const stays = !compiles || options.batchNorm === "reestimate";
		this.#fixed = new Map(stays ? [...bind(this.#statisticsLayout, statistics), ...constantTensors(graph)] : []);
	}

	static async create(options: EvaluatorOptions): Promise<Evaluator> {
		const backend = await Backend.start();
		// What a graph is fused to depends on which kernels there are.
		backend.use(options);
		return new Evaluator(backend, options);
	}

	/**
	 * The network's outputs for all samples, batch after batch in data order.
	 *
	 * @param parameters flat vector, one value a parameter, or where its numbers come from
	 * @param statistics in place of those that stay the same, flat
	 */
	*outputs(parameters: Float32Array | NumberSource, statistics?: Float32Array): Generator<Outputs> {
		const { samples, targets } = this.#options.data;
		this.#backend.use(this.#options);
		const perSample = targets.length / samples;
		for (const { start, end, values, shape } of this.#batches(
			isVector(parameters) ? sourceOf(parameters) : parameters,
			statistics,
		))
			yield {
				values,
				width: values.length / (end - start),
				classes: shape.at(-1) ?? 1,
				targets: targets.subarray(start * perSample, end * perSample),
			};
	}

	*#batches(parameters: NumberSource, statistics: Float32Array | undefined): Generator<Batch> {
		const compiled = this.#compiled;
		if (compiled === undefined) {
			yield* this.#byStockKernels(parameters, statistics);
			return;
		}
		compiled.form(parameters, sourceOf(statistics ?? this.#options.statistics), this.#measured(parameters, statistics));
		yield* compiled.outputs();
	}

	/** Statistics measured anew, by name; none where they are not. */
	#measured(parameters: NumberSource, statistics: Float32Array | undefined): Map<string, Float32Array> {
		if (this.#options.batchNorm !== "reestimate") return new Map();
		const values = this.#bindState(parameters, statistics);
		const measured = this.#reestimate(values);
		const numbers = new Map([...measured].map(([name, tensor]) => [name, tensor.dataSync() as Float32Array]));
		dispose([...values.values(), ...measured.values()]);
		return numbers;
	}

	*#byStockKernels(parameters: NumberSource, statistics: Float32Array | undefined): Generator<Batch> {
		const { samples } = this.#options.data;
		const values = this.#bindState(parameters, statistics);
		const measured = this.#reestimate(values);
		const bound = new Map([...values, ...measured]);
		try {
			for (let start = 0; start < samples; start += EVALUATION_BATCH) {
				const end = Math.min(start + EVALUATION_BATCH, samples);
				yield { start, end, ...this.#forward(bound, start, end) };
			}
		} finally {
			dispose([...values.values(), ...measured.values()]);
		}
	}

	/**
	 * The running statistics that `reestimate` measures at given parameters, flat in the order of the network's own; those that no
	 * batch normalisation reads stay as they are.
	 */
	statisticsAt(parameters: Float32Array): Float32Array {
		this.#backend.use(this.#options);
		const measured = this.#measured(sourceOf(parameters), undefined);
		const statistics = this.#options.statistics.slice();
		for (const slot of this.#statisticsLayout.slots) {
			const values = measured.get(slot.name);
			if (values !== undefined) slice(statistics, slot).set(values);
		}
		return statistics;
	}

	/** Fresh tensors every time: the backend packs weights once a tensor and would not see new values in an old one. */
	#bindState(parameters: NumberSource, statistics: Float32Array | undefined): Map<string, Tensor> {
		const moved = statistics === undefined ? [] : [...bind(this.#statisticsLayout, statistics)];
		const formed = this.#layout.slots.map((slot): [string, Tensor] => {
			const values = new Float32Array(slot.size);
			parameters.write(values, slot.offset);
			return [slot.name, tensor(values, [...slot.shape])];
		});
		return new Map([...moved, ...formed]);
	}

	/** Frees the tensors that are kept between points. */
	release(): void {
		this.#compiled?.release();
		dispose([...this.#fixed.values()]);
	}

	/** The network's outputs for samples `start` to `end` - 1. */
	#forward(values: ReadonlyMap<string, Tensor>, start: number, end: number) {
		const batch = bindSamples(this.#graph, this.#options.data, start, end);
		const mode = { training: false, batchNorm: this.#options.batchNorm === "batch" ? "batch" : "running" } as const;
		const named = new Map([...this.#fixed, ...values, ...batch]);
		const output = execute(this.#graph, named, mode);
		const result = { values: output.dataSync() as Float32Array, shape: output.shape };
		dispose([...batch.values(), output]);
		return result;
	}

	/** Running statistics in place of the network's own, measured on the first samples; none in the other modes. */
	#reestimate(values: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
		if (this.#options.batchNorm !== "reestimate") return new Map();
		const { calibration = CALIBRATION_SAMPLES, calibrationData: data = this.#options.data } = this.#options;
		const last = calibration === "all" ? data.samples : Math.min(calibration, data.samples);
		const graph = this.#graph;
		function* batches() {
			for (let start = 0; start < last; start += EVALUATION_BATCH)
				yield bindSamples(graph, data, start, Math.min(start + EVALUATION_BATCH, last));
		}
		return reestimate(graph, new Map([...this.#fixed, ...values]), batches());
	}
}

function isVector(parameters: Float32Array | NumberSource): parameters is Float32Array {
	return parameters instanceof Float32Array;
}

/** Samples `start` to `end` - 1 as a tensor for each input of the graph, by name; the caller disposes them. */
export function bindSamples(graph: Graph, data: Dataset, start: number, end: number): Map<string, Tensor> {
	const arrays = inputsOf(data);
	return new Map(
		graph.inputs.map(({ name, type = "float32" }, index) => {
			const { shape, values } = arrays[index] ?? { shape: [], values: new Float32Array() };
			const size = values.length / data.samples;
			const part = values.subarray(start * size, end * size);
			return [name, tensor(part, [end - start, ...shape], type)];
		}),
	);
}

/** A tensor for every slot of a flat vector, by name; the caller disposes them. */
export function bind(layout: Layout, vector: Float32Array): Map<string, Tensor> {
	return new Map(layout.slots.map((slot) => [slot.name, tensor(slice(vector, slot), [...slot.shape])]));
}
