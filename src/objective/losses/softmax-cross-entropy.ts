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
import { exp, log } from "../../exact/elementary.js";
import type { Loss, LossSettings } from "../loss.js";
import { lossOfClasses, type SurprisalOf, takesClasses } from "./classes.js";

/** From logits, with the largest taken out. */
const surprisalOf: SurprisalOf = (values, first, classes) => {
	let largest = Number.NEGATIVE_INFINITY;
	for (let i = first; i < first + classes; i++) largest = Math.max(largest, values[i] ?? Number.NaN);
	let normaliser = 0;
	for (let i = first; i < first + classes; i++) normaliser += exp((values[i] ?? Number.NaN) - largest);
	const base = log(normaliser) + largest;
	return (at) => base - (values[first + at] ?? Number.NaN);
};

/** −ln of the probability that softmax gives the right class, from logits. */
export const softmaxCrossEntropy: Loss = withSettings({});

function withSettings(settings: LossSettings): Loss {
	return {
		name: "softmax-cross-entropy",
		takes: takesClasses,
		...lossOfClasses(surprisalOf, settings),
		with: withSettings,

		/** `outputs` is [batch, classes] or [batch, places, classes], `targets` int32, [batch] or [batch, places]. */
		mean(outputs, targets) {
			const classes = outputs.shape.at(-1) ?? 1;
			const hot = oneHot(reshape(targets, [targets.size]) as Tensor1D, classes) as Tensor2D;
			const logs = logSoftmax(reshape(outputs, [targets.size, classes]) as Tensor2D);
			return div(neg(sum(mul(hot, logs))), targets.size) as Tensor;
		},
	};
}
