import { div, log as logarithm, mul, neg, oneHot, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { log } from "../../exact/elementary.js";
import type { Loss } from "../loss.js";

/** −ln of the probability of the right class, from probabilities; a probability of 0 costs Infinity. */
export const crossEntropyFromProbabilities: Loss = {
	name: "cross-entropy-from-probabilities",

	add(total, { values, width, targets }) {
		let sum = total;
		for (const [sample, target] of targets.entries()) {
			const row = values.subarray(sample * width, (sample + 1) * width);
			sum += row.some(Number.isNaN) ? Number.NaN : -log(row[target] ?? Number.NaN);
		}
		return sum;
	},

	mean(outputs, targets) {
		const [batch = 1, width = 1] = outputs.shape;
		return div(neg(sum(mul(oneHot(targets as Tensor1D, width), logarithm(outputs)))), batch) as Tensor;
	},
};
