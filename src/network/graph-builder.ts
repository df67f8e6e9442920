import type { Constant, Graph } from "./graph.js";
import type { GraphNode, OpName } from "./ops/index.js";
import { opOf } from "./ops/index.js";
import type { NodeBuilder, Shape } from "./ops/op.js";

type AttributesOf<Name extends OpName> = Extract<GraphNode, { op: Name }>["attributes"];

/** What a builder knows of a value. */
interface Known {
	/** Of one sample, or whole. */
	readonly shape: Shape;
	/** Whether every sample has one of its own. */
	readonly perSample: boolean;
}

/**
 * Adds nodes to a graph. A node that computes what another one does already is that one: what is the same in several derivatives
 * is computed once.
 */
export class GraphBuilder implements NodeBuilder {
	readonly #graph: Graph;
	readonly #nodes: GraphNode[];
	readonly #constants: Constant[];
	readonly #parameters: Graph["parameters"][number][];
	readonly #inputs: Graph["inputs"][number][];
	readonly #known = new Map<string, Known>();
	/** The outputs of nodes and the names of constants, by what they are. */
	readonly #found = new Map<string, string>();
	#count = 0;

	constructor(graph: Graph) {
		this.#graph = graph;
		this.#nodes = [];
		this.#constants = [...(graph.constants ?? [])];
		this.#parameters = [...graph.parameters];
		this.#inputs = [...graph.inputs];
		for (const { name, shape } of graph.inputs) this.#known.set(name, { shape, perSample: true });
		for (const { name, shape } of [...graph.parameters, ...this.#constants])
			this.#known.set(name, { shape, perSample: false });
		for (const node of graph.nodes) this.#append(node);
	}

	/** The graph so far, computed up to some value. */
	graph(output: string): Graph {
		return {
			...this.#graph,
			inputs: this.#inputs,
			parameters: this.#parameters,
			constants: this.#constants,
			nodes: neededFor(this.#nodes, [output]),
			output,
		};
	}

	shape(name: string): Shape {
		return this.#of(name).shape;
	}

	isPerSample(name: string): boolean {
		return this.#of(name).perSample;
	}

	/** Takes a further value as input, of the shape of one sample. */
	input(name: string, shape: Shape): string {
		this.#inputs.push({ name, shape });
		this.#known.set(name, { shape, perSample: true });
		return name;
	}

	/** Takes a further tensor as parameter, like another. */
	parameter(name: string, like: Graph["parameters"][number]): string {
		this.#parameters.push({ ...like, name });
		this.#known.set(name, { shape: like.shape, perSample: false });
		return name;
	}

	/** Applies an op; the name of the result. */
	node<Name extends OpName>(op: Name, inputs: readonly string[], attributes: AttributesOf<Name>): string;
	node(op: string, inputs: readonly string[], attributes: object): string;
	node(op: string, inputs: readonly string[], attributes: object): string {
		const node = { op, inputs, output: "", attributes } as unknown as GraphNode;
		return this.#found.get(keyOf(node)) ?? this.#append({ ...node, output: this.#fresh() });
	}

	constant(shape: Shape, values: Float32Array): string {
		const key = `constant ${shape.join()} ${values.join()}`;
		const found = this.#found.get(key);
		if (found !== undefined) return found;
		const name = this.#fresh();
		this.#constants.push({ name, shape, type: "float32", values });
		this.#known.set(name, { shape, perSample: false });
		this.#found.set(key, name);
		return name;
	}

	number(value: number): string {
		return this.constant([], Float32Array.of(value));
	}

	zeros(shape: Shape): string {
		return this.stretched(this.number(0), shape, undefined);
	}

	binary(name: string, a: string, b: string): string {
		return this.node("binary", [a, b], { function: name });
	}

	add(a: string, b: string): string {
		return this.binary("add", a, b);
	}

	sub(a: string, b: string): string {
		return this.binary("sub", a, b);
	}

	mul(a: string, b: string): string {
		return this.binary("mul", a, b);
	}

	div(a: string, b: string): string {
		return this.binary("div", a, b);
	}

	unary(name: string, x: string, alpha?: number, beta?: number): string {
		return this.node("unary", [x], {
			function: name,
			...(alpha !== undefined && { alpha }),
			...(beta !== undefined && { beta }),
		});
	}

	/** alpha · x + beta */
	affine(x: string, alpha: number, beta = 0): string {
		return this.unary("affine", x, alpha, beta);
	}

	/** The sum of those terms that are there; undefined where none is. */
	total(...terms: readonly (string | undefined)[]): string | undefined {
		const there = terms.filter((term) => term !== undefined);
		return there.length === 0 ? undefined : there.reduce((sum, term) => this.add(sum, term));
	}

	/** The sum or mean along axes, which stay with a length of 1. */
	along(name: "sum" | "mean" | "max" | "min", x: string, axes: readonly number[]): string {
		const shape = this.shape(x);
		const over = new Set(axes.map((axis) => shape.length + axis));
		const reduced = this.node("reduce", [x], { function: name, axes });
		return this.reshaped(
			reduced,
			shape.map((length, axis) => (over.has(axis) ? 1 : length)),
		);
	}

	reshaped(x: string, shape: Shape): string {
		const own = this.shape(x);
		if (String(own) === String(shape)) return x;
		return this.node("reshape", [x], { rank: own.length, shape });
	}

	/** A value stretched to a shape, one for each sample where `like` has one. */
	stretched(x: string, shape: Shape, like: string | undefined): string {
		let value = x;
		const own = this.shape(value);
		if (String(own) !== String(shape)) {
			const ranked = this.reshaped(value, [...shape.slice(own.length).map(() => 1), ...own]);
			value = this.node("expand", [ranked], { shape });
		}
		const repeat = like !== undefined && this.isPerSample(like) && !this.isPerSample(value);
		return repeat ? this.node("perSample", [value, like], {}) : value;
	}

	#append(node: GraphNode): string {
		const shape = opOf(node).shape(node.inputs.map((name) => this.shape(name)));
		const perSample = node.inputs.some((name) => this.isPerSample(name));
		this.#nodes.push(node);
		this.#known.set(node.output, { shape, perSample });
		const key = keyOf(node);
		if (!this.#found.has(key)) this.#found.set(key, node.output);
		return node.output;
	}

	#of(name: string): Known {
		const known = this.#known.get(name);
		if (known === undefined) throw new RangeError(`no value named ${name}`);
		return known;
	}

	/** A name that nothing has. */
	#fresh(): string {
		let name: string;
		do name = `:${this.#count++}`;
		while (this.#known.has(name));
		return name;
	}
}

function keyOf({ op, inputs, attributes }: GraphNode): string {
	return `${op} ${JSON.stringify([inputs, attributes])}`;
}

/** Those nodes that some values depend on, in order. */
export function neededFor(nodes: readonly GraphNode[], outputs: readonly string[]): GraphNode[] {
	const wanted = new Set(outputs);
	const kept: GraphNode[] = [];
	for (const node of nodes.toReversed()) {
		if (!wanted.has(node.output)) continue;
		kept.push(node);
		for (const input of node.inputs) wanted.add(input);
	}
	return kept.reverse();
}

/** The sum of all values of a sample. */
export function sumOfAll(build: NodeBuilder, x: string): string {
	return reduced(build, x, "sum");
}

/** Their mean. */
export function meanOfAll(build: NodeBuilder, x: string): string {
	return reduced(build, x, "mean");
}

function reduced(build: NodeBuilder, x: string, name: "sum" | "mean"): string {
	const axes = build.shape(x).map((_, axis) => -1 - axis);
	return axes.length === 0 ? x : build.node("reduce", [x], { function: name, axes });
}
