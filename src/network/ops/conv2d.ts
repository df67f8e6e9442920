import {
	add,
	concat,
	conv2d as convolve,
	fused,
	relu,
	reshape,
	slice,
	type Tensor,
	type Tensor1D,
	type Tensor4D,
} from "@tensorflow/tfjs-core";
import { convInfoOf, lowerConvolution, suitsWinograd } from "../../kernels/conv2d.js";
import { depthwiseInfoOf, lowerDepthwise } from "../../kernels/depthwise.js";
import { areFloats } from "../../kernels/lowering.js";
import { conv2dReluMaxPool } from "../../kernels/ops.js";
import { convolvedAxes } from "./axes.js";
import { depthwiseConv2d } from "./depthwise-conv2d.js";
import { bilinearTangent, differentiating, type Op, required } from "./op.js";
import { type Padding, spreadFilter, tfPadding, windows } from "./window.js";

/** Inputs: images [height, width, in], kernel [kh, kw, in / groups, out], and optionally bias [out]. */
export interface Conv2dAttributes {
	readonly strides: readonly [number, number];
	readonly padding: Padding;
	/** The distance of the kernel's rows and columns; 1 where nothing is said. */
	readonly dilations?: readonly [number, number];
	/** Channels and filters fall into this many parts, each filter part seeing its channel part only. */
	readonly groups?: number;
	/** Applied to the sum; set by fuse.ts, never by a builder. */
	readonly activation?: "relu";
	/** Max-pooling 2×2 of stride 2 after the relu; set by fuse.ts, and only where the kernels for it are there. */
	readonly maxPool?: boolean;
}

export const conv2d: Op<Conv2dAttributes> = {
	shape(inputs, { strides, padding, dilations = [1, 1], groups = 1, maxPool }) {
		const [height = 0, width = 0, channels = 0] = required(inputs, 0);
		const [kernelHeight = 0, kernelWidth = 0, kernelIn = 0, out = 0] = required(inputs, 1);
		if (channels !== kernelIn * groups)
			throw new RangeError(`${channels} channels meet a kernel for ${kernelIn * groups}`);
		const pooled = (length: number) => (maxPool ? windows(length, 2, 2, "valid", 0) : length);
		return [
			pooled(windows(height, kernelHeight, strides[0], padding, 0, dilations[0])),
			pooled(windows(width, kernelWidth, strides[1], padding, 1, dilations[1])),
			out,
		];
	},

	run(inputs, attributes, { gradient }) {
		const { strides, padding, groups = 1, activation, maxPool } = attributes;
		const x = required(inputs, 0) as Tensor4D;
		// Zeros in the filter have no part in its gradient; a distance of its rows and columns has none of its own.
		const { filter, dilations } = gradient ? spreadOf(inputs, attributes) : givenOf(inputs, attributes);
		const bias = inputs[2] as Tensor1D | undefined;
		const [down, right] = strides;
		const pad = tfPadding(padding);
		if (maxPool && (padding === "valid" || padding === "same"))
			return conv2dReluMaxPool({ x, filter, ...(bias && { bias }), pad: padding });
		const apart: [number, number] = [dilations[0], dilations[1]];
		if (groups > 1) {
			if (gradient && filter.shape[2] === 1) return eachChannel(x, filter, bias, groups, attributes);
			const y = convolveGroups(x, filter, groups, (part, kernel) =>
				convolve(part, kernel, [down, right], pad, "NHWC", apart),
			);
			const sum = bias === undefined ? y : add(y, bias);
			return activation === "relu" ? relu(sum) : sum;
		}
		if (bias === undefined && activation === undefined) return convolve(x, filter, [down, right], pad, "NHWC", apart);
		return fused.conv2d({
			x,
			filter,
			strides: [down, right],
			pad,
			dilations: apart,
			...(bias === undefined ? {} : { bias }),
			activation: activation ?? "linear",
		});
	},

	lower(inputs, { strides, padding, dilations = [1, 1], groups = 1, activation, maxPool = false }, lowering) {
		const [x, filter] = [required(inputs, 0), required(inputs, 1)];
		const bias = inputs[2];
		if (!areFloats(x, filter) || !x.perSample || bias?.perSample || filter.perSample) return undefined;
		const attrs = { strides, pad: tfPadding(padding), dilations };
		const relu = activation === "relu";
		const [height = 0, width = 0, kernelIn = 0, out = 0] = filter.shape;
		if (groups > 1) {
			if (kernelIn !== 1 || out !== groups || x.shape[3] !== groups) return undefined;
			const info = depthwiseInfoOf(x.shape, [height, width, groups, 1], attrs);
			return info && lowerDepthwise(lowering, x, filter, bias, info, relu);
		}
		const info = convInfoOf(x.shape, filter.shape, attrs);
		if (!info || info.outShape.includes(0) || (maxPool && !suitsWinograd(info))) return undefined;
		return lowerConvolution(lowering, { x, filter, bias, info, relu, pool: maxPool });
	},

	multiplyAdds(inputs, [height = 0, width = 0, out = 0]) {
		const [kernelHeight = 0, kernelWidth = 0, kernelIn = 0] = required(inputs, 1);
		return height * width * out * kernelHeight * kernelWidth * kernelIn;
	},

	axes: ([x = [], kernel = [], bias], axes, { groups = 1 }, output) =>
		convolvedAxes(x, kernel, bias, { groups, output }, axes),

	tangent: bilinearTangent("conv2d"),
};

type FilterOf = { readonly filter: Tensor4D; readonly dilations: readonly [number, number] };

function givenOf(inputs: readonly Tensor[], { dilations = [1, 1] }: Conv2dAttributes): FilterOf {
	return { filter: required(inputs, 1) as Tensor4D, dilations };
}

function spreadOf(inputs: readonly Tensor[], attributes: Conv2dAttributes): FilterOf {
	const { filter, dilations } = givenOf(inputs, attributes);
	return { filter: spreadFilter(filter, dilations), dilations: [1, 1] };
}

/** Groups of one channel each are a depthwise convolution, which has a gradient in one piece. */
function eachChannel(
	x: Tensor4D,
	filter: Tensor4D,
	bias: Tensor1D | undefined,
	groups: number,
	{ strides, padding, activation }: Conv2dAttributes,
): Tensor {
	const [height, width, , out] = filter.shape;
	const each = reshape(filter, [height, width, groups, out / groups]);
	const y = depthwiseConv2d.run([x, each, ...(bias ? [bias] : [])], { strides, padding }, differentiating);
	return activation === "relu" ? relu(y) : y;
}

/** The WebAssembly kernel takes no groups: one convolution a group. */
function convolveGroups(
	x: Tensor4D,
	filter: Tensor4D,
	groups: number,
	convolveOne: (part: Tensor4D, kernel: Tensor4D) => Tensor4D,
): Tensor4D {
	const [batch, height, width] = x.shape;
	const [kernelHeight, kernelWidth, kernelIn, out] = filter.shape;
	const share = out / groups;
	const parts = Array.from({ length: groups }, (_, group) => {
		const part = slice(x, [0, 0, 0, group * kernelIn], [batch, height, width, kernelIn]);
		const kernel = slice(filter, [0, 0, 0, group * share], [kernelHeight, kernelWidth, kernelIn, share]);
		return convolveOne(part, kernel);
	});
	return concat(parts, 3);
}
