import { dot } from "../../section/products.js";
import type { SharpnessMeasure } from "./measure.js";

/**
 * θᵀFθ with the empirical Fisher matrix: the mean over the samples of (θ · ∇ℓᵢ)², by one forward pass with θ as tangent. Beside it
 * θ · ∇L.
 *
 * @see Liang, Poggio, Rakhlin and Stokes, AISTATS 2019 (arXiv 1711.01530), section 2.2
 */
export const fisherRao: SharpnessMeasure = {
	name: "fisher-rao",
	label: "Fisher-Rao norm, empirical",
	invariant: true,

	async measure({ parameters, gradient, meanSquareSlope, hold }) {
		const direction = hold(Float32Array.from(parameters));
		return {
			settings: {},
			figures: {
				squared: { value: await meanSquareSlope(direction), how: "exact" },
				alongGradient: { value: dot(direction, gradient), how: "exact" },
			},
		};
	},
};
