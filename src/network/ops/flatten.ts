import { reshape } from "@tensorflow/tfjs-core";
import { sizeOf } from "../shape.js";
import { linearTangent, type Op, required } from "./op.js";

/** All features of a sample in one axis, in the order in which they lie (height, width, channels). */
export const flatten: Op<Record<never, never>> = {
	shape: (inputs) => [sizeOf(required(inputs, 0))],

	run(inputs) {
		const x = required(inputs, 0);
		const [batch = 0, ...sample] = x.shape;
		return reshape(x, [batch, sizeOf(sample)]);
	},

	lower([x], _, lowering) {
		if (!x?.perSample) return undefined;
		const [batch = 0, ...sample] = x.shape;
		return lowering.view(x, [batch, sizeOf(sample)]);
	},

	axes: ([x = []], axes) => [axes.product(x)],

	tangent: linearTangent("flatten"),
};
