import { log as logarithm } from "@tensorflow/tfjs-core";
import { log } from "../../exact/elementary.js";
import { classLoss, rowSurprisal } from "./classes.js";

/** −ln of the probability of the right class, from probabilities; a probability of 0 costs Infinity. */
export const crossEntropyFromProbabilities = classLoss({
	name: "cross-entropy-from-probabilities",
	of: { what: "probabilities", instead: "softmax-cross-entropy" },
	surprisal: rowSurprisal((value) => -log(value)),
	logarithms: logarithm,
});
