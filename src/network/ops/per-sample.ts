import { broadcastTo } from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";

/** Inputs: a value that is the same for all samples, and any that has samples: the first, once for each of them. */
export const perSample: Op<Record<never, never>> = {
	shape: (inputs) => required(inputs, 0),

	run(inputs) {
		const x = required(inputs, 0);
		const [samples = 1] = required(inputs, 1).shape;
		return broadcastTo(x, [samples, ...x.shape]);
	},
};
