import { conv2d as convolve, fused, type Tensor1D, type Tensor4D } from "@tensorflow/tfjs-core";
import { conv2dReluMaxPool } from "../../kernels/ops.js";
import { type Op, required } from "./op.js";

export type Padding = "valid" | "same";

/** Inputs: images [height, width, in], kernel [kh, kw, in, out], and optionally bias [out]. */
export interface Conv2dAttributes {
	readonly strides: readonly [number, number];
	readonly padding: Padding;
	/** Applied to the sum; set by fuse.ts, never by a builder. */
	readonly activation?: "relu";
	/** Max-pooling 2×2 of stride 2 after the relu; set by fuse.ts, and only where the kernels for it are there. */
	readonly maxPool?: boolean;
}

export const conv2d: Op<Conv2dAttributes> = {
	shape(inputs, { strides, padding, maxPool }) {
		const [height = 0, width = 0, channels = 0] = required(inputs, 0);
		const [kernelHeight = 0, kernelWidth = 0, kernelIn = 0, out = 0] = required(inputs, 1);
		if (channels !== kernelIn) throw new RangeError(`${channels} channels meet a kernel for ${kernelIn}`);
		const pooled = (length: number) => (maxPool ? windows(length, 2, 2, "valid") : length);
		return [
			pooled(windows(height, kernelHeight, strides[0], padding)),
			pooled(windows(width, kernelWidth, strides[1], padding)),
			out,
		];
	},

	run(inputs, { strides, padding, activation, maxPool }) {
		const x = required(inputs, 0) as Tensor4D;
		const filter = required(inputs, 1) as Tensor4D;
		const bias = inputs[2] as Tensor1D | undefined;
		const [down, right] = strides;
		if (maxPool) return conv2dReluMaxPool({ x, filter, ...(bias && { bias }), pad: padding });
		if (bias === undefined && activation === undefined) return convolve(x, filter, [down, right], padding);
		return fused.conv2d({
			x,
			filter,
			strides: [down, right],
			pad: padding,
			...(bias === undefined ? {} : { bias }),
			activation: activation ?? "linear",
		});
	},

	multiplyAdds(inputs, [height = 0, width = 0, out = 0]) {
		const [kernelHeight = 0, kernelWidth = 0, kernelIn = 0] = required(inputs, 1);
		return height * width * out * kernelHeight * kernelWidth * kernelIn;
	},
};

/** How many windows of a length fit an axis. */
export function windows(length: number, window: number, stride: number, padding: Padding): number {
	const count = padding === "same" ? Math.ceil(length / stride) : Math.floor((length - window) / stride) + 1;
	if (!(count >= 1)) throw new RangeError(`a window of ${window} does not fit a length of ${length}`);
	return count;
}
