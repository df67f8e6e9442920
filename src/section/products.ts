import { type PlacedVector, partOf, stretchesOf, type Vector } from "./vector.js";

export function dot(a: PlacedVector, b: PlacedVector): number {
	let sum = 0;
	for (const [first, count] of stretchesOf(a.length, [a, b])) {
		const of = partOf(a, first, count);
		const by = b === a ? of : partOf(b, first, count);
		for (let i = 0; i < count; i++) sum += (of[i] ?? 0) * (by[i] ?? 0);
	}
	return sum;
}

/** a ← a + factor · b */
export function addTimes(a: Vector, factor: number, b: Vector): void {
	for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
}

export function norm(vector: PlacedVector): number {
	return Math.sqrt(dot(vector, vector));
}

/** The cosine of the angle between two vectors; NaN where one is zero. */
export function cosine(a: PlacedVector, b: PlacedVector): number {
	return dot(a, b) / (norm(a) * norm(b));
}
