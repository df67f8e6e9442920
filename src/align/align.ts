import { OptionError } from "../errors.js";
import type { State } from "../network/parameters.js";
import { type AlignmentProgress, matchWeights } from "./match.js";
import { permuted } from "./permute.js";
import { type Fixed, type Group, symmetryOf } from "./symmetry.js";
import { type Tried, verify } from "./verify.js";

export interface AlignmentOptions {
	/** Of the order in which groups are gone through, and of where searches start. */
	readonly seed: number;
	/** How often the search starts. */
	readonly restarts: number;
	/** How errors call the two networks. */
	readonly names: readonly [string, string];
	readonly signal?: AbortSignal | undefined;
	/** Told after each search. */
	readonly onProgress?: ((progress: AlignmentProgress) => void) | undefined;
}

/** A group of neurons, and how many of them were moved. */
export interface AlignedGroup extends Pick<Group, "name" | "size" | "count" | "parameters"> {
	/** Of `size` times `count` neurons, those in another place than before. */
	readonly moved: number;
}

/** A quantity of two networks before and after the second was aligned to the first. */
export interface BeforeAndAfter {
	readonly before: number;
	readonly after: number;
}

/** A network with its neurons in the order in which it is closest to another. */
export interface Alignment {
	/** It computes what it did. */
	readonly state: State;
	readonly groups: readonly AlignedGroup[];
	/** What of the network has to stay as it is. */
	readonly fixed: readonly Fixed[];
	/** Σ A ∘ B over all parameters, running statistics apart: what was made as great as could be found. */
	readonly objective: BeforeAndAfter;
	/** ‖A − B‖ over all parameters, running statistics apart. */
	readonly distance: BeforeAndAfter;
}

/**
 * Brings a network's neurons into the order in which its parameters are closest to another's, by weight matching; its outputs stay what
 * they were, which is tried on data. The same seed gives the same order on every machine.
 *
 * @param tried the graph of both, and data to try it on
 * @throws {OptionError}      when a parameter is not finite
 * @throws {AlignmentError}   when the outputs are not those of before
 * @throws {InterruptedError} when the signal stops it
 */
export async function alignTo(tried: Tried, a: State, b: State, options: AlignmentOptions): Promise<Alignment> {
	checkFinite(options.names[0], a);
	checkFinite(options.names[1], b);
	const symmetry = symmetryOf(tried.graph);
	const { permutations, before, after } = await matchWeights(tried.graph, symmetry, [a, b], options);
	const state = permuted(tried.graph, symmetry, b, permutations);
	await verify(tried, symmetry, permutations, [b, state]);
	return {
		state,
		groups: symmetry.groups.map(({ name, size, count, parameters }, i) => ({
			...{ name, size, count, parameters },
			moved: movedOf(size, permutations[i]),
		})),
		fixed: symmetry.fixed,
		objective: { before, after },
		distance: { before: distanceOf(a, b), after: distanceOf(a, state) },
	};
}

function movedOf(size: number, orders: Uint32Array = new Uint32Array()): number {
	return orders.reduce((count, from, i) => count + Number(from !== i % size), 0);
}

function distanceOf({ parameters: a }: State, { parameters: b }: State): number {
	return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));
}

/** @throws {OptionError} naming the network, where a parameter or statistic is no number: nothing is near it */
function checkFinite(name: string, { parameters, statistics }: State): void {
	for (const vector of [parameters, statistics]) {
		const odd = vector.find((value) => !Number.isFinite(value));
		if (odd !== undefined) throw new OptionError(name, `expected finite parameters to align, got ${odd}`);
	}
}
