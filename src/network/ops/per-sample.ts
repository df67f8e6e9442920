import { broadcastTo } from "@tensorflow/tfjs-core";
import { lowerCopy } from "../../kernels/copy.js";
import { stretchedStrides } from "../../kernels/lowering.js";
import { sameAxes } from "./axes.js";
import { linearTangent, type Op, required } from "./op.js";

/** Inputs: a value that is the same for all samples, and any that has samples: the first, once for each of them. */
export const perSample: Op<Record<never, never>> = {
	shape: (inputs) => required(inputs, 0),

	run(inputs) {
		const x = required(inputs, 0);
		const [samples = 1] = required(inputs, 1).shape;
		return broadcastTo(x, [samples, ...x.shape]);
	},

	lower([x, like], _, lowering) {
		if (!x || x.perSample || !like?.perSample) return undefined;
		const to = [like.shape[0] ?? 1, ...x.shape];
		return lowerCopy(lowering, x, to, stretchedStrides(x.shape, to));
	},

	axes: sameAxes,

	tangent: linearTangent("perSample"),
};
