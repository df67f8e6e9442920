import { div, mul, neg, oneHot, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import type { Loss } from "../loss.js";

/** − the logarithm of the probability of the right class, from log-probabilities. */
export const negativeLogLikelihood: Loss = {
	name: "negative-log-likelihood",

	add(total, { values, width, targets }) {
		let sum = total;
		for (const [sample, target] of targets.entries()) {
			const row = values.subarray(sample * width, (sample + 1) * width);
			sum -= row.some(Number.isNaN) ? Number.NaN : (row[target] ?? Number.NaN);
		}
		return sum;
	},

	mean(outputs, targets) {
		const [batch = 1, width = 1] = outputs.shape;
		return div(neg(sum(mul(oneHot(targets as Tensor1D, width), outputs))), batch) as Tensor;
	},
};
