import {
	div,
	logSoftmax,
	mul,
	neg,
	oneHot,
	sum,
	type Tensor,
	type Tensor1D,
	type Tensor2D,
} from "@tensorflow/tfjs-core";
import { exp, log } from "../../exact/elementary.js";
import type { Loss } from "../loss.js";

/** −ln of the probability that softmax gives the right class, from logits, with the largest logit taken out. */
export const softmaxCrossEntropy: Loss = {
	name: "softmax-cross-entropy",

	add(total, { values, width, targets }) {
		let sum = total;
		for (const [sample, target] of targets.entries()) {
			const first = sample * width;
			let largest = Number.NEGATIVE_INFINITY;
			for (let i = first; i < first + width; i++) largest = Math.max(largest, values[i] ?? Number.NaN);
			let normaliser = 0;
			for (let i = first; i < first + width; i++) normaliser += exp((values[i] ?? Number.NaN) - largest);
			sum += log(normaliser) + largest - (values[first + target] ?? Number.NaN);
		}
		return sum;
	},

	mean(outputs, targets) {
		const [batch = 1, width = 1] = outputs.shape;
		const hot = oneHot(targets as Tensor1D, width) as Tensor2D;
		return div(neg(sum(mul(hot, logSoftmax(outputs as Tensor2D)))), batch) as Tensor;
	},
};
