import { relu as rectify } from "@tensorflow/tfjs-core";
import { lowerUnary } from "../../kernels/elementwise.js";
import { sameAxes } from "./axes.js";
import { type Op, required } from "./op.js";

export const relu: Op<Record<never, never>> = {
	shape: (inputs) => required(inputs, 0),
	run: (inputs) => rectify(required(inputs, 0)),
	lower: ([x], _, lowering) => x && (lowering.rectified(x) ?? lowerUnary(lowering, "relu", x, 0, 0)),

	axes: sameAxes,

	/** The slope at 0 is 0. */
	tangent: ({ inputs: [x = ""], tangents: [dx] }, build) => dx && build.mul(build.unary("step", x), dx),
};
