import { moved } from "../vector.js";
import { gaussian } from "./average.js";
import type { SharpnessMeasure, SharpnessSubject } from "./measure.js";

/** What the loss may rise by, in its own units. */
const RISE = 0.1;
const DRAWS = 15;
/** To which part the bisection settles σ. */
const SETTLED = 0.01;
const [LEAST, MOST] = [1e-6, 1e2];

/**
 * 1 / σ² of the largest σ at which Gaussian steps raise the mean loss by no more than 0.1: every step by σ, and each by σ times the
 * size of its parameter. All σ share their draws.
 *
 * @see Jiang et al., ICLR 2020 (arXiv 1912.02178), appendix C, sigma and magnitude-aware sigma
 */
export const pacBayes: SharpnessMeasure = {
	name: "pac-bayes",
	label: "inverse variance that raises the loss by 0.1",
	invariant: false,

	async measure(subject) {
		const plain = await largest(subject, () => 1);
		const aware = await largest(subject, (value) => Math.sqrt(value * value + 1e-6));
		return {
			settings: { rise: RISE, draws: DRAWS },
			figures: {
				inverseVariance: { value: 1 / plain ** 2, how: "sampled" },
				inverseVarianceAware: { value: 1 / aware ** 2, how: "sampled" },
			},
		};
	},
};

/** By bisection of ln σ; NaN where no σ is small or large enough. */
async function largest(subject: SharpnessSubject, sizeOf: (parameter: number) => number): Promise<number> {
	const { parameters, loss, lossAt } = subject;
	const draws = Array.from({ length: DRAWS }, (_, draw) =>
		Float32Array.from(gaussian(subject, 100 + draw), (value, i) => value * sizeOf(parameters[i] ?? 0)),
	);
	const rises = async (sigma: number): Promise<boolean> => {
		let sum = 0;
		for (const draw of draws) sum += (await lossAt(moved(parameters, sigma, draw))) - loss;
		return !(sum / DRAWS <= RISE);
	};
	let [low, high] = [LEAST, MOST];
	if (await rises(low)) return Number.NaN;
	while (high / low > 1 + SETTLED) {
		const middle = Math.sqrt(low * high);
		if (await rises(middle)) high = middle;
		else low = middle;
	}
	return high === MOST ? Number.NaN : low;
}
