import type { Loss } from "./loss.js";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.js";

/** Every loss there is, one line each. */
export const losses = {
	"softmax-cross-entropy": softmaxCrossEntropy,
} satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;
