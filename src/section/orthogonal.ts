import { addTimes, dot, norm } from "./products.js";
import type { Vector } from "./vector.js";

/** What is left of a vector's length after the part along another is taken out, below which the two are one direction. */
const PARALLEL = 1e-4;

/** A vector of length 1 in the same direction; undefined for one without length. */
export function unit(vector: Vector): Float32Array | undefined {
	const length = norm(vector);
	return length > 0 ? Float32Array.from(vector, (part) => part / length) : undefined;
}

/**
 * The part of a vector at right angles to a unit vector, of length 1; undefined where nothing is left of it.
 *
 * @param to of length 1
 */
export function orthogonalUnit(vector: Vector, to: Vector): Float32Array | undefined {
	const rest = Float64Array.from(vector);
	// Twice: the first pass leaves rounding of the part that it takes out.
	for (let pass = 0; pass < 2; pass++) addTimes(rest, -dot(rest, to), to);
	return norm(rest) > PARALLEL * norm(vector) ? unit(rest) : undefined;
}
