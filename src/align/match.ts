import { InterruptedError } from "../errors.js";
import { bestAssignment } from "../exact/assignment.js";
import { RandomStream } from "../exact/random.js";
import type { Graph } from "../network/graph.js";
import { parameterLayout, type State, slice } from "../network/parameters.js";
import { Gains, type Piece, productOf, Within } from "./gains.js";
import { identity, type Permutations, randomPermutations } from "./permute.js";
import type { Block, Group, Symmetry } from "./symmetry.js";

/** What is added to the objective at least, in units of ‖A‖·‖B‖, or the search is over. */
const LEAST_GAIN = 1e-10;

export interface MatchOptions {
	readonly seed: number;
	/** How often the search starts, the best end of which counts. */
	readonly restarts: number;
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: ((progress: AlignmentProgress) => void) | undefined;
}

/** How far the search has got. */
export interface AlignmentProgress {
	readonly stage: "alignment";
	readonly done: number;
	readonly total: number;
	readonly unit: "searches";
	/** The best end so far, in words. */
	readonly note: string;
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
 * @throws {InterruptedError} when the signal stops it
 * @see Ainsworth, Hayase, Srinivasa, Git Re-Basin, ICLR 2023 (arXiv 2209.04836), algorithm 1
 */
export async function matchWeights(
	graph: Graph,
	symmetry: Symmetry,
	[a, b]: readonly [State, State],
	{ seed, restarts, signal, onProgress }: MatchOptions,
): Promise<Matching> {
	const { groups } = symmetry;
	const pieces = piecesOf(graph, symmetry, a, b);
	const least = LEAST_GAIN * Math.sqrt(squareOf(a.parameters) * squareOf(b.parameters));
	const search = new Search(groups, pieces, least);
	const before = search.begin(identity(groups));
	let best = { permutations: identity(groups) as Permutations, value: before };
	for (let start = 0; start < restarts; start++) {
		const random = new RandomStream(seed, "alignment", start);
		search.begin(start === 0 ? identity(groups) : randomPermutations(groups, random));
		while (search.climb(random)) {
			// Between steps, since a signal is heard only then.
			await new Promise((resume) => setImmediate(resume));
			if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
		}
		const found = search.end();
		if (found.value > best.value + least) best = found;
		const note = `Σ A∘B ${before.toPrecision(5)} to ${best.value.toPrecision(5)}`;
		onProgress?.({ stage: "alignment", done: start + 1, total: restarts, unit: "searches", note });
	}
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

/** Orders that a group might take, and those that come with them. */
type Proposal = readonly (readonly [group: number, orders: Uint32Array])[];

/** Climbs from permutations to better ones. */
class Search {
	readonly #groups: readonly Group[];
	readonly #pieces: readonly Piece[];
	readonly #least: number;
	/** By group, the pieces that it has a part in, and what its neurons bring but for groups within. */
	readonly #own: readonly {
		readonly pieces: readonly Piece[];
		readonly gains: Gains;
		readonly inner: readonly number[];
	}[];
	#permutations: Uint32Array[] = [];
	readonly #values = new Map<Piece, number>();
	/** Groups that might find a better order, for something beside them has changed. */
	#open = new Set<number>();

	constructor(groups: readonly Group[], pieces: readonly Piece[], least: number) {
		this.#groups = groups;
		this.#pieces = pieces;
		this.#least = least;
		this.#own = groups.map((group, number) => {
			const own = pieces.filter(({ block }) => hasGroup(block, number));
			const inner = [...groups.keys()].filter((other) => groups[other]?.within === number);
			const plain = own.filter(({ block }) => !inner.some((other) => hasGroup(block, other)));
			return { pieces: own, gains: new Gains(number, group, plain), inner };
		});
	}

	/** Takes permutations to start from; what they bring. */
	begin(permutations: Uint32Array[]): number {
		this.#permutations = permutations;
		this.#open = new Set(this.#groups.keys());
		for (const piece of this.#pieces) this.#values.set(piece, productOf(piece, permutations));
		return this.end().value;
	}

	end(): { readonly permutations: Permutations; readonly value: number } {
		return { permutations: this.#permutations, value: this.#sum(this.#pieces) };
	}

	#sum(pieces: Iterable<Piece>): number {
		let sum = 0;
		for (const piece of pieces) sum += this.#values.get(piece) ?? 0;
		return sum;
	}

	/** Tries one group of those that might be better; false where none is left. */
	climb(random: RandomStream): boolean {
		const open = [...this.#open];
		const number = open[open.length > 1 ? random.below(open.length) : 0];
		if (number === undefined) return false;
		this.#open.delete(number);
		this.#take(this.#propose(number));
		return true;
	}

	#propose(number: number): Proposal {
		const [group, own] = [this.#groups[number], this.#own[number]];
		if (group === undefined || own === undefined) return [];
		const gains = own.gains.given(this.#permutations);
		if (own.inner.length > 0) return this.#withInner([number, group], own.inner, own.pieces, gains[0]);
		const orders = new Uint32Array(group.size * group.count);
		for (const [k, gain] of gains.entries()) orders.set(bestAssignment(gain, group.size), k * group.size);
		return [[number, orders]];
	}

	/** Each pair of neurons with the best that can be had within. */
	#withInner(
		[number, group]: readonly [number, Group],
		inner: readonly number[],
		pieces: readonly Piece[],
		gains: Float64Array = new Float64Array(),
	): Proposal {
		const insides = inner.flatMap((other) => {
			const own = this.#groups[other];
			return own === undefined ? [] : [new Within([number, group], [other, own], pieces, this.#permutations)];
		});
		for (let i = 0; i < group.size; i++)
			for (let j = 0; j < group.size; j++) {
				const at = i * group.size + j;
				for (const inside of insides) gains[at] = (gains[at] ?? 0) + inside.best(i, j).gain;
			}
		const order = bestAssignment(gains, group.size);
		return [[number, order], ...insides.map((inside) => [inside.number, inside.ordersFor(order)] as const)];
	}

	/** Takes what is better than what there is. */
	#take(proposal: Proposal): void {
		const touched = new Set(proposal.flatMap(([number]) => this.#own[number]?.pieces ?? []));
		const before = this.#sum(touched);
		const proposed = [...this.#permutations];
		for (const [number, orders] of proposal) proposed[number] = orders;
		const values = [...touched].map((piece) => [piece, productOf(piece, proposed)] as const);
		if (!(values.reduce((sum, [, value]) => sum + value, 0) > before + this.#least)) return;
		this.#permutations = proposed;
		for (const [piece, value] of values) this.#values.set(piece, value);
		const moved = new Set(proposal.map(([number]) => number));
		// What has just found its best place has to look again only where it lies beside itself.
		for (const { block } of touched)
			for (const { group } of block.factors)
				if (group !== undefined && (!moved.has(group) || countOf(block, group) > 1)) this.#open.add(group);
	}
}

function countOf({ factors }: Block, number: number): number {
	return factors.filter(({ group }) => group === number).length;
}

function hasGroup({ factors }: Block, number: number): boolean {
	return factors.some(({ group }) => group === number);
}
