import type { Coordinates } from "../surface/grid.js";

/** How coordinates become the weights of a section's vectors, one line each. */
export const weightings = {
	/** An origin and a direction a coordinate: 1, α, β. The axes need be neither orthogonal nor of one length. */
	affine: (at: Coordinates): readonly number[] => [1, ...at],
	/** A way from vector to vector: at a whole number the vector of that number alone, between two a mixture of both. */
	chain: ([t = 0]: Coordinates, count: number): readonly number[] =>
		Array.from({ length: count }, (_, vertex) => Math.max(0, 1 - Math.abs(t - vertex))),
} as const;

export type Weighting = keyof typeof weightings;
