import { div, mul, neg, oneHot, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import type { Loss, LossSettings } from "../loss.js";
import { lossOfClasses, type SurprisalOf, takesClasses } from "./classes.js";

/** A row with a NaN says nothing of any class. */
const surprisalOf: SurprisalOf = (values, first, classes) => {
	const row = values.subarray(first, first + classes);
	const isWhole = !row.some(Number.isNaN);
	return (at) => (isWhole ? -(row[at] ?? Number.NaN) : Number.NaN);
};

/** − the logarithm of the probability of the right class, from log-probabilities. */
export const negativeLogLikelihood: Loss = withSettings({});

function withSettings(settings: LossSettings): Loss {
	return {
		name: "negative-log-likelihood",
		takes: takesClasses,
		of: { what: "logarithms of probabilities", instead: "softmax-cross-entropy" },
		...lossOfClasses(surprisalOf, settings),
		with: withSettings,

		mean(outputs, targets) {
			const [batch = 1, width = 1] = outputs.shape;
			return div(neg(sum(mul(oneHot(targets as Tensor1D, width), outputs))), batch) as Tensor;
		},
	};
}
