/**
 * One value a parameter, in the layout of the parameters. Random directions are float32 like the parameters; a difference
 * of two networks is float64, which holds it exactly, so that a line between them ends exactly at both.
 */
export type Vector = Float32Array | Float64Array;

export function dot(a: Vector, b: Vector): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
	return sum;
}

/** a ← a + factor · b */
export function addTimes(a: Vector, factor: number, b: Vector): void {
	for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
}

export function norm(vector: Vector): number {
	return Math.sqrt(dot(vector, vector));
}

/** The cosine of the angle between two vectors; NaN where one is zero. */
export function cosine(a: Vector, b: Vector): number {
	return dot(a, b) / (norm(a) * norm(b));
}
