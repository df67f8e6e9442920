import type { Constant, Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import type { Axes, Axis } from "../network/ops/axes.js";
import { type GraphNode, opOf } from "../network/ops/index.js";
import type { Shape } from "../network/ops/op.js";
import { sizeOf } from "../network/shape.js";
import { atomOf, type Cell, composed, fix, memberOf, rootOf, uniformOf, unite } from "./cells.js";

/** The axes of every value and parameter of a network. */
export interface NetworkAxes {
	/** By name, without the batch. */
	readonly tensors: ReadonlyMap<string, readonly Cell[]>;
	/** Pairs of which the first must not differ from index to index of the second. */
	readonly apart: readonly (readonly [Cell, Cell])[];
}

/**
 * Goes through a network and finds which axes of its tensors have one order: the samples' and the output's stay as they are, and each op
 * says what it joins.
 */
export function axesOf(graph: Graph): NetworkAxes {
	const shapes = inferShapes(graph);
	const tensors = new Map<string, readonly Cell[]>();
	const apart: (readonly [Cell, Cell])[] = [];
	for (const constant of graph.constants ?? []) tensors.set(constant.name, constantAxes(constant));
	for (const { name, shape } of graph.inputs) {
		const why = `input ${name}`;
		tensors.set(
			name,
			shape.map((length) => atomOf(length, why)),
		);
	}
	for (const { name, shape } of graph.parameters)
		tensors.set(
			name,
			shape.map((length) => atomOf(length)),
		);
	for (const node of graph.nodes) {
		const inputs = node.inputs.map((name) => (tensors.get(name) ?? []).map(asRead));
		tensors.set(node.output, outputAxes(node, inputs, shapes.get(node.output) ?? [], apart));
	}
	for (const cell of tensors.get(graph.output) ?? []) fix(cell, `output ${graph.output}`);
	return { tensors, apart };
}

/** Each reader has a uniform axis of its own: that two layers read one list of zeros makes them no pair. */
function asRead(cell: Cell): Cell {
	return rootOf(cell).uniform ? uniformOf(cell.length) : cell;
}

function constantAxes({ name, shape, values }: Constant): Cell[] {
	return shape.map((length, axis) =>
		isUniform(values, shape, axis) ? uniformOf(length) : atomOf(length, `constant ${name}`),
	);
}

/** Whether a tensor is the same at every index of an axis. */
function isUniform(values: ArrayLike<number>, shape: Shape, axis: number): boolean {
	const length = shape[axis] ?? 1;
	const inner = sizeOf(shape.slice(axis + 1));
	for (let i = inner; i < values.length; i++) {
		if (Math.floor(i / inner) % length !== 0 && !Object.is(values[i], values[i - inner])) return false;
	}
	return true;
}

function outputAxes(
	node: GraphNode,
	inputs: readonly (readonly Cell[])[],
	output: Shape,
	apart: (readonly [Cell, Cell])[],
): readonly Cell[] {
	const rule = opOf(node).axes;
	const place = `${node.op} ${node.output}`;
	if (rule !== undefined) return rule(inputs, new AxesAt(place, apart), output).map(cellOf);
	for (const cell of inputs.flat()) fix(cell, `nothing is known of its axes, ${place}`);
	return output.map((length) => atomOf(length, `nothing is known of its axes, ${place}`));
}

/** What one node says of its axes. */
class AxesAt implements Axes {
	readonly #place: string;
	readonly #apart: (readonly [Cell, Cell])[];

	constructor(place: string, apart: (readonly [Cell, Cell])[]) {
		this.#place = place;
		this.#apart = apart;
	}

	join(a: Axis, b: Axis): void {
		unite(cellOf(a), cellOf(b), `cut up in two ways, ${this.#place}`);
	}

	fix(axis: Axis, why: string): void {
		fix(cellOf(axis), why === "" ? why : `${why}, ${this.#place}`);
	}

	still(length: number): Axis {
		return atomOf(length, "");
	}

	uniform(length: number): Axis {
		return uniformOf(length);
	}

	product(axes: readonly Axis[]): Axis {
		return composed("product", axes.map(cellOf));
	}

	factors(axis: Axis, lengths: readonly number[]): Axis[] {
		return this.#cut("product", axis, lengths);
	}

	concat(axes: readonly Axis[]): Axis {
		return composed("concat", axes.map(cellOf));
	}

	parts(axis: Axis, lengths: readonly number[]): Axis[] {
		return this.#cut("concat", axis, lengths);
	}

	#cut(kind: "product" | "concat", axis: Axis, lengths: readonly number[]): Axis[] {
		const cells = lengths.map((length) => atomOf(length));
		this.join(axis, composed(kind, cells));
		return cells;
	}

	apart(axes: readonly Axis[], others: readonly Axis[]): void {
		for (const axis of axes) for (const other of others) this.#apart.push([cellOf(axis), cellOf(other)]);
	}

	at(axes: readonly Axis[], along: Axis, index: number): Axis[] {
		this.fix(along, "cut to one element");
		return axes.map((axis) => memberOf(cellOf(axis), cellOf(along), index));
	}
}

/** Ops get cells, and give back what they got. */
function cellOf(axis: Axis): Cell {
	return axis as Cell;
}
