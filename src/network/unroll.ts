import type { Graph } from "./graph.js";
import { GraphBuilder } from "./graph-builder.js";
import type { GraphNode } from "./ops/index.js";
import type { RecurrentAttributes } from "./ops/recurrence.js";
import type { UnaryAttributes } from "./ops/unary.js";

type Recurrent = Extract<GraphNode, { op: "rnn" | "gru" | "lstm" }>;

/** A graph whose recurrent layers are written out step by step, in ops of which derivatives are known. */
export function unrolled(graph: Graph): Graph {
	if (!graph.nodes.some(isRecurrent)) return graph;
	const builder = new GraphBuilder({ ...graph, nodes: [] });
	const renamed = new Map<string, string>();
	const nameOf = (name: string) => renamed.get(name) ?? name;
	for (const node of graph.nodes) {
		const given = { ...node, inputs: node.inputs.map(nameOf) };
		renamed.set(
			node.output,
			isRecurrent(given)
				? new Steps(given, builder).written()
				: builder.node(given.op, given.inputs, given.attributes as never),
		);
	}
	return { ...builder.graph(nameOf(graph.output)) };
}

function isRecurrent(node: GraphNode): node is Recurrent {
	return node.op === "rnn" || node.op === "gru" || node.op === "lstm";
}

/** One layer as it is written out; the equations are those of its op's file. */
class Steps {
	readonly #node: Recurrent;
	readonly #build: GraphBuilder;
	readonly #x: string;
	readonly #kernel: string;
	readonly #recurrent: string;
	readonly #others: ReadonlyMap<string, string>;
	readonly #hidden: number;
	/** The axes of a sample before time and features. */
	readonly #outer: readonly number[];

	constructor(node: Recurrent, build: GraphBuilder) {
		const [x = "", kernel = "", recurrent = "", ...others] = node.inputs;
		this.#node = node;
		this.#build = build;
		this.#x = x;
		this.#kernel = kernel;
		this.#recurrent = recurrent;
		this.#others = new Map(node.attributes.takes.map((name, i) => [name, others[i] ?? ""]));
		this.#hidden = build.shape(recurrent)[0] ?? 0;
		this.#outer = build.shape(x).slice(0, -2);
	}

	/** The name of [..., time, hidden]. */
	written(): string {
		const build = this.#build;
		const time = build.shape(this.#x).at(-2) ?? 1;
		const bias = this.#inputBias();
		const projected = build.node("dense", [this.#x, this.#kernel, ...(bias === undefined ? [] : [bias])], {});
		const columns = build.shape(projected).at(-1) ?? 0;
		let states = this.#starts();
		const outputs: string[] = [];
		for (let count = 0; count < time; count++) {
			const at = this.#node.attributes.reverse ? time - 1 - count : count;
			const part = build.node("slice", [projected], { axis: -2, start: at, length: 1, step: 1 });
			states = this.#step(build.reshaped(part, [...this.#outer, columns]), states);
			const result = this.#node.op === "lstm" && this.#node.attributes.result === "cell" ? states[1] : states[0];
			outputs[at] = build.reshaped(result ?? "", [...this.#outer, 1, this.#hidden]);
		}
		return build.node("concat", outputs, { axis: -2 });
	}

	/** What is added before the steps. */
	#inputBias(): string | undefined {
		const [bias, recurrent] = [this.#others.get("bias"), this.#others.get("recurrentBias")];
		const apart = this.#node.op === "gru" && this.#node.attributes.resetAfter;
		return this.#build.total(bias, apart ? undefined : recurrent);
	}

	#starts(): string[] {
		const names = this.#node.op === "lstm" ? ["hidden", "cell"] : ["hidden"];
		const shape = [...this.#outer, this.#hidden];
		return names.map((name) => {
			const given = this.#others.get(name);
			if (given === undefined) return this.#build.stretched(this.#build.number(0), shape, this.#x);
			return this.#build.stretched(this.#shaped(given, shape), shape, this.#x);
		});
	}

	/** A state as one of each sequence has it: files hold it with an axis of length 1 too many, or without those of the sample. */
	#shaped(state: string, shape: readonly number[]): string {
		const own = this.#build.shape(state);
		const count = (lengths: readonly number[]) => lengths.reduce((product, length) => product * length, 1);
		return count(own) === count(shape) ? this.#build.reshaped(state, shape) : state;
	}

	#step(input: string, states: readonly string[]): string[] {
		const [h = "", c = ""] = states;
		const node = this.#node;
		if (node.op === "rnn") return [this.#activate(0, this.#build.add(input, this.#product(h, this.#recurrent)))];
		if (node.op === "gru") return [this.#gru(input, h, node.attributes.resetAfter)];
		return this.#lstm(input, h, c, node.attributes);
	}

	#gru(input: string, h: string, resetAfter: boolean): string {
		const build = this.#build;
		const [xz, xr, xh] = [0, 1, 2].map((part) => this.#part(input, part)) as [string, string, string];
		const gated = (z: string, fresh: string) =>
			build.add(build.mul(z, h), build.mul(build.affine(z, -1, 1), this.#activate(1, fresh)));
		if (resetAfter) {
			const bias = this.#others.get("recurrentBias");
			const product = build.node("dense", [h, this.#recurrent, ...(bias === undefined ? [] : [bias])], {});
			const [hz, hr, hh] = [0, 1, 2].map((part) => this.#part(product, part)) as [string, string, string];
			const [z, r] = [this.#activate(0, build.add(xz, hz)), this.#activate(0, build.add(xr, hr))];
			return gated(z, build.add(xh, build.mul(r, hh)));
		}
		const columns = (start: number, length: number) =>
			build.node("slice", [this.#recurrent], { axis: -1, start, length, step: 1 });
		const product = this.#product(h, columns(0, 2 * this.#hidden));
		const z = this.#activate(0, build.add(xz, this.#part(product, 0)));
		const r = this.#activate(0, build.add(xr, this.#part(product, 1)));
		const values = this.#product(build.mul(r, h), columns(2 * this.#hidden, this.#hidden));
		return gated(z, build.add(xh, values));
	}

	#lstm(
		input: string,
		h: string,
		c: string,
		{ gates, coupled }: Extract<Recurrent, { op: "lstm" }>["attributes"],
	): string[] {
		const build = this.#build;
		const all = build.add(input, this.#product(h, this.#recurrent));
		const gate = (name: string) => this.#part(all, gates.indexOf(name));
		const peepholes = this.#others.get("peepholes");
		const sees = (value: string, cell: string, part: number) =>
			peepholes === undefined ? value : build.add(value, build.mul(cell, this.#part(peepholes, part)));
		const i = this.#activate(0, sees(gate("i"), c, 0));
		const f = coupled ? build.affine(i, -1, 1) : this.#activate(0, sees(gate("f"), c, 2));
		const next = build.add(build.mul(f, c), build.mul(i, this.#activate(1, gate("c"))));
		const o = this.#activate(0, sees(gate("o"), next, 1));
		return [build.mul(o, this.#activate(2, next)), next];
	}

	#product(h: string, kernel: string): string {
		return this.#build.node("dense", [h, kernel], {});
	}

	/** One gate's part of the last axis. */
	#part(x: string, part: number): string {
		return this.#build.node("slice", [x], {
			axis: -1,
			start: part * this.#hidden,
			length: this.#hidden,
			step: 1,
		});
	}

	#activate(index: number, x: string): string {
		const { activations, clip }: RecurrentAttributes = this.#node.attributes;
		const bounded = clip === undefined || index >= 2 ? x : this.#build.unary("clip", x, -clip, clip);
		return this.#build.node("unary", [bounded], activations[index] as UnaryAttributes);
	}
}
