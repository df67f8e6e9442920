import type { Coordinates } from "../surface/grid.js";

/** How coordinates become the weights of a section's vectors, one line each. */
export const weightings = {
	/** An origin and a direction a coordinate: 1, α, β. The axes need be neither orthogonal nor of one length. */
	affine: (at: Coordinates): readonly number[] => [1, ...at],
	/** A way from vector to vector: at a whole number the vector of that number alone, between two a mixture of both. */
	chain: ([t = 0]: Coordinates, count: number): readonly number[] => alongChain(t, count),
	/** The same way for t from 0 to 1, each straight piece with an equal part of it. */
	polygonal: ([t = 0]: Coordinates, count: number): readonly number[] => alongChain(t * (count - 1), count),
	/** A Bezier curve from the first vector to the last for t from 0 to 1: Bernstein's polynomials, C(k, j)·tʲ·(1−t)ᵏ⁻ʲ. */
	bezier: ([t = 0]: Coordinates, count: number): readonly number[] => {
		let weights = [1];
		for (let degree = 1; degree < count; degree++)
			weights = Array.from({ length: degree + 1 }, (_, j) => (1 - t) * (weights[j] ?? 0) + t * (weights[j - 1] ?? 0));
		return weights;
	},
} as const;

function alongChain(t: number, count: number): readonly number[] {
	return Array.from({ length: count }, (_, vertex) => Math.max(0, 1 - Math.abs(t - vertex)));
}

export type Weighting = keyof typeof weightings;
