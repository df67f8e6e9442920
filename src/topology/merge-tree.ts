import type { Landscape } from "./landscape.js";

/** A part of a merge tree: from a minimum up to where it meets one that lies lower. */
export interface Branch {
	/** The point of the minimum. */
	readonly leaf: number;
	/** The point at which it meets a lower one; of one that never does, the highest finite point of what hangs together with it. */
	readonly end: number;
	/** The number of the branch that it meets; null for one that meets none. */
	readonly into: number | null;
}

/**
 * The merge tree of a landscape's sublevel sets, branch by branch in the order of their minima. Points are taken in from the lowest up, of
 * equal values the one with the lower number first, so that no two are alike and ties need no noise. A point without a lower neighbour
 * begins a branch; where several meet, the lowest goes on and the others end (the elder rule). Linear but for the sorting.
 *
 * @see Edelsbrunner, Letscher, Zomorodian, Discrete & Computational Geometry 28 (2002); Carr, Snoeyink, Axen, Computational Geometry 24 (2003)
 */
export function mergeTree({ values, isVertex, neighboursOf }: Landscape): Branch[] {
	const value = (point: number) => values[point] ?? Number.NaN;
	const rising = Array.from(values.keys()).filter(isVertex);
	rising.sort((a, b) => (value(a) === value(b) ? a - b : value(a) - value(b)));
	const parents = new Int32Array(values.length).fill(-1);
	const rootOf = (point: number): number => {
		let root = point;
		while (parents[root] !== root) root = parents[root] ?? root;
		// The way is shortened for those who come after.
		for (let next = point; next !== root; ) [next, parents[next]] = [parents[next] ?? root, root];
		return root;
	};
	const branches: { readonly leaf: number; end: number; into: number | null }[] = [];
	/** By the roots of components: the branch that goes on in each, and its highest finite point. */
	const components = new Map<number, { readonly elder: number; readonly highest: number }>();
	for (const point of rising) {
		const roots = new Set<number>();
		for (const neighbour of neighboursOf(point)) if (parents[neighbour] !== -1) roots.add(rootOf(neighbour));
		const meeting = [...roots].flatMap((root) => components.get(root) ?? []);
		const elder = meeting.length === 0 ? branches.length : Math.min(...meeting.map((component) => component.elder));
		if (meeting.length === 0) branches.push({ leaf: point, end: point, into: null });
		for (const { elder: number } of meeting) {
			const branch = branches[number];
			if (number !== elder && branch !== undefined) [branch.end, branch.into] = [point, elder];
		}
		// Of what meets at +∞ the highest may be in any.
		const candidates = Number.isFinite(value(point)) ? [point] : [...meeting.map(({ highest }) => highest), point];
		const highest = candidates.reduce((most, other) =>
			Number.isFinite(value(other)) && value(other) > value(most) ? other : most,
		);
		for (const root of roots) {
			parents[root] = point;
			components.delete(root);
		}
		parents[point] = point;
		components.set(point, { elder, highest });
	}
	for (const { elder, highest } of components.values()) {
		const branch = branches[elder];
		if (branch !== undefined) branch.end = highest;
	}
	return branches;
}

/**
 * The same without branches that end at the height at which they begin: parts of plateaus, which are one minimum each. What remains is
 * numbered anew; `keptOf` says of every branch of the whole tree which of these it is part of.
 */
export function withoutPlateaus(
	branches: readonly Branch[],
	values: Float64Array,
): { readonly kept: readonly Branch[]; readonly keptOf: Int32Array } {
	const isPlateau = ({ leaf, end, into }: Branch) => into !== null && values[leaf] === values[end];
	const keptOf = new Int32Array(branches.length);
	const kept: Branch[] = [];
	for (const [i, branch] of branches.entries()) {
		// What a branch meets began before it, so that its number is settled.
		const into = branch.into === null ? null : (keptOf[branch.into] ?? 0);
		if (isPlateau(branch)) keptOf[i] = into ?? 0;
		else keptOf[i] = kept.push({ ...branch, into }) - 1;
	}
	return { kept, keptOf };
}
