import { softmax as normalize } from "@tensorflow/tfjs-core";
import { lowerSoftmax } from "../../kernels/rows.js";
import { alongAxes } from "./axes.js";
import { type Op, required } from "./op.js";

/** Over the last axis. */
export const softmax: Op<Record<never, never>> = {
	shape: (inputs) => required(inputs, 0),
	run: (inputs) => normalize(required(inputs, 0)),
	lower: ([x], _, lowering) => x && lowerSoftmax(lowering, "softmax", x),

	axes: ([x = []], axes) => alongAxes(x, [x.length - 1], axes),

	/** p ∘ (ẋ - Σ p ∘ ẋ) */
	tangent({ tangents: [dx], output: p }, build) {
		if (dx === undefined) return undefined;
		return build.mul(p, build.sub(dx, build.along("sum", build.mul(p, dx), [-1])));
	},
};
