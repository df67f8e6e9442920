import { tidy } from "@tensorflow/tfjs-core";
import { type Dataset, inputsOf } from "../../data/dataset.js";
import type { KernelContext } from "../../kernels/backend.js";
import { countOf } from "../../kernels/lowering.js";
import type { Graph } from "../../network/graph.js";
import { type GraphNode, opOf } from "../../network/ops/index.js";
import { evaluationMode } from "../../network/ops/op.js";
import { parameterLayout, type Slot, statisticsLayout } from "../../network/parameters.js";
import { Inputs } from "./inputs.js";
import { type Lowered, lowerPart, outcomeOf, type Part } from "./lower.js";
import { type NumberSource, sourceOf } from "./point-writer.js";
import { SegmentedProgram } from "./segmented.js";
import { planSegments } from "./segments.js";
import { type Weight, Weights } from "./weights.js";

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

/** A network's weights, its samples, and the programs that take the one to the other. */
export class CompiledNetwork {
	readonly #context: KernelContext;
	readonly #graph: Graph;
	readonly #data: Dataset;
	readonly #weights: Weights;
	readonly #parameters: readonly Slot[];
	readonly #statistics: readonly Slot[];
	/** Nodes whose outputs no sample changes, in order. */
	readonly #derived: readonly GraphNode[];
	/** What #areInside found. */
	readonly #inside = new Map<string, boolean>();
	/** Samples that are under way at once. */
	readonly #batch: number;
	readonly #inputs: Inputs;
	readonly #program: SegmentedProgram;
	/** Of the outputs of one sample, the batch first. */
	readonly #shape: readonly number[];

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
		const one = this.#lower(this.#sampled(), 1);
		const { samples } = data;
		const plan = planSegments(graph, one, this.#weights, samples);
		this.#batch = plan.batch;
		this.#shape = (one.named.get(graph.output) ?? this.#weightOf(graph.output)).shape;
		this.#inputs = new Inputs(context, graph, data, plan.batch);
		const inputs = this.#inputs.places;
		const lower = (part: Part, count: number) => this.#lower(part, count);
		this.#program = new SegmentedProgram({ context, plan, one, samples, lower, inputs });
		one.release();
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
			this.#inputs.bring(start, end);
			this.#program.run(end - start);
			yield { start, end, ...this.#made(end - start) };
		}
	}

	release(): void {
		this.#program.release();
		this.#inputs.release();
		this.#weights.release();
	}

	/** The nodes whose outputs differ from sample to sample. */
	#sampled(): Part {
		const { nodes, inputs, output } = this.#graph;
		return { nodes: nodes.filter((node) => !this.#derived.includes(node)), inputs, outputs: [output] };
	}

	#lower(part: Part, batch: number): Lowered {
		const areInside = (input: string, rows: number) => this.#areInside(input, rows);
		return lowerPart(part, { context: this.#context, weights: this.#weights, batch, areInside });
	}

	/** Asked again for each number of samples, and it takes a look at all of them. */
	#areInside(input: string, rows: number): boolean {
		const key = `${input} ${rows}`;
		const known = this.#inside.get(key);
		if (known !== undefined) return known;
		const values = inputsOf(this.#data)[this.#graph.inputs.findIndex(({ name }) => name === input)]?.values;
		const inside = values?.every((number: number) => number >= 0 && number < rows) ?? false;
		this.#inside.set(key, inside);
		return inside;
	}

	/** What the programs made of some samples, a copy. */
	#made(samples: number): Pick<Batch, "values" | "shape"> {
		const { output } = this.#graph;
		const [folded = 1, ...rest] = this.#shape;
		const place = this.#program.placeOf(output);
		const shape = place === undefined ? this.#shape : [folded * samples, ...rest];
		const address = place?.address ?? this.#weightOf(output).at;
		return { values: this.#context.floats(address, countOf(shape)).slice(), shape };
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
}
