import { moved } from "../vector.js";
import type { SharpnessMeasure } from "./measure.js";

const EPSILON = 1e-3;
const STEPS = 10;

/**
 * How far the loss rises within the box |zᵢ| ≤ ε (|θᵢ| + 1), in per cent of 1 + the loss: by the gradient, and at the best place that
 * ten projected steps from its corner, and from a random one, have found.
 *
 * @see Keskar et al., ICLR 2017 (arXiv 1609.04836), equation 4, in the full space (they maximise by L-BFGS-B)
 */
export const keskar: SharpnessMeasure = {
	name: "keskar",
	label: "rise within a box, %",
	invariant: false,

	async measure({ parameters, loss, gradient, lossAt, gradientAt, random, hold }) {
		const half = hold(Float64Array.from(parameters, (value) => EPSILON * (Math.abs(value) + 1)));
		const percent = (rise: number) => (100 * rise) / (1 + loss);
		const linear = gradient.reduce((sum, slope, i) => sum + Math.abs(slope) * (half[i] ?? 0), 0);
		const corner = half.map((width, i) => width * Math.sign(gradient[i] ?? 0));
		const stream = random(0);
		const anywhere = half.map((width) => width * (2 * stream.uniform() - 1));
		let best = 0;
		for (const start of [corner, anywhere]) {
			const offset = start.slice();
			for (let step = 0; ; step++) {
				const place = moved(parameters, 1, offset);
				best = Math.max(best, (await lossAt(place)) - loss);
				if (step === STEPS) break;
				const slope = await gradientAt(place);
				for (const [i, width] of half.entries()) {
					const next = (offset[i] ?? 0) + 0.3 * width * Math.sign(slope[i] ?? 0);
					offset[i] = Math.min(width, Math.max(-width, next));
				}
			}
		}
		return {
			settings: { epsilon: EPSILON },
			figures: {
				linear: { value: percent(linear), how: "first order" },
				search: { value: percent(best), how: "search" },
			},
		};
	},
};
