import { checkChoice } from "../../check/choice.js";
import type { Loss } from "../loss.js";
import { binaryCrossEntropy, binaryCrossEntropyFromLogits } from "./binary-cross-entropy.js";
import { crossEntropyFromProbabilities } from "./cross-entropy-from-probabilities.js";
import { huber, meanAbsoluteError, meanSquaredError } from "./mean-errors.js";
import { negativeLogLikelihood } from "./negative-log-likelihood.js";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.js";

/** Every loss there is, one line each. */
export const losses = {
	"binary-cross-entropy": binaryCrossEntropy,
	"binary-cross-entropy-from-logits": binaryCrossEntropyFromLogits,
	"cross-entropy-from-probabilities": crossEntropyFromProbabilities,
	huber,
	mae: meanAbsoluteError,
	mse: meanSquaredError,
	"negative-log-likelihood": negativeLogLikelihood,
	"softmax-cross-entropy": softmaxCrossEntropy,
} satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;

/** @throws {OptionError} listing the names there are */
export function lossNamed(name: string): LossName {
	return checkChoice("loss", name, Object.keys(losses) as LossName[]);
}
