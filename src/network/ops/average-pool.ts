import { avgPool, div, ones, pad, type Tensor4D } from "@tensorflow/tfjs-core";
import { lowerPooling } from "../../kernels/pooling.js";
import { slidingAxes } from "./axes.js";
import { type PoolAttributes, poolShape } from "./max-pool.js";
import { linearTangent, type Op, required } from "./op.js";
import { marginsOf, tfPadding } from "./window.js";

/** The mean of each window; what padding adds is not counted. */
export const averagePool: Op<PoolAttributes> = {
	shape: poolShape,

	run(inputs, { window, strides, padding }, { gradient }) {
		const x = required(inputs, 0) as Tensor4D;
		if (gradient && padding !== "valid") return ofPadded(x, { window, strides, padding });
		return avgPool(x, [window[0], window[1]], [strides[0], strides[1]], tfPadding(padding));
	},

	lower: ([x], { window, strides, padding }, lowering) =>
		x && lowerPooling(lowering, "averagePool", x, { filterSize: window, strides, pad: tfPadding(padding) }),

	axes: slidingAxes,

	tangent: linearTangent("averagePool"),
};

/** Means over windows of zeros and all, made up for what padding adds: the stock gradient counts that, too. */
function ofPadded(x: Tensor4D, { window, strides, padding }: PoolAttributes): Tensor4D {
	const [, height, width] = x.shape;
	const around = [
		marginsOf(padding, 0, height, window, strides),
		marginsOf(padding, 1, width, window, strides),
	] as const;
	const pooled = (image: Tensor4D) =>
		avgPool(
			pad(image, [[0, 0], [...around[0]], [...around[1]], [0, 0]]),
			[window[0], window[1]],
			[strides[0], strides[1]],
			"valid",
		);
	return div(pooled(x), pooled(ones([1, height, width, 1])));
}
