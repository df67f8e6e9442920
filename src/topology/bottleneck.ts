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
 * ε is one of the distances between points, or half a persistence; it is found by bisection of these, asking each time for a matching.
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
	const matches = (within: number) => covers(a, b, within) && covers(b, a, within);
	const halves = [0, ...[...a, ...b].map(halfOf)].sort((one, other) => one - other);
	// All of them can go to the diagonal, so that the last half is enough; between it and the one before lie the distances that remain.
	const enough = firstThat(halves, matches);
	const [above, upTo] = [halves[enough - 1] ?? 0, halves[enough] ?? 0];
	const distances = a
		.flatMap(([birth, death]) => b.flatMap((other) => [Math.abs(birth - other[0]), Math.abs(death - other[1])]))
		.filter((distance) => distance > above && distance < upTo);
	const candidates = [...distances, upTo].sort((one, other) => one - other);
	return candidates[firstThat(candidates, matches)] ?? 0;
}

/** The place of the first of rising values that will do; the last does. */
function firstThat(values: readonly number[], isEnough: (value: number) => boolean): number {
	let [low, high] = [0, values.length - 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isEnough(values[middle] ?? 0)) high = middle;
		else low = middle + 1;
	}
	return high;
}

/**
 * Whether all points too far from the diagonal can be matched with others, one to one. Where each of two sets can be covered by a matching
 * both can by a single one.
 *
 * @see Mendelsohn and Dulmage, Canadian Journal of Mathematics 10 (1958); Kuhn, Naval Research Logistics Quarterly 2 (1955)
 */
function covers(points: Points, others: Points, within: number): boolean {
	const owners = new Int32Array(others.length).fill(-1);
	const seen = new Int32Array(others.length).fill(-1);
	const place = (number: number, round: number): boolean => {
		const [birth, death] = points[number] ?? [0, 0];
		for (const [i, other] of others.entries()) {
			if (seen[i] === round || Math.abs(birth - other[0]) > within || Math.abs(death - other[1]) > within) continue;
			seen[i] = round;
			const owner = owners[i] ?? -1;
			if (owner >= 0 && !place(owner, round)) continue;
			owners[i] = number;
			return true;
		}
		return false;
	};
	return points.every((point, number) => halfOf(point) <= within || place(number, number));
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
