import { addTimes, dot, norm } from "../section/products.js";

/** After subtracting what others hold, a vector that kept less than this of its length is cleaned once more. @see Daniel et al. 1976 */
const KEPT = Math.SQRT1_2;

/** Takes from a vector what lies along those of a basis, and once more where little was left. */
export function clean(vector: Float64Array, basis: readonly Float32Array[]): void {
	for (let pass = 0; pass < 2; pass++) {
		const before = norm(vector);
		for (const each of basis) addTimes(vector, -dot(each, vector), each);
		if (norm(vector) > KEPT * before) return;
	}
}

export function scaled(vector: Float64Array, factor: number): Float32Array {
	return Float32Array.from(vector, (value) => value * factor);
}

/** The unit vector that has some components in a basis. */
export function combination(basis: readonly Float32Array[], components: Float64Array): Float32Array {
	const sum = new Float64Array(basis[0]?.length ?? 0);
	for (const [step, component] of components.entries()) {
		const vector = basis[step];
		if (vector !== undefined) addTimes(sum, component, vector);
	}
	return scaled(sum, 1 / norm(sum));
}

/** Components that are worked out together: a block of all vectors stays in the processor's cache. */
const BLOCK = 512;

/**
 * Makes the first vectors of a basis the unit vectors that have some components in it, in place: where restarts are needed there is no
 * room for both.
 *
 * @param components of each new vector
 */
export function recombine(basis: readonly Float32Array[], components: readonly Float64Array[]): void {
	const length = basis[0]?.length ?? 0;
	for (let from = 0; from < length; from += BLOCK) {
		const blocks = basis.map((vector) => vector.subarray(from, from + BLOCK));
		const sums = components.map((parts) => {
			const sum = new Float64Array(blocks[0]?.length ?? 0);
			for (const [step, part] of parts.entries()) addTimes(sum, part, blocks[step] as Float32Array);
			return sum;
		});
		for (const [place, sum] of sums.entries()) blocks[place]?.set(sum);
	}
	for (const vector of basis.slice(0, components.length)) {
		const factor = 1 / norm(vector);
		for (let i = 0; i < length; i++) vector[i] = (vector[i] ?? 0) * factor;
	}
}
