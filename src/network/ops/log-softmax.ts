import { logSoftmax as normalize } from "@tensorflow/tfjs-core";
import { lowerSoftmax } from "../../kernels/rows.js";
import { alongAxes } from "./axes.js";
import { type Op, required } from "./op.js";

/** Over the last axis. */
export const logSoftmax: Op<Record<never, never>> = {
	shape: (inputs) => required(inputs, 0),
	run: (inputs) => normalize(required(inputs, 0)),
	lower: ([x], _, lowering) => x && lowerSoftmax(lowering, "logSoftmax", x),

	axes: ([x = []], axes) => alongAxes(x, [x.length - 1], axes),

	/** ẋ - Σ p ∘ ẋ */
	tangent({ inputs: [x = ""], tangents: [dx] }, build) {
		if (dx === undefined) return undefined;
		return build.sub(dx, build.along("sum", build.mul(build.node("softmax", [x], {}), dx), [-1]));
	},
};
