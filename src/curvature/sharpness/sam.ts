import { addTimes, dot, norm } from "../../section/products.js";
import { moved } from "../vector.js";
import type { SharpnessMeasure } from "./measure.js";

const RADIUS = 0.05;
/** Steps of the search, each of a fifth of the radius. */
const STEPS = 20;

/**
 * The most that the loss rises within a ball of a radius ρ: by its slope ρ‖g‖; with the curvature along the gradient; at the place
 * where one step of SAM ends; and at the best place that projected gradient ascent has found.
 *
 * @see Foret et al., ICLR 2021 (arXiv 2010.01412), section 2
 */
export const sam: SharpnessMeasure = {
	name: "sam",
	label: "rise within a ball",
	invariant: false,

	async measure({ parameters, loss, gradient, lossAt, gradientAt, product }) {
		const length = norm(gradient);
		const unit = Float32Array.from(gradient, (value) => value / length);
		const linear = RADIUS * length;
		const curvature = dot(unit, await product(unit));
		const step = (await lossAt(moved(parameters, RADIUS, unit))) - loss;
		let best = Math.max(0, step);
		const offset = new Float64Array(parameters.length);
		addTimes(offset, RADIUS, unit);
		for (let count = 0; count < STEPS; count++) {
			const slope = await gradientAt(moved(parameters, 1, offset));
			addTimes(offset, RADIUS / 5 / norm(slope), slope);
			const size = norm(offset);
			if (size > RADIUS) for (let i = 0; i < offset.length; i++) offset[i] = ((offset[i] ?? 0) * RADIUS) / size;
			best = Math.max(best, (await lossAt(moved(parameters, 1, offset))) - loss);
		}
		return {
			settings: { rho: RADIUS },
			figures: {
				linear: { value: linear, how: "first order" },
				quadratic: { value: linear + (RADIUS ** 2 / 2) * curvature, how: "second order" },
				step: { value: step, how: "step" },
				search: { value: best, how: "search" },
			},
		};
	},
};
