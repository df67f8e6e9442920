import { div, log as logarithm, mul, neg, oneHot, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { log } from "../../exact/elementary.js";
import type { Loss, LossSettings } from "../loss.js";
import { lossOfClasses, type SurprisalOf, takesClasses } from "./classes.js";

/** A row with a NaN says nothing of any class. */
const surprisalOf: SurprisalOf = (values, first, classes) => {
	const row = values.subarray(first, first + classes);
	const isWhole = !row.some(Number.isNaN);
	return (at) => (isWhole ? -log(row[at] ?? Number.NaN) : Number.NaN);
};

/** −ln of the probability of the right class, from probabilities; a probability of 0 costs Infinity. */
export const crossEntropyFromProbabilities: Loss = withSettings({});

function withSettings(settings: LossSettings): Loss {
	return {
		name: "cross-entropy-from-probabilities",
		takes: takesClasses,
		of: { what: "probabilities", instead: "softmax-cross-entropy" },
		...lossOfClasses(surprisalOf, settings),
		with: withSettings,

		mean(outputs, targets) {
			const [batch = 1, width = 1] = outputs.shape;
			return div(neg(sum(mul(oneHot(targets as Tensor1D, width), logarithm(outputs)))), batch) as Tensor;
		},
	};
}
