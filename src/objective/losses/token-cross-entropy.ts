import {
	div,
	logSoftmax,
	mul,
	neg,
	oneHot,
	reshape,
	sum,
	type Tensor,
	type Tensor1D,
	type Tensor2D,
} from "@tensorflow/tfjs-core";
import type { Loss, Outputs } from "../loss.js";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.js";

/**
 * Softmax cross-entropy of every token of a sequence, from logits [tokens, classes] a sample; a sample's loss is the mean
 * over its tokens. Tokens with a negative target (PyTorch's −100) don't count; a sample without any has the loss 0.
 */
export const tokenCrossEntropy: Loss = {
	name: "token-cross-entropy",

	add(total, outputs) {
		const { tokens, classes } = tokensOf(outputs);
		const { values, targets, width } = outputs;
		let sum = total;
		for (let first = 0; first < targets.length; first += tokens) {
			const offset = (first / tokens) * width;
			let loss = 0;
			let counted = 0;
			for (let token = 0; token < tokens; token++) {
				const target = targets[first + token] ?? -1;
				if (target < 0) continue;
				const row = values.subarray(offset + token * classes, offset + (token + 1) * classes);
				loss = softmaxCrossEntropy.add(loss, { values: row, width: classes, targets: Int32Array.of(target) });
				counted += 1;
			}
			sum += counted === 0 ? 0 : loss / counted;
		}
		return sum;
	},

	/** Counts all tokens. `outputs` is [batch, tokens, classes], `targets` [batch, tokens] int32. */
	mean(outputs, targets) {
		const classes = outputs.shape.at(-1) ?? 1;
		const flat = reshape(targets, [targets.size]) as Tensor1D;
		const hot = oneHot(flat, classes) as Tensor2D;
		const logs = logSoftmax(reshape(outputs, [targets.size, classes]));
		return div(neg(sum(mul(hot, logs))), targets.size) as Tensor;
	},
};

/** How many tokens a sample has and how many classes a token. */
export function tokensOf({ values, width, targets }: Outputs): { tokens: number; classes: number } {
	const tokens = targets.length / (values.length / width);
	return { tokens, classes: width / tokens };
}
