import { maxPool as pool, type Tensor4D } from "@tensorflow/tfjs-core";
import { type Padding, windows } from "./conv2d.js";
import { type Op, required } from "./op.js";

export interface PoolAttributes {
	readonly window: readonly [number, number];
	readonly strides: readonly [number, number];
	readonly padding: Padding;
}

export const maxPool: Op<PoolAttributes> = {
	shape(inputs, { window, strides, padding }) {
		const [height = 0, width = 0, channels = 0] = required(inputs, 0);
		return [windows(height, window[0], strides[0], padding), windows(width, window[1], strides[1], padding), channels];
	},

	run(inputs, { window, strides, padding }) {
		return pool(required(inputs, 0) as Tensor4D, [window[0], window[1]], [strides[0], strides[1]], padding);
	},
};
