export type Vector = Float32Array | Float64Array;

/** From a number of a stretch up to another. */
export type Range = readonly [from: number, to: number];

/** A stretch of some vectors and of the origin that they are told from. */
export interface Stretch {
	readonly parts: readonly Float32Array[];
	readonly origin: Vector;
	/** Where differences count as 0. */
	readonly held?: readonly Range[];
}

/** Sums over the differences between vectors and an origin, in float64: the same bits wherever they are computed. */
export interface Differences {
	/** The product of each with each: [count, count], of which the lower half counts. */
	gram(stretch: Stretch): Float64Array;
	/**
	 * Two sums of them, added up in float64 and rounded once.
	 *
	 * @param weights [2, count]
	 * @param into    receives them, each as long as the stretch
	 */
	combine(stretch: Stretch, weights: Float64Array, into: readonly Float32Array[]): void;
	/** The product of each with two directions: [count, 2]. */
	along(stretch: Stretch, directions: readonly Vector[]): Float64Array;
	/**
	 * The squares of what is left of each, less its places along two directions, and of all of it: [count, 2].
	 *
	 * @param places [count, 2]
	 */
	rest(stretch: Stretch, directions: readonly Vector[], places: Float64Array): Float64Array;
}

/** Numbers that are summed, in two lanes, before they join the total; as in assembly/differences.ts. */
export const BLOCK = 256;

/** The sums of `Differences` for engines that lack what the kernels take: the same bits, more slowly. */
export const differenceLoops: Differences = {
	gram(stretch) {
		const rows = differencesIn(stretch);
		const gram = new Float64Array(rows.length ** 2);
		for (const [i, one] of rows.entries())
			for (const [j, other] of rows.slice(0, i + 1).entries()) gram[i * rows.length + j] = product(one, other);
		return gram;
	},
	combine(stretch, weights, into) {
		const rows = differencesIn(stretch);
		for (const [k, out] of into.entries()) {
			const sums = new Float64Array(out.length);
			for (const [row, values] of rows.entries()) {
				const weight = weights[k * rows.length + row] ?? 0;
				for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * (values[i] ?? 0);
			}
			out.set(sums);
		}
	},
	along(stretch, directions) {
		return Float64Array.from(
			differencesIn(stretch).flatMap((values) => [0, 1].map((k) => product(values, directions[k] ?? []))),
		);
	},
	rest(stretch, [x = new Float64Array(), y = new Float64Array()], places) {
		return Float64Array.from(
			differencesIn(stretch).flatMap((values, row) => {
				const [alpha = 0, beta = 0] = places.subarray(2 * row, 2 * row + 2);
				const left = values.map((value, i) => value - alpha * (x[i] ?? 0) - beta * (y[i] ?? 0));
				return [product(left, left), product(values, values)];
			}),
		);
	},
};

function differencesIn({ parts, origin, held = [] }: Stretch): Float64Array[] {
	return parts.map((part) => {
		const difference = new Float64Array(part.length);
		for (let i = 0; i < part.length; i++) difference[i] = (part[i] ?? 0) - (origin[i] ?? 0);
		for (const range of held) difference.fill(0, ...range);
		return difference;
	});
}

function product(a: Float64Array, b: ArrayLike<number>): number {
	let sum = 0;
	for (let first = 0; first < a.length; first += BLOCK) {
		const end = Math.min(first + BLOCK, a.length);
		let [even, odd] = [0, 0];
		for (let i = first; i < end; i += 2) {
			even += (a[i] ?? 0) * (b[i] ?? 0);
			if (i + 1 < end) odd += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
		}
		sum += even + odd;
	}
	return sum;
}
