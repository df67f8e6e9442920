import { avgPool, type Tensor4D } from "@tensorflow/tfjs-core";
import { lowerPooling } from "../../kernels/pooling.js";
import { type PoolAttributes, poolShape } from "./max-pool.js";
import { type Op, required } from "./op.js";
import { tfPadding } from "./window.js";

/** The mean of each window; what padding adds is not counted. */
export const averagePool: Op<PoolAttributes> = {
	shape: poolShape,

	run(inputs, { window, strides, padding }) {
		const x = required(inputs, 0) as Tensor4D;
		return avgPool(x, [window[0], window[1]], [strides[0], strides[1]], tfPadding(padding));
	},

	lower: ([x], { window, strides, padding }, lowering) =>
		x && lowerPooling(lowering, "averagePool", x, { filterSize: window, strides, pad: tfPadding(padding) }),

	/** The stock gradient counts what padding adds. */
	lacksGradient: (_, { padding }, precision) =>
		precision === "exact" && padding !== "valid" ? "pooling by means with padding, in exact mode" : undefined,
};
