import { exp, log } from "../../exact/elementary.js";
import { classLoss, type Surprisal } from "./classes.js";

/** From logits, with the largest taken out. */
const surprisal: Surprisal = {
	base(values, first, classes) {
		let largest = Number.NEGATIVE_INFINITY;
		for (let i = first; i < first + classes; i++) largest = Math.max(largest, values[i] ?? Number.NaN);
		let normaliser = 0;
		for (let i = first; i < first + classes; i++) normaliser += exp((values[i] ?? Number.NaN) - largest);
		return log(normaliser) + largest;
	},
	of: (value, base) => base - value,
};

/** −ln of the probability that softmax gives the right class, from logits. */
export const softmaxCrossEntropy = classLoss({
	name: "softmax-cross-entropy",
	surprisal,
	nodes: (build, output) => build.node("logSoftmax", [output], {}),
});
