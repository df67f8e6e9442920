import { layOut, Value } from "../../kernels/arena.js";
import { countOf, type Operand } from "../../kernels/lowering.js";
import type { Graph, GraphInput } from "../../network/graph.js";
import type { GraphNode } from "../../network/ops/index.js";
import type { Lowered, Part } from "./lower.js";
import type { Weights } from "./weights.js";

/**
 * Neighbouring nodes that a number of samples goes through at a time. What one of them hands to the next then lies in the
 * second-level cache, where their parameters leave room; those that have many take as many samples as they can, for all of them
 * are read for each batch.
 */
export interface Segment extends Part {
	/** Samples that go through at a time. */
	readonly samples: number;
}

/** Where values that one segment makes and others read lie, of all samples that are under way: bytes from the start of their room. */
export interface Between {
	/** By the value of one sample: several names may stand for it, under other shapes. */
	readonly offsets: ReadonlyMap<Value, number>;
	readonly bytes: number;
}

/** A graph in segments, and how many samples are under way between them. */
export interface Plan {
	readonly segments: readonly Segment[];
	readonly batch: number;
	readonly between: Between;
}

/** Bytes of values that stay in the second-level cache of the machines that are about: 512 kB to 2 MB. */
const NEAR_BYTES = 256 << 10;

/** Bytes of parameters of a node that few samples are not worth reading for. */
const MANY_PARAMETERS = 256 << 10;

/** Bytes of values that stay in the last-level cache. */
const FAR_BYTES = 16 << 20;

/** Samples that filters are worth transforming for, where the values of so many come to no more than this. */
const [LEAST_SAMPLES, LEAST_BYTES] = [8, 64 << 20];

/** Bytes of what segments hand on, of all samples that are under way. */
const BETWEEN_BYTES = 32 << 20;

/** Neighbours go together unless one of them takes so many times the samples of the other. */
const APART = 4;

/** Nodes that can't be parted, for the first one's instructions do the work of all. */
interface Unit {
	readonly nodes: readonly GraphNode[];
	/** How many samples are best for it. */
	readonly samples: number;
	/** Whether that is for its many parameters. */
	readonly heavy: boolean;
}

/**
 * Parts a graph for a number of samples.
 *
 * @param one the graph lowered for one sample
 */
export function planSegments(graph: Graph, one: Lowered, weights: Weights, samples: number): Plan {
	const groups: Unit[][] = [];
	for (const unit of unitsOf(graph, one, weights)) {
		const last = groups.at(-1);
		if (last !== undefined && belong(last, unit)) last.push(unit);
		else groups.push([unit]);
	}
	const parts = groups.map((group) => {
		const nodes = group.flatMap((unit) => unit.nodes);
		return { ...interfaceOf(graph, one, nodes), nodes };
	});
	const wanted = groups.map((group) => Math.min(...group.map((unit) => unit.samples)));
	const held = Math.floor(BETWEEN_BYTES / Math.max(1, layOutBetween(graph, one, parts, 1).bytes));
	const batch = evenly(samples, Math.min(samples, Math.max(1, Math.min(held, Math.max(1, ...wanted)))));
	const segments = parts.map((part, index) => ({
		...part,
		samples: evenly(batch, Math.min(batch, wanted[index] ?? 1)),
	}));
	return { segments, batch, between: layOutBetween(graph, one, parts, batch) };
}

/** Parts of about the same size, none larger than `most`. */
function evenly(samples: number, most: number): number {
	return Math.ceil(samples / Math.ceil(samples / most));
}

function belong(group: readonly Unit[], unit: Unit): boolean {
	const counts = [...group, unit].map(({ samples }) => samples);
	return group.every(({ heavy }) => heavy === unit.heavy) && Math.max(...counts) < APART * Math.min(...counts);
}

function unitsOf(graph: Graph, one: Lowered, weights: Weights): Unit[] {
	const { starts, steps } = one;
	const whole = foldedAt(graph, one);
	const stepAt = (index: number) => starts[index]?.step ?? steps.length;
	// A node without steps of its own goes with the one before: that makes its values, too.
	const firsts = [...starts.keys()].filter(
		(index) => index === 0 || (stepAt(index) > 0 && stepAt(index + 1) > stepAt(index) && !whole.has(index)),
	);
	const live = liveBytes(one);
	return firsts.map((first, place) => {
		const end = firsts[place + 1] ?? starts.length;
		const nodes = starts.slice(first, end).map(({ node }) => node);
		const bytes = Math.max(1, ...live.slice(stepAt(first), stepAt(end)));
		const heavy = parameterBytes(nodes, weights) > MANY_PARAMETERS;
		return { nodes, heavy, samples: heavy ? fitFar(bytes) : Math.max(1, Math.floor(NEAR_BYTES / bytes)) };
	});
}

/** The places of nodes before which something is made, and read from there on, that doesn't lie sample by sample. */
function foldedAt(graph: Graph, { starts, named }: Lowered): Set<number> {
	const lastRead = new Map([[graph.output, starts.length]]);
	for (const [index, { node }] of starts.entries())
		for (const name of node.inputs) lastRead.set(name, Math.max(index, lastRead.get(name) ?? 0));
	const places = new Set<number>();
	for (const [index, { node }] of starts.entries()) {
		const operand = named.get(node.output);
		if (operand?.shape[0] === 1 && operand.type !== "bool") continue;
		for (let later = index + 1; later <= (lastRead.get(node.output) ?? 0); later++) places.add(later);
	}
	return places;
}

/** Bytes that are in use at each step, of one sample. */
function liveBytes({ steps, values }: Lowered): number[] {
	const bytes = steps.map(() => 0);
	for (const value of values.filter(({ scratch }) => !scratch))
		for (let step = value.first; step <= value.last; step++) bytes[step] = (bytes[step] ?? 0) + value.bytes;
	return bytes;
}

function fitFar(bytes: number): number {
	const fitting = (budget: number) => Math.floor(budget / bytes);
	return Math.max(1, fitting(FAR_BYTES), Math.min(LEAST_SAMPLES, fitting(LEAST_BYTES)));
}

function parameterBytes(nodes: readonly GraphNode[], weights: Weights): number {
	const names = nodes.flatMap(({ inputs }) => inputs);
	return names.reduce((sum, name) => sum + 4 * countOf(weights.get(name)?.shape ?? [0]), 0);
}

/** What some of the nodes take from others, and what they make for others. */
function interfaceOf(
	graph: Graph,
	{ starts, named }: Lowered,
	nodes: readonly GraphNode[],
): Pick<Part, "inputs" | "outputs"> {
	const inside = new Set(nodes);
	const made = new Set(nodes.map(({ output }) => output));
	const read = new Set(nodes.flatMap(({ inputs }) => inputs).filter((name) => !made.has(name)));
	const elsewhere = new Set(starts.flatMap(({ node }) => (inside.has(node) ? [] : node.inputs)));
	return {
		inputs: [...read].flatMap((name) => inputOf(name, named.get(name))),
		outputs: [...made].filter((name) => name === graph.output || elsewhere.has(name)),
	};
}

/** A value of each sample as an input; none for weights. */
function inputOf(name: string, operand: Operand | undefined): GraphInput[] {
	if (operand === undefined || operand.type === "bool") return [];
	return [{ name, shape: operand.shape.slice(1), type: operand.type }];
}

/** Lays out what segments make for others and what the graph is for, for a batch. */
function layOutBetween(graph: Graph, { named }: Lowered, parts: readonly Part[], batch: number): Between {
	const room = new Map<Value, Value>();
	for (const [index, { outputs }] of parts.entries())
		for (const name of outputs) {
			const value = named.get(name)?.at;
			if (typeof value !== "object") continue;
			const kept = room.get(value) ?? new Value(value.bytes * batch);
			room.set(value, kept);
			kept.use(index);
			for (const [reader, { inputs }] of parts.entries())
				if (inputs.some((input) => input.name === name)) kept.use(reader);
			if (name === graph.output) kept.use(parts.length);
		}
	const { offsets, bytes } = layOut([...room.values()]);
	return { bytes, offsets: new Map([...room].map(([value, kept]) => [value, offsets.get(kept) ?? 0])) };
}
