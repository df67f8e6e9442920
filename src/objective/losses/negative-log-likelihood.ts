import { classLoss, rowSurprisal } from "./classes.js";

/** − the logarithm of the probability of the right class, from log-probabilities. */
export const negativeLogLikelihood = classLoss({
	name: "negative-log-likelihood",
	of: { what: "logarithms of probabilities", instead: "softmax-cross-entropy" },
	surprisal: rowSurprisal((value) => -value),
	nodes: (_, output) => output,
});
