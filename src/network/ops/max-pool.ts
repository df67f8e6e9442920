import { maxPool as pool, type Tensor4D } from "@tensorflow/tfjs-core";
import { lowerPooling } from "../../kernels/pooling.js";
import { slidingAxes } from "./axes.js";
import { type Op, required } from "./op.js";
import { type Padding, tfPadding, windows } from "./window.js";

export interface PoolAttributes {
	readonly window: readonly [number, number];
	readonly strides: readonly [number, number];
	readonly padding: Padding;
}

export const maxPool: Op<PoolAttributes> = {
	shape: poolShape,

	run(inputs, { window, strides, padding }) {
		const x = required(inputs, 0) as Tensor4D;
		return pool(x, [window[0], window[1]], [strides[0], strides[1]], tfPadding(padding));
	},

	lower: ([x], { window, strides, padding }, lowering) =>
		x && lowerPooling(lowering, "maxPool", x, { filterSize: window, strides, pad: tfPadding(padding) }),

	axes: slidingAxes,

	tangent: ({ inputs: [x = ""], tangents: [dx] }, build, attributes) =>
		dx && build.node("maxPoolTangent", [x, dx], attributes),
};

export function poolShape(
	inputs: readonly (readonly number[])[],
	{ window, strides, padding }: PoolAttributes,
): readonly number[] {
	const [height = 0, width = 0, channels = 0] = required(inputs, 0);
	return [
		windows(height, window[0], strides[0], padding, 0),
		windows(width, window[1], strides[1], padding, 1),
		channels,
	];
}
