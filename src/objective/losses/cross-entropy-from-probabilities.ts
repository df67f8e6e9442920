import { log } from "../../exact/elementary.js";
import { classLoss, rowSurprisal } from "./classes.js";

/** −ln of the probability of the right class, from probabilities; a probability of 0 costs Infinity. */
export const crossEntropyFromProbabilities = classLoss({
	name: "cross-entropy-from-probabilities",
	of: { what: "probabilities", instead: "softmax-cross-entropy" },
	surprisal: rowSurprisal((value) => -log(value)),
	// A class without probability costs Infinity, of which there is no derivative: the least normal number stands for it.
	nodes: (build, output) => build.unary("log", build.unary("clip", output, 2 ** -126, Number.POSITIVE_INFINITY)),
});
