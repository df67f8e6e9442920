import type { Vector } from "../section/vector.js";

/** θ + factor · direction, as float32. */
export function moved(from: Float32Array, factor: number, direction: Vector): Float32Array {
	const to = new Float32Array(from.length);
	for (let i = 0; i < to.length; i++) to[i] = (from[i] ?? 0) + factor * (direction[i] ?? 0);
	return to;
}

/** The mean of some numbers and its standard error, which one number alone does not have. */
export function meanOf(values: readonly number[]): { readonly mean: number; readonly standardError: number } {
	const mean = values.reduce((a, b) => a + b, 0) / values.length;
	if (values.length < 2) return { mean, standardError: Number.POSITIVE_INFINITY };
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}
