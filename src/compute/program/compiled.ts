import { tidy } from "@tensorflow/tfjs-core";
import { type Dataset, inputsOf } from "../../data/dataset.js";
import { layOut } from "../../kernels/arena.js";
import type { Allocation, KernelContext } from "../../kernels/backend.js";
import { countOf } from "../../kernels/lowering.js";
import type { Graph } from "../../network/graph.js";
import { type GraphNode, opOf } from "../../network/ops/index.js";
import { evaluationMode } from "../../network/ops/op.js";
import { parameterLayout, type Slot, statisticsLayout } from "../../network/parameters.js";
import { type Lowered, lowerGraph, outcomeOf } from "./lower.js";
import { Program } from "./program.js";
import { type NumberSource, sourceOf, type Weight, Weights } from "./weights.js";

/** Bytes of values that a batch may come to: they stay in the last-level cache. */
const BATCH_BYTES = 16 << 20;

/** Samples that filters are worth transforming for, where the values of so many come to no more than this. */
const [LEAST_SAMPLES, LEAST_BYTES] = [8, 64 << 20];

/** Inputs of all samples that are kept in a worker's memory; of more, those of a batch are copied there when its turn comes. */
const RESIDENT_BYTES = 64 << 20;

/** The outputs of some samples. */
export interface Batch {
	readonly start: number;
	readonly end: number;
	readonly values: Float32Array;
	/** [batch, ...]. */
	readonly shape: readonly number[];
}

export interface CompileOptions {
	readonly context: KernelContext;
	/** As it is carried out: fused. */
	readonly graph: Graph;
	readonly data: Dataset;
}

/** A network whose programs, one for full batches and one for the last, share weights and an arena. */
export class CompiledNetwork {
	readonly #context: KernelContext;
	readonly #graph: Graph;
	readonly #data: Dataset;
	readonly #weights: Weights;
	readonly #parameters: readonly Slot[];
	readonly #statistics: readonly Slot[];
	/** Nodes whose outputs no sample changes, in order. */
	readonly #derived: readonly GraphNode[];
	readonly #batch: number;
	readonly #full: Program;
	readonly #last: Program;
	readonly #arena: Allocation;
	readonly #inputs: readonly Allocation[];
	readonly #resident: boolean;

	constructor({ context, graph, data }: CompileOptions) {
		this.#context = context;
		this.#graph = graph;
		this.#data = data;
		this.#weights = new Weights(context);
		this.#parameters = parameterLayout(graph).slots;
		this.#statistics = statisticsLayout(graph).slots;
		for (const { name, shape } of graph.parameters) this.#weights.add(name, shape);
		for (const { name, shape, type } of graph.constants ?? []) this.#weights.add(name, shape, type);
		this.#derived = this.#addDerived();
		this.#batch = this.#chooseBatch();
		this.#full = new Program(context, this.#lower(this.#batch));
		const rest = data.samples % this.#batch;
		this.#last = rest === 0 ? this.#full : new Program(context, this.#lower(rest));
		this.#arena = context.allocate(Math.max(this.#full.bytes, this.#last.bytes));
		for (const program of new Set([this.#full, this.#last])) program.link(this.#arena.address);
		const arrays = inputsOf(data);
		const bytes = arrays.reduce((sum, { values }) => sum + values.byteLength, 0);
		this.#resident = bytes <= RESIDENT_BYTES;
		const kept = this.#resident ? data.samples : this.#batch;
		this.#inputs = arrays.map(({ values }) => context.allocate((values.byteLength / data.samples) * kept));
		if (this.#resident) this.#copyInputs(0, data.samples);
		this.#fillConstants();
	}

	/**
	 * Forms the network at a point: parameters and running statistics, from the vectors' first number on.
	 *
	 * @param measured statistics in place of those, by name
	 */
	form(parameters: NumberSource, statistics: NumberSource, measured: ReadonlyMap<string, Float32Array>): void {
		this.#formSlots(this.#parameters, parameters, measured);
		this.#formSlots(this.#statistics, statistics, measured);
		for (const node of this.#derived) this.#derive(node);
		this.#weights.formNorms();
	}

	/** The outputs for all samples, batch after batch. */
	*outputs(): Generator<Batch> {
		const { samples } = this.#data;
		for (let start = 0; start < samples; start += this.#batch) {
			const end = Math.min(start + this.#batch, samples);
			const program = end - start === this.#batch ? this.#full : this.#last;
			if (!this.#resident) this.#copyInputs(start, end);
			const values = program.run(this.#addresses(start));
			yield { start, end, values, shape: program.shape };
		}
	}

	release(): void {
		for (const program of new Set([this.#full, this.#last])) program.release();
		for (const allocation of [this.#arena, ...this.#inputs]) allocation.free();
		this.#weights.release();
	}

	#lower(batch: number): Lowered {
		const arrays = inputsOf(this.#data);
		const areInside = (input: string, rows: number) => {
			const values = arrays[this.#graph.inputs.findIndex(({ name }) => name === input)]?.values ?? [];
			return values.every((number: number) => number >= 0 && number < rows);
		};
		return lowerGraph(this.#graph, { context: this.#context, weights: this.#weights, batch, areInside });
	}

	/** As many samples as the budget lets through at once, in batches of about the same size. */
	#chooseBatch(): number {
		const { samples } = this.#data;
		const one = this.#lower(1);
		const { bytes } = layOut(one.values.filter(({ scratch }) => !scratch));
		one.release();
		const fitting = (budget: number) => Math.floor(budget / Math.max(1, bytes));
		const most = Math.max(1, fitting(BATCH_BYTES), Math.min(LEAST_SAMPLES, fitting(LEAST_BYTES)));
		return Math.ceil(samples / Math.ceil(samples / most));
	}

	#addDerived(): GraphNode[] {
		const sampled = new Set(this.#graph.inputs.map(({ name }) => name));
		const derived: GraphNode[] = [];
		for (const node of this.#graph.nodes) {
			if (node.inputs.some((name) => sampled.has(name))) {
				sampled.add(node.output);
				continue;
			}
			const weights = node.inputs.map((name) => this.#weightOf(name));
			// TensorFlow.js reads them as they lie.
			for (const weight of weights) weight.keepPlain();
			const { shape, type } = outcomeOf(node, weights);
			this.#weights.add(node.output, shape, type);
			derived.push(node);
		}
		return derived;
	}

	#weightOf(name: string): Weight {
		const weight = this.#weights.get(name);
		if (weight === undefined) throw new RangeError(`no tensor is bound to ${name}`);
		return weight;
	}

	#derive(node: GraphNode): void {
		const weight = this.#weightOf(node.output);
		const bytes = countOf(weight.shape) * (weight.type === "bool" ? 1 : 4);
		const views = node.inputs.map((name) => {
			const { at, shape, type } = this.#weightOf(name);
			return this.#context.view(at, shape, type);
		});
		tidy(() => {
			const tensors = views.map(({ tensor }) => tensor);
			this.#context.copy(weight.at, this.#context.address(opOf(node).run(tensors, evaluationMode)), bytes);
		});
		for (const view of views) view.release();
		weight.refresh();
	}

	#formSlots(slots: readonly Slot[], source: NumberSource, measured: ReadonlyMap<string, Float32Array>): void {
		for (const { name, offset } of slots) {
			const weight = this.#weights.get(name);
			const other = measured.get(name);
			if (other === undefined) weight?.form(source, offset);
			else weight?.form(sourceOf(other));
		}
	}

	#fillConstants(): void {
		for (const { name, values, type } of this.#graph.constants ?? []) {
			const weight = this.#weights.get(name);
			if (weight === undefined) continue;
			if (type === "float32") {
				weight.form(sourceOf(values));
			} else if (type === "bool") {
				const bytes = new Uint8Array(this.#context.words(weight.at, 1).buffer, weight.at, values.length);
				bytes.set(values);
			} else this.#context.words(weight.at, values.length).set(values);
		}
	}

	#addresses(start: number): number[] {
		return inputsOf(this.#data).map(({ values }, index) => {
			const { address = 0 } = this.#inputs[index] ?? {};
			return this.#resident ? address + (values.byteLength / this.#data.samples) * start : address;
		});
	}

	#copyInputs(start: number, end: number): void {
		for (const [index, { values }] of inputsOf(this.#data).entries()) {
			const size = values.length / this.#data.samples;
			const part = values.subarray(start * size, end * size);
			const { address = 0 } = this.#inputs[index] ?? {};
			const words = this.#context.words(address, part.length);
			words.set(new Int32Array(part.buffer, part.byteOffset, part.length));
		}
	}
}
