import type { Dataset } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import { GraphBuilder } from "../network/graph-builder.js";
import { type Layout, parameterLayout, type Slot, slice, statisticsLayout } from "../network/parameters.js";
import { tangentName, withTangents } from "../network/tangent.js";
import { unrolled } from "../network/unroll.js";
import type { SummedLoss } from "../objective/module.js";
import type { Along } from "../probe/probe.js";
import { Evaluator } from "./evaluator.js";
import { targetsOf, withLoss } from "./loss-graph.js";
import { type NumberSource, sourceOf } from "./program/point-writer.js";

type Numbers = Float32Array | Float64Array;

/** What a direction moves: the parameters and, where they go along, the running statistics, each flat. */
export interface Motion {
	readonly parameters: Numbers;
	readonly statistics?: Numbers | undefined;
}

export interface DirectionalOptions {
	/** The network, up to what the loss takes. */
	readonly graph: Graph;
	readonly data: Dataset;
	readonly loss: SummedLoss;
	/** The running statistics, flat, where they stay the same. */
	readonly statistics: Float32Array;
	readonly directions: readonly Motion[];
	/** The derivatives that are wanted. */
	readonly derivatives: readonly Along[];
	readonly precision: Precision;
	/** The kernels of that precision, where another thread has compiled them. */
	readonly kernels?: CompiledModule | undefined;
}

/**
 * First and second derivatives of the summed loss along fixed directions, by forward mode alone: the values that tangents share are
 * computed once for all of them, as Taylor's second order has them. In evaluation mode; exact but for rounding; at kinks second
 * derivatives count as 0.
 *
 * @see Griewank and Walther, Evaluating Derivatives (SIAM 2008), chapter 13
 */
export class DirectionalEvaluator {
	readonly #derivatives: readonly Along[];
	/** Which derivative each output is; those that are zero everywhere are none. */
	readonly #outputs: readonly string[];
	readonly #parts: Parts;
	readonly #evaluator: Evaluator | undefined;

	private constructor(derivatives: readonly Along[], { outputs, parts }: Derived, evaluator: Evaluator | undefined) {
		this.#derivatives = derivatives;
		this.#outputs = outputs;
		this.#parts = parts;
		this.#evaluator = evaluator;
	}

	/** @throws {GraphError} listing the nodes that have no derivative, and where the loss has none */
	static async create(options: DirectionalOptions): Promise<DirectionalEvaluator> {
		const derived = derive(options);
		const { data, statistics, precision, kernels, derivatives } = options;
		if (derived.outputs.length === 0) return new DirectionalEvaluator(derivatives, derived, undefined);
		const target = { shape: derived.targetShape, values: targetsOf(options) };
		const evaluator = await Evaluator.create({
			graph: derived.graph,
			statistics: whole(statisticsLayout(derived.graph), derived.parts.statistics, sourceOf(statistics)),
			data: { ...data, others: [...(data.others ?? []), target] },
			batchNorm: "running",
			precision,
			kernels,
			gradients: true,
		});
		return new DirectionalEvaluator(derivatives, derived, evaluator);
	}

	/**
	 * The sums over all samples, in the order of the derivatives wanted, in float64 in data order.
	 *
	 * @param parameters where the numbers of θ come from
	 * @param statistics in place of those that stay the same, flat
	 */
	sums(parameters: NumberSource, statistics?: Float32Array): number[] {
		const sums = new Float64Array(this.#outputs.length);
		for (const { values, width } of this.#values(parameters, statistics))
			for (let i = 0; i < values.length; i++) sums[i % width] = (sums[i % width] ?? 0) + (values[i] ?? 0);
		return this.#derivatives.map((along) => sums[this.#outputs.indexOf(keyOf(along))] ?? 0);
	}

	#values(parameters: NumberSource, statistics: Float32Array | undefined) {
		if (this.#evaluator === undefined) return [];
		const { parameters: own, statistics: moving, statisticsLayout: layout } = this.#parts;
		return this.#evaluator.outputs(joined(own, parameters), statistics && whole(layout, moving, sourceOf(statistics)));
	}

	/** Frees what it holds of TensorFlow.js's memory. */
	release(): void {
		this.#evaluator?.release();
	}
}

function keyOf(along: Along): string {
	return along.toSorted().join();
}

interface Derived {
	/** Gives, for each sample, its derivatives one after another. */
	readonly graph: Graph;
	readonly outputs: readonly string[];
	readonly targetShape: readonly number[];
	readonly parts: Parts;
}

/** Where its numbers come from. */
interface Parts {
	readonly parameters: readonly Part[];
	readonly statistics: readonly Part[];
	readonly statisticsLayout: Layout;
}

/** The loss of a sample, differentiated along each direction and, where that is wanted, once more. */
function derive(options: DirectionalOptions): Derived {
	const { graph, loss, directions, derivatives } = options;
	const given = withLoss(unrolled(graph), loss);
	const targetShape = given.inputs.at(-1)?.shape ?? [];
	const wanted = [...new Set(derivatives.map(keyOf))].sort();
	const names = new Map<string, string>([["", given.output]]);
	let current = given;
	const differentiate = (of: string, direction: number): void => {
		const key = [...(of === "" ? [] : [of]), direction].join();
		const value = names.get(of);
		if (names.has(key) || value === undefined) return;
		const moving = movingTensors(graph, directions[direction]);
		const { builder, tangents } = withTangents(current, moving, { direction: axisName(direction), of: [value] });
		const tangent = tangents.get(value);
		if (tangent === undefined) return;
		names.set(key, builder.reshaped(tangent, [1]));
		current = builder.graph(joinedOutput(builder, [...names.values()]));
	};
	for (const key of wanted) {
		const [first = "0", second] = key.split(",");
		differentiate("", Number(first));
		if (second !== undefined) differentiate(first, Number(second));
	}
	const outputs = wanted.filter((key) => names.has(key));
	if (outputs.length === 0) return { graph: given, outputs, targetShape, parts: allParts(given, options) };
	const builder = new GraphBuilder(current);
	const result = joinedOutput(
		builder,
		outputs.map((key) => names.get(key) ?? ""),
	);
	const joint = builder.graph(result);
	return { graph: joint, outputs, targetShape, parts: allParts(joint, options) };
}

function allParts(derived: Graph, { graph, directions }: DirectionalOptions): Parts {
	const layout = statisticsLayout(derived);
	return {
		parameters: partsOf(
			parameterLayout(derived),
			parameterLayout(graph),
			directions.map(({ parameters }) => parameters),
		),
		statistics: partsOf(
			layout,
			statisticsLayout(graph),
			directions.map(({ statistics }) => statistics),
		),
		statisticsLayout: layout,
	};
}

function joinedOutput(builder: GraphBuilder, values: readonly string[]): string {
	const numbers = values.map((value) => builder.reshaped(value, [1]));
	return numbers.length === 1 ? (numbers[0] ?? "") : builder.node("concat", numbers, { axis: -1 });
}

function axisName(direction: number): string {
	return `direction ${direction}`;
}

/** The tensors that a direction moves: those for which it has anything but zeros. */
function movingTensors(graph: Graph, motion: Motion | undefined): Set<string> {
	if (motion === undefined) throw new RangeError("no such direction");
	const { parameters, statistics } = motion;
	const moves = (layout: Layout, vector: Numbers) =>
		layout.slots.filter((slot) => slice(vector, slot).some((part) => part !== 0)).map(({ name }) => name);
	return new Set([
		...moves(parameterLayout(graph), parameters),
		...(statistics === undefined ? [] : moves(statisticsLayout(graph), statistics)),
	]);
}

/** Where a tensor of a graph that has tangents takes its numbers from: the point, or a direction. */
interface Part {
	readonly slot: Slot;
	/** None for a tensor of the network itself, whose numbers are the point's. */
	readonly direction: Numbers | undefined;
	/** The first one's number there. */
	readonly first: number;
}

function partsOf(layout: Layout, own: Layout, directions: readonly (Numbers | undefined)[]): Part[] {
	const places = new Map(
		own.slots.map(({ name, offset }) => [name, { direction: undefined as Numbers | undefined, first: offset }]),
	);
	for (const [number, direction] of directions.entries())
		for (const { name, offset } of own.slots)
			places.set(tangentName(name, axisName(number)), { direction, first: offset });
	return layout.slots.map((slot) => {
		const place = places.get(slot.name);
		if (place === undefined) throw new RangeError(`nothing is known of ${slot.name}`);
		return { slot, ...place };
	});
}

/** The numbers of such a graph at a point. */
function joined(parts: readonly Part[], point: NumberSource): NumberSource {
	return {
		write(target, from) {
			for (const { slot, direction, first } of parts) {
				const start = Math.max(slot.offset, from);
				const end = Math.min(slot.offset + slot.size, from + target.length);
				if (start >= end) continue;
				const some = target.subarray(start - from, end - from);
				const at = first + start - slot.offset;
				if (direction === undefined) point.write(some, at);
				else some.set(direction.subarray(at, at + some.length));
			}
		},
	};
}

function whole(layout: Layout, parts: readonly Part[], point: NumberSource): Float32Array {
	const vector = new Float32Array(layout.length);
	joined(parts, point).write(vector, 0);
	return vector;
}
