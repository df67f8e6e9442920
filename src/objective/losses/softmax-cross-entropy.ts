import { exp, log } from "../../exact/elementary.js";
import { logSumExp } from "../../kernels/log-sum-exp.js";
import { classLoss, type Surprisal } from "./classes.js";

const surprisal: Surprisal = {
	bases: (values, classes) => logSumExp(values, classes) ?? logSumExpHere(values, classes),
	of: (value, base) => base - value,
};

/** The same bits without kernels; a row's largest value is taken out, so that no power overflows. */
export function logSumExpHere(values: Float32Array, classes: number): Float64Array {
	return Float64Array.from({ length: values.length / classes }, (_, row) => {
		const logits = values.subarray(row * classes, (row + 1) * classes);
		let largest = Number.NEGATIVE_INFINITY;
		for (const logit of logits) largest = Math.max(largest, logit);
		let sum = 0;
		for (const logit of logits) sum += exp(logit - largest);
		return log(sum) + largest;
	});
}

/** −ln of the probability that softmax gives the right class, from logits. */
export const softmaxCrossEntropy = classLoss({
	name: "softmax-cross-entropy",
	surprisal,
	nodes: (build, output) => build.node("logSoftmax", [output], {}),
});
