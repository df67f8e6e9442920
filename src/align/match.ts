import { bestAssignment } from "../exact/assignment.js";
import { RandomStream } from "../exact/random.js";
import type { Graph } from "../network/graph.js";
import { parameterLayout, type State, slice } from "../network/parameters.js";
import { gainsOf, type Piece, productOf, Within } from "./gains.js";
import { identity, type Permutations, randomPermutations } from "./permute.js";
import type { Group, Symmetry } from "./symmetry.js";

/** What is added to the objective at least, in units of ‖A‖·‖B‖, or the search is over. */
const LEAST_GAIN = 1e-10;

export interface MatchOptions {
	readonly seed: number;
	/** How often the search starts, the best end of which counts. */
	readonly restarts: number;
}

/** The permutations of B that bring its parameters closest to A's, as far as they were found. */
export interface Matching {
	readonly permutations: Permutations;
	/** Σ A ∘ B over all parameters, before and after: ‖A − B‖² = ‖A‖² + ‖B‖² less twice it. */
	readonly before: number;
	readonly after: number;
}

/**
 * Weight matching: permutations of B's neurons by which the sum of products of its parameters with A's is as great as can be found. One
 * group after another, in random order, takes the best order given all others, until none brings more. Running statistics don't count.
 *
 * The first search starts from B as it is, the others from random permutations: each ends in a maximum near where it began.
 *
 * @see Ainsworth, Hayase, Srinivasa, Git Re-Basin, ICLR 2023 (arXiv 2209.04836), algorithm 1
 */
export function matchWeights(
	graph: Graph,
	symmetry: Symmetry,
	[a, b]: readonly [State, State],
	{ seed, restarts }: MatchOptions,
): Matching {
	const pieces = piecesOf(graph, symmetry, a, b);
	const least = LEAST_GAIN * Math.sqrt(squareOf(a.parameters) * squareOf(b.parameters));
	let best: { readonly permutations: Permutations; readonly value: number } | undefined;
	for (let start = 0; start < restarts; start++) {
		const random = new RandomStream(seed, "alignment", start);
		const permutations = start === 0 ? identity(symmetry.groups) : randomPermutations(symmetry.groups, random);
		new Search(symmetry.groups, pieces, permutations).climb(random, least);
		const value = total(pieces, permutations);
		if (best === undefined || value > best.value + least) best = { permutations, value };
	}
	const before = total(pieces, identity(symmetry.groups));
	if (best === undefined || !(best.value > before)) best = { permutations: identity(symmetry.groups), value: before };
	return { permutations: best.permutations, before, after: best.value };
}

function piecesOf(graph: Graph, { tensors }: Symmetry, a: State, b: State): Piece[] {
	return parameterLayout(graph).slots.flatMap((slot) =>
		(tensors.get(slot.name) ?? []).map((block) => ({
			block,
			a: slice(a.parameters, slot),
			b: slice(b.parameters, slot),
		})),
	);
}

function squareOf(vector: Float32Array): number {
	return vector.reduce((sum, value) => sum + value * value, 0);
}

function total(pieces: readonly Piece[], permutations: Permutations): number {
	return pieces.reduce((sum, piece) => sum + productOf(piece, permutations), 0);
}

/** Orders that a group might take, and those that come with them. */
type Proposal = readonly (readonly [group: number, orders: Uint32Array])[];

/** One search, which changes permutations as it climbs. */
class Search {
	readonly #groups: readonly Group[];
	readonly #permutations: Uint32Array[];
	/** By group, the pieces that it has a part in. */
	readonly #pieces: readonly (readonly Piece[])[];

	constructor(groups: readonly Group[], pieces: readonly Piece[], permutations: Uint32Array[]) {
		this.#groups = groups;
		this.#permutations = permutations;
		this.#pieces = groups.map((_, number) =>
			pieces.filter(({ block }) => block.factors.some(({ group }) => group === number)),
		);
	}

	climb(random: RandomStream, least: number): void {
		for (let improved = true; improved; ) {
			improved = false;
			for (const number of random.permutation(this.#groups.length))
				if (this.#take(this.#propose(number), least)) improved = true;
		}
	}

	#propose(number: number): Proposal {
		const group = this.#groups[number];
		if (group === undefined) return [];
		const inner = [...this.#groups.entries()].filter(([, { within }]) => within === number);
		if (inner.length > 0) return this.#withInner([number, group], inner);
		const gains = gainsOf(number, group, this.#pieces[number] ?? [], this.#permutations);
		const orders = new Uint32Array(group.size * group.count);
		for (const [k, gain] of gains.entries()) orders.set(bestAssignment(gain, group.size), k * group.size);
		return [[number, orders]];
	}

	/** Each pair of neurons with the best that can be had within. */
	#withInner([number, group]: readonly [number, Group], inner: readonly (readonly [number, Group])[]): Proposal {
		const hosted = new Set(inner.map(([own]) => own));
		const pieces = this.#pieces[number] ?? [];
		const plain = pieces.filter(({ block }) => !block.factors.some(({ group: own }) => hosted.has(own ?? -1)));
		const [gains = new Float64Array()] = gainsOf(number, group, plain, this.#permutations);
		const insides = inner.map((own) => new Within([number, group], own, pieces, this.#permutations));
		for (let i = 0; i < group.size; i++)
			for (let j = 0; j < group.size; j++) {
				const at = i * group.size + j;
				for (const inside of insides) gains[at] = (gains[at] ?? 0) + inside.best(i, j).gain;
			}
		const order = bestAssignment(gains, group.size);
		const within = inner.map(([own, { size, count }], k): readonly [number, Uint32Array] => {
			const orders = new Uint32Array(size * count);
			for (const [i, j] of order.entries())
				orders.set(insides[k]?.best(i, j).orders ?? [], (i * orders.length) / group.size);
			return [own, orders];
		});
		return [[number, order], ...within];
	}

	/** Takes what is better than what there is; whether it was. */
	#take(proposal: Proposal, least: number): boolean {
		const touched = [...new Set(proposal.flatMap(([number]) => this.#pieces[number] ?? []))];
		const before = total(touched, this.#permutations);
		const old = proposal.map(([number]) => this.#permutations[number] ?? new Uint32Array());
		for (const [number, orders] of proposal) this.#permutations[number] = orders;
		if (total(touched, this.#permutations) > before + least) return true;
		for (const [i, [number]] of proposal.entries()) this.#permutations[number] = old[i] ?? new Uint32Array();
		return false;
	}
}
