import { stretches, type VectorRows } from "./rows.js";
import { dot, type Vector } from "./vector.js";

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
	directions: readonly Vector[],
): Promise<readonly Projection[]> {
	const places = await leastSquares(rows, origin, directions);
	const rest = new Float64Array(rows.count);
	const whole = new Float64Array(rows.count);
	for await (const { first, parts } of stretches(rows))
		for (const [i, part] of parts.entries()) {
			const [alpha = 0, beta = 0] = places[i] ?? [];
			const [x, y] = directions;
			let [left, all] = [0, 0];
			for (let n = 0; n < part.length; n++) {
				const difference = (part[n] ?? 0) - (origin[first + n] ?? 0);
				const off = difference - alpha * (x?.[first + n] ?? 0) - beta * (y?.[first + n] ?? 0);
				left += off * off;
				all += difference * difference;
			}
			rest[i] = (rest[i] ?? 0) + left;
			whole[i] = (whole[i] ?? 0) + all;
		}
	return places.map((at, i) => {
		const offPlane = Math.sqrt(rest[i] ?? 0);
		const distance = Math.sqrt(whole[i] ?? 0);
		return { at, offPlane, offPlaneShare: distance === 0 ? 0 : offPlane / distance };
	});
}

/** Solves [x·x x·y; x·y y·y] (α, β) = (x·w, y·w) for every w, or its first equation alone for a line. */
async function leastSquares(rows: VectorRows, origin: Vector, directions: readonly Vector[]): Promise<number[][]> {
	const along = directions.map(() => new Float64Array(rows.count));
	for await (const { first, parts } of stretches(rows))
		for (const [i, part] of parts.entries())
			for (const [k, direction] of directions.entries()) {
				let sum = 0;
				for (let n = 0; n < part.length; n++)
					sum += ((part[n] ?? 0) - (origin[first + n] ?? 0)) * (direction[first + n] ?? 0);
				const sums = along[k];
				if (sums !== undefined) sums[i] = (sums[i] ?? 0) + sum;
			}
	const [x, y] = directions;
	if (x === undefined) return [];
	const xx = dot(x, x);
	if (y === undefined) return Array.from({ length: rows.count }, (_, i) => [(along[0]?.[i] ?? 0) / xx]);
	const [xy, yy] = [dot(x, y), dot(y, y)];
	const determinant = xx * yy - xy * xy;
	return Array.from({ length: rows.count }, (_, i) => {
		const [a, b] = [along[0]?.[i] ?? 0, along[1]?.[i] ?? 0];
		return [(yy * a - xy * b) / determinant, (xx * b - xy * a) / determinant];
	});
}
