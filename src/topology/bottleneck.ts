import type { Topology } from "./topology.js";

/** A persistence diagram of sublevel sets. */
export interface Diagram {
	/** Birth and death of what is born and dies at finite levels. */
	readonly points: readonly (readonly [number, number])[];
	/** Births of what never dies: essential classes, and those behind walls of +∞. Rising. */
	readonly lasting: readonly number[];
}

/** The diagram of a surface's minima. */
export function diagramOf({ minima }: Pick<Topology, "minima">): Diagram {
	const born = minima.filter(({ birth }) => Number.isFinite(birth));
	const lasts = ({ essential, death }: (typeof born)[number]) => essential || death === Number.POSITIVE_INFINITY;
	return {
		points: born.filter((pair) => !lasts(pair)).map(({ birth, death }) => [birth, death]),
		lasting: born
			.filter(lasts)
			.map(({ birth }) => birth)
			.sort((a, b) => a - b),
	};
}

/**
 * The bottleneck distance of two diagrams, exactly: the least ε such that their points can be matched one to one, or to the diagonal, with
 * no birth and no death moved by more than ε. Never more than max |f − g| of the fields that they are of. Infinity where they have
 * unlike numbers of classes that never die: where holes separate the one into more parts than the other.
 *
 * ε is one of the distances between points, or half a persistence, and so the lowest float64 for which there is a matching: found by bisection
 * of all of them, in 63 steps at most, without a list of distances.
 *
 * @see Cohen-Steiner, Edelsbrunner, Harer, "Stability of persistence diagrams", Discrete & Computational Geometry 37 (2007)
 */
export function bottleneckDistance(a: Diagram, b: Diagram): number {
	if (a.lasting.length !== b.lasting.length) return Number.POSITIVE_INFINITY;
	// On a line nothing is gained by crossing: the lowest goes to the lowest.
	const lasting = a.lasting.reduce((most, birth, i) => Math.max(most, Math.abs(birth - (b.lasting[i] ?? 0))), 0);
	return Math.max(lasting, finiteDistance(a.points, b.points));
}

type Points = Diagram["points"];

const halfOf = ([birth, death]: readonly [number, number]) => (death - birth) / 2;

function finiteDistance(a: Points, b: Points): number {
	const byBirth = (points: Points) => points.toSorted(([one], [other]) => one - other);
	const [first, second] = [byBirth(a), byBirth(b)];
	const matches = (within: number) => covers(first, second, within) && covers(second, first, within);
	// All of them can go to the diagonal.
	const most = [...a, ...b].map(halfOf).reduce((largest, half) => Math.max(largest, half), 0);
	return lowestThat(most, matches);
}

/** The lowest number from 0 on that will do, where `enough` does and whatever is above one that does: float64 are in the order of their bits. */
function lowestThat(enough: number, willDo: (value: number) => boolean): number {
	const view = new DataView(new ArrayBuffer(8));
	const numberOf = (bits: bigint) => {
		view.setBigUint64(0, bits);
		return view.getFloat64(0);
	};
	view.setFloat64(0, enough);
	let [low, high] = [0n, view.getBigUint64(0)];
	while (low < high) {
		const middle = (low + high) >> 1n;
		if (willDo(numberOf(middle))) high = middle;
		else low = middle + 1n;
	}
	return numberOf(high);
}

/**
 * Whether all points too far from the diagonal can be matched with others, one to one, by augmenting paths. Where each of two sets can be
 * covered by a matching both can by a single one.
 *
 * @param others by rising birth
 * @see Mendelsohn and Dulmage, Canadian Journal of Mathematics 10 (1958); Kuhn, Naval Research Logistics Quarterly 2 (1955)
 */
function covers(points: Points, others: Points, within: number): boolean {
	const partners = new Int32Array(points.length).fill(-1);
	const owners = new Int32Array(others.length).fill(-1);
	const seen = new Int32Array(others.length).fill(-1);
	const from = new Int32Array(others.length);
	/** The other at the end of a path from a point to one that has no owner; -1 where there is none. */
	const pathFrom = (start: number): number => {
		const queue = [start];
		for (const number of queue) {
			const [birth, death] = points[number] ?? [0, 0];
			for (
				let i = firstWithin(others, birth, within);
				(others[i]?.[0] ?? Number.POSITIVE_INFINITY) - birth <= within;
				i++
			) {
				if (seen[i] === start || Math.abs(death - (others[i]?.[1] ?? 0)) > within) continue;
				seen[i] = start;
				from[i] = number;
				const owner = owners[i] ?? -1;
				if (owner < 0) return i;
				queue.push(owner);
			}
		}
		return -1;
	};
	return points.every((point, start) => {
		if (halfOf(point) <= within) return true;
		let end = pathFrom(start);
		if (end < 0) return false;
		// Along the path everyone takes the next one, up to the start, which had none.
		while (end >= 0) {
			const number = from[end] ?? start;
			const before = partners[number] ?? -1;
			owners[end] = number;
			partners[number] = end;
			end = before;
		}
		return true;
	});
}

/** The place of the first of points by rising birth that is not born more than so much before. */
function firstWithin(others: Points, birth: number, within: number): number {
	let [low, high] = [0, others.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (birth - (others[middle]?.[0] ?? 0) <= within) high = middle;
		else low = middle + 1;
	}
	return low;
}

/**
 * The largest difference of two fields at the same points: 0 at points where both are +∞, Infinity where one is. Null where one has a
 * value at a point where the other has none.
 */
export function largestDifference(a: Float64Array, b: Float64Array): number | null {
	let most = 0;
	for (const [point, value] of a.entries()) {
		const other = b[point] ?? Number.NaN;
		if (Number.isNaN(value) !== Number.isNaN(other)) return null;
		if (!Number.isNaN(value) && value !== other) most = Math.max(most, Math.abs(value - other));
	}
	return most;
}
