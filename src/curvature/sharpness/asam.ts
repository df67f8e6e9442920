import { norm } from "../../section/products.js";
import { moved } from "../vector.js";
import type { SharpnessMeasure } from "./measure.js";

const RADIUS = 0.5;

/**
 * As SAM, in a ball that is as wide along each parameter as the parameter is large: e = ρ T² g / ‖T g‖ with T = |θ|. What is 0 does
 * not move.
 *
 * @see Kwon et al., ICML 2021 (arXiv 2102.11600), section 3
 */
export const asam: SharpnessMeasure = {
	name: "asam",
	label: "rise within a ball scaled by the parameters",
	invariant: true,

	async measure({ parameters, loss, gradient, lossAt }) {
		const scaled = Float64Array.from(gradient, (slope, i) => slope * Math.abs(parameters[i] ?? 0));
		const length = norm(scaled);
		const direction = scaled.map((value, i) => (value * Math.abs(parameters[i] ?? 0)) / length);
		return {
			settings: { rho: RADIUS },
			figures: {
				linear: { value: RADIUS * length, how: "first order" },
				step: { value: (await lossAt(moved(parameters, RADIUS, direction))) - loss, how: "step" },
			},
		};
	},
};
