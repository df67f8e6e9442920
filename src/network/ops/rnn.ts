import { add, matMul } from "@tensorflow/tfjs-core";
import type { Op } from "./op.js";
import { type RecurrentAttributes, recurrent, sumOf } from "./recurrence.js";

/** h' = g(x W + h R + b): a network of Elman's. */
export const rnn: Op<RecurrentAttributes> = recurrent(1, ({ recurrent: kernel, others }, _, activate) => ({
	states: ["hidden"],
	step: (input, h) => [activate(0, add(input, matMul(h, kernel)))],
	bias: sumOf(others.bias, others.recurrentBias),
	result: "hidden",
}));
