import type { Landscape } from "./landscape.js";
import type { Branch } from "./merge-tree.js";
import type { Significance } from "./significance.js";

/** A minimum or maximum, and where it ceases to be one of its own as a level passes over the surface. */
export interface PersistencePair {
	readonly kind: "minimum" | "maximum";
	/** The number of its point. */
	readonly point: number;
	/**
	 * The number of the saddle at which what hangs together with it meets a lower minimum (higher maximum); of an essential one the
	 * highest (lowest) finite point of its domain.
	 */
	readonly end: number;
	/** The values at both, in units of the field; +∞ is one. A maximum is born above where it dies. */
	readonly birth: number;
	readonly death: number;
	/** |death − birth|. */
	readonly persistence: number;
	/** Whether it never meets a lower minimum (higher maximum): each domain has one such. */
	readonly essential: boolean;
	/** Whether the grid ends beside it, or a point beside it has no value: beyond, it may go on down (up). */
	readonly border: boolean;
	/** The persistence above which it is significant, and whether it is. */
	readonly threshold: number;
	readonly significant: boolean;
	/** The number, in the same list, of the pair that it becomes part of; null for an essential one. */
	readonly into: number | null;
}

/** Pairs with the largest persistence first, and the place in that order of every branch. */
export interface OrderedPairs {
	readonly pairs: readonly PersistencePair[];
	readonly placeOf: Int32Array;
}

/**
 * The pairs of a merge tree without plateaus.
 *
 * @param landscape of the field itself, for maxima too
 * @param isBorder  whether a point lies beside the end of the grid or a hole
 */
export function pairsOf(
	kind: PersistencePair["kind"],
	branches: readonly Branch[],
	{ values }: Landscape,
	{ threshold }: Significance,
	isBorder: (point: number) => boolean,
): OrderedPairs {
	const pairs = branches.map(({ leaf, end, into }): PersistencePair => {
		const [birth, death] = [values[leaf] ?? Number.NaN, values[end] ?? Number.NaN];
		// ∞ − ∞, of a domain in which nothing else is, is nothing.
		const persistence = birth === death ? 0 : Math.abs(death - birth);
		const least = threshold(leaf, end);
		return {
			...{ kind, point: leaf, end, birth, death, persistence, into, threshold: least },
			essential: into === null,
			border: isBorder(leaf),
			significant: persistence > least,
		};
	});
	const places = [...pairs.keys()].sort((a, b) => {
		const [first, second] = [pairs[a]?.persistence ?? 0, pairs[b]?.persistence ?? 0];
		return first === second ? a - b : second > first ? 1 : -1;
	});
	const placeOf = new Int32Array(places.length);
	for (const [place, branch] of places.entries()) placeOf[branch] = place;
	const ordered = places.flatMap((branch) => pairs[branch] ?? []);
	return {
		pairs: ordered.map((pair) => ({ ...pair, into: pair.into === null ? null : (placeOf[pair.into] ?? 0) })),
		placeOf,
	};
}
