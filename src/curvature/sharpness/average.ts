import { meanOf, moved } from "../vector.js";
import type { SharpnessMeasure, SharpnessSubject } from "./measure.js";

const SIGMA = 0.01;
const DRAWS = 15;

/** Standard Gaussians of the parameters that move, a vector for each number. */
export function gaussian({ parameters, random, hold }: SharpnessSubject, part: number): Float64Array {
	const vector = new Float64Array(parameters.length);
	random(part).fillNormals(vector);
	return hold(vector);
}

/** The mean of the loss's rise over Gaussian steps of a standard deviation σ in every parameter. */
export const average: SharpnessMeasure = {
	name: "average",
	label: "mean rise over Gaussian steps",
	invariant: false,

	async measure(subject) {
		const { parameters, loss, lossAt } = subject;
		const rises: number[] = [];
		for (let draw = 0; draw < DRAWS; draw++)
			rises.push((await lossAt(moved(parameters, SIGMA, gaussian(subject, 1 + draw)))) - loss);
		const { mean, standardError } = meanOf(rises);
		return {
			settings: { sigma: SIGMA, draws: DRAWS },
			figures: { rise: { value: mean, how: "sampled", standardError } },
		};
	},
};
