import { dot } from "./products.js";
import type { VectorRows } from "./rows.js";
import { DifferencePasses, type SummingOptions } from "./sums.js";
import { type PlacedVector, partOf, type Vector } from "./vector.js";

/** Where a vector lies beside a line or plane. */
export interface Projection {
	/** The nearest place of the section, [α] or [α, β]. */
	readonly at: readonly number[];
	/** The distance to it, and its share in the distance to the origin: 0 on the section, 1 at right angles to it. */
	readonly offPlane: number;
	readonly offPlaneShare: number;
}

/**
 * The nearest places of a line or plane to some vectors, by least squares in float64, and how far off they lie. The distance is that
 * of the vector left over: a difference of squares would lose what float32 can tell.
 *
 * @param directions whatever their lengths and angle, but not parallel
 */
export async function project(
	rows: VectorRows,
	origin: Vector,
	directions: readonly PlacedVector[],
	options: SummingOptions = {},
): Promise<readonly Projection[]> {
	const passes = new DifferencePasses(rows, origin, options);
	const within = (first: number, size: number) => directions.map((vector) => partOf(vector, first, size));
	try {
		const along = await passes.total((first, size) => ({ kind: "along", directions: within(first, size) }));
		const places = leastSquares(along, directions);
		const both = Float64Array.from(places.flatMap(([alpha = 0, beta = 0]) => [alpha, beta]));
		const squares = await passes.total((first, size) => ({
			kind: "rest",
			directions: within(first, size),
			places: both,
		}));
		return places.map((at, i) => {
			const [offPlane = 0, distance = 0] = Array.from(squares.subarray(2 * i, 2 * i + 2), Math.sqrt);
			return { at, offPlane, offPlaneShare: distance === 0 ? 0 : offPlane / distance };
		});
	} finally {
		await passes.close();
	}
}

/**
 * Solves [x·x x·y; x·y y·y] (α, β) = (x·w, y·w) for every w, or its first equation alone for a line.
 *
 * @param along x·w and y·w of each w, one after another
 */
function leastSquares(along: Float64Array, [x, y]: readonly PlacedVector[]): number[][] {
	const count = along.length / 2;
	if (x === undefined) return [];
	const xx = dot(x, x);
	if (y === undefined) return Array.from({ length: count }, (_, i) => [(along[2 * i] ?? 0) / xx]);
	const [xy, yy] = [dot(x, y), dot(y, y)];
	const determinant = xx * yy - xy * xy;
	return Array.from({ length: count }, (_, i) => {
		const [a = 0, b = 0] = along.subarray(2 * i, 2 * i + 2);
		return [(yy * a - xy * b) / determinant, (xx * b - xy * a) / determinant];
	});
}
