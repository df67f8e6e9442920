import type { BatchNormMode } from "../compute/evaluator.js";
import { LayoutMismatchError, OptionError } from "../errors.js";
import type { WeightsOptions } from "../formats/index.js";
import { checkState } from "../network/check.js";
import type { Graph } from "../network/graph.js";
import type { Network } from "../network/network.js";
import { type Layout, parameterLayout, type State, statisticsLayout } from "../network/parameters.js";
import { type DirectionKind, defaults } from "../options/plane/index.js";
import { affineSection, type Direction } from "../section/affine.js";
import { cosine } from "../section/products.js";
import { drawDirection } from "../section/random.js";
import type { AnySection, Section } from "../section/section.js";
import { keptStill } from "../section/still.js";
import { interpolationDirection } from "../section/towards.js";
import type { PlacedVector } from "../section/vector.js";
import { VectorStore } from "../section/vector-store.js";
import type { Anchor } from "../surface/surface.js";
import { type Aligning, aligned } from "./aligned.js";
import { type Stillness, stillTensors } from "./moving.js";
import { loadEnd, networkInMemory } from "./network.js";
import type { OtherNetwork, SweepRequest } from "./request.js";

/** A section, and what people want to know of it. */
export interface ResolvedSection {
	readonly section: AnySection;
	/** The cosine of the angle between the two directions; null for a line. */
	readonly cosine: number | null;
	/** For captions: how directions were drawn, or which networks they lead to. */
	readonly facts: readonly string[];
	readonly assumptions: readonly string[];
	/** What each axis is, where it is more than a direction. */
	readonly axisLabels?: readonly string[];
	/** How far to look along each, where nothing is said. */
	readonly halves?: readonly number[];
}

/** As close to 1 as the cosine of two directions may come and they still span a plane. */
const PARALLEL = 1 - 1e-9;

/** The networks of `to`, as a list. */
export function otherNetworks({ to = [] }: Pick<SweepRequest, "to">): readonly OtherNetwork[] {
	return Array.isArray(to) ? (to as readonly OtherNetwork[]) : [to as OtherNetwork];
}

/** The line or plane that a request asks for, around or through a network, but for what curvature gives. */
export async function resolveSection(
	network: Network,
	request: SweepRequest,
	start: string,
	weights: WeightsOptions,
	aligning: Aligning,
	store = new VectorStore(),
): Promise<ResolvedSection> {
	const moving = stillTensors(network.graph, request);
	if (request.section !== undefined) return givenSection(request.section, network, request);
	const others = otherNetworks(request);
	return others.length > 0
		? throughNetworks(network, others, request, { start, weights, moving, aligning, store })
		: alongRandom(network, request, moving, store);
}

function givenSection(section: Section, { graph }: Network, { y, freeze, only }: SweepRequest): ResolvedSection {
	if (freeze !== undefined || only !== undefined)
		throw new OptionError(
			freeze === undefined ? "only" : "freeze",
			"expected directions to be drawn: the section is given",
		);
	for (const vector of section.vectors) checkLength("parameters", vector.length, parameterLayout(graph));
	for (const vector of section.statistics) checkLength("statistics", vector.length, statisticsLayout(graph));
	if (y === null && section.dimensions === 2) throw new OptionError("y", "expected an axis: the section is a plane");
	const [, x, second] = section.vectors;
	const angle = section.dimensions === 1 || x === undefined || second === undefined ? null : cosine(x, second);
	return { section, cosine: angle, facts: ["section given"], assumptions: [] };
}

function checkLength(what: string, length: number, layout: Layout): void {
	if (length !== layout.length)
		throw new LayoutMismatchError(`section: expected vectors of the network's ${layout.length} ${what}, got ${length}`);
}

function alongRandom(
	{ graph, state }: Network,
	request: SweepRequest,
	moving: Stillness,
	store: VectorStore,
): ResolvedSection {
	const { seed, norm, bias } = { ...defaults, ...request };
	const layout = parameterLayout(graph);
	const draw = (axis: "x" | "y"): Direction<PlacedVector> => {
		const room = store.room(layout.length);
		const settings = { seed, norm, bias, still: moving.still };
		drawDirection(axis, state.parameters, layout, settings, (numbers, at) => room.put(numbers, at));
		return { parameters: room.done() };
	};
	const origin: Anchor = {
		label: request.labels?.[0] ?? "origin",
		at: request.y === null ? [0] : [0, 0],
		role: "origin",
	};
	const x = draw("x");
	const facts = ["random directions", `norm ${norm}`, `bias ${bias}`, `seed ${seed}`, ...moving.facts];
	if (request.y === null) return { section: affineSection(state, [x], [origin]), cosine: null, facts, assumptions: [] };
	const y = draw("y");
	return {
		section: affineSection(state, [x, y], [origin]),
		cosine: cosine(x.parameters, y.parameters),
		facts,
		assumptions: [],
	};
}

async function throughNetworks(
	network: Network,
	others: readonly OtherNetwork[],
	request: SweepRequest,
	{
		start,
		weights,
		moving,
		aligning,
		store,
	}: { start: string; weights: WeightsOptions; moving: Stillness; aligning: Aligning; store: VectorStore },
): Promise<ResolvedSection> {
	const { graph, state } = network;
	const read = await Promise.all(others.map((other) => stateOf(network, other, weights)));
	const names = others.map(nameOf);
	const { states, told } = request.align
		? await aligned(aligning, { state, name: start }, { states: read, names: names.map(labelOf) }, request.seed)
		: { states: read, told: [] };
	const moves = movesStatistics(request.batchNorm ?? defaults.batchNorm, state);
	const [x, y] = states.map((end): Direction<PlacedVector> => {
		const direction = held(towards(state, end, moves), graph, moving.still);
		return { ...direction, parameters: store.keep(direction.parameters) };
	});
	if (x === undefined) throw new RangeError("no network to go to");
	const facts = [`to ${names.join(" and ")}`, ...(request.align ? ["aligned"] : []), ...moving.facts];
	const assumptions = [
		...told,
		...(moves ? ["statistics of batch normalisation move with the parameters, from network to network"] : []),
		...(moving.still.size > 0
			? ["the ends are not the other networks: what does not move stays as the first has it"]
			: []),
	];
	const [originLabel = start, ...endLabels] = request.labels ?? [];
	const anchors = [originLabel, ...names.map((name, i) => endLabels[i] ?? labelOf(name))].map(
		(label, i): Anchor => ({ label, at: corner(i, others.length), role: i === 0 ? "origin" : "end" }),
	);
	if (y === undefined) return { section: affineSection(state, [x], anchors), cosine: null, facts, assumptions };
	const angle = cosine(x.parameters, y.parameters);
	// Written so that NaN, the cosine of a direction without length, is refused too.
	if (!(Math.abs(angle) < PARALLEL))
		throw new OptionError("to", "expected three networks that span a plane, these lie on one line");
	return { section: affineSection(state, [x, y], anchors), cosine: angle, facts, assumptions };
}

/** Where network number `i` of a line or plane through networks lies: at the origin, or 1 along an axis. */
function corner(i: number, dimensions: number): number[] {
	return Array.from({ length: dimensions }, (_, axis) => (axis === i - 1 ? 1 : 0));
}

/** A network is parameters and statistics: they move together, so that the end of a line is the network itself. */
function movesStatistics(batchNorm: BatchNormMode, { statistics }: State): boolean {
	return batchNorm === "running" && statistics.length > 0;
}

function towards(from: State, to: State, moves: boolean): Direction {
	const parameters = interpolationDirection(from.parameters, to.parameters);
	return moves ? { parameters, statistics: interpolationDirection(from.statistics, to.statistics) } : { parameters };
}

function held({ parameters, statistics }: Direction, graph: Graph, still: ReadonlySet<string>): Direction {
	const kept = keptStill(parameters, parameterLayout(graph), still);
	return statistics === undefined
		? { parameters: kept }
		: { parameters: kept, statistics: keptStill(statistics, statisticsLayout(graph), still) };
}

/**
 * The state of another network, whatever it is given as.
 *
 * @param option how errors call where it comes from
 */
export async function stateOf(
	network: Network,
	other: OtherNetwork,
	weights: WeightsOptions,
	option = "to",
): Promise<State> {
	const state = await loadState(network, other, weights, option);
	checkState(option, state, network.graph);
	return state;
}

async function loadState(
	network: Network,
	other: OtherNetwork,
	weights: WeightsOptions,
	option: string,
): Promise<State> {
	if (typeof other === "string") return loadEnd(network, other, option, weights);
	return "parameters" in other ? other : networkInMemory(other).state;
}

/** How people call another network. */
export function nameOf(other: OtherNetwork): string {
	if (typeof other === "string") return other;
	if ("graph" in other) return other.graph.name;
	return "name" in other ? other.name : "a state in memory";
}

/** A file's name without directories and ending; `init:SEED` as it is. */
export function labelOf(name: string): string {
	return (name.split(/[\\/]/).at(-1) ?? "").replace(/\.safetensors$/, "");
}

/** @throws {OptionError} where directions and networks don't go together */
export function checkOthers(kind: DirectionKind, others: readonly OtherNetwork[]): void {
	const got = others.length === 0 ? "none" : others.map((other) => `"${nameOf(other)}"`).join(" and ");
	const wanted = kind === "interpolate" ? 1 : kind === "plane" ? 2 : 0;
	if (others.length === wanted) return;
	const expected = [
		`only with directions interpolate or plane, got ${got} with ${kind}`,
		`a file of weights or init:SEED, once, for directions interpolate, got ${got}`,
		`two, each a file of weights or init:SEED, for directions plane, got ${got}`,
	][wanted];
	throw new OptionError("to", `expected ${expected}`);
}
