/** Dot products and sums of vectors, in float64 and in order: the same bits everywhere. */

type Vector = Float32Array | Float64Array;

export function dot(a: Vector, b: Vector): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
	return sum;
}

export function norm(a: Vector): number {
	return Math.sqrt(dot(a, a));
}

/** a ← a + factor · b */
export function addTimes(a: Vector, factor: number, b: Vector): void {
	for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
}

/** θ + factor · direction, as float32. */
export function moved(from: Float32Array, factor: number, direction: Vector): Float32Array {
	const to = new Float32Array(from.length);
	for (let i = 0; i < to.length; i++) to[i] = (from[i] ?? 0) + factor * (direction[i] ?? 0);
	return to;
}
