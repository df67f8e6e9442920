import {
	customGrad,
	engine,
	type GradSaveFunc,
	maxPool as pool,
	type Tensor,
	type Tensor4D,
	zeros,
} from "@tensorflow/tfjs-core";
import { MAX_POOL_TANGENT } from "../../kernels/pooling.js";
import { axisAt, slidingAxes } from "./axes.js";
import { type PoolAttributes, poolShape } from "./max-pool.js";
import { type Op, required } from "./op.js";
import { tfPadding } from "./window.js";

/**
 * Inputs: images, and a tangent of the same shape: what each window of the tangent holds where the image has its first maximum. It is
 * the derivative of max-pooling along the tangent, and linear in it.
 */
export const maxPoolTangent: Op<PoolAttributes> = {
	shape: poolShape,

	run(inputs, { window, strides, padding }) {
		const attrs = {
			filterSize: [window[0], window[1]] as [number, number],
			strides: [strides[0], strides[1]] as [number, number],
			pad: tfPadding(padding),
		};
		const operation = customGrad((...given) => {
			const [x, tangent, save] = given as unknown as [Tensor4D, Tensor4D, GradSaveFunc];
			const pooled = pool(x, attrs.filterSize, attrs.strides, attrs.pad);
			save([x, pooled]);
			const gradFunc = (dy: Tensor, saved: Tensor[]) => {
				const [input, output] = saved as [Tensor, Tensor];
				// Which value is the greatest does not change nearby: only the tangent has a gradient, that of pooling.
				return [zeros(x.shape), engine().runKernel("MaxPoolGrad", { dy, input, output }, attrs) as Tensor];
			};
			return { value: engine().runKernel(MAX_POOL_TANGENT, { x, tangent, pooled }, attrs) as Tensor, gradFunc };
		});
		return operation(required(inputs, 0), required(inputs, 1));
	},

	axes([x = [], tangent = []], axes, attributes, output) {
		for (const [i, axis] of x.entries()) axes.join(axis, axisAt(tangent, i));
		return slidingAxes([x], axes, attributes, output);
	},

	tangent: ({ inputs: [x = ""], tangents: [, second] }, build, attributes) =>
		second && build.node("maxPoolTangent", [x, second], attributes),
};
