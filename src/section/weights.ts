import type { Coordinates } from "../surface/grid.js";

/** How coordinates become the weights of a section's vectors, one line each. */
export const weightings = {
	/** An origin and a direction a coordinate: 1, α, β. The axes need be neither orthogonal nor of one length. */
	affine: (at: Coordinates): readonly number[] => [1, ...at],
} as const;

export type Weighting = keyof typeof weightings;
