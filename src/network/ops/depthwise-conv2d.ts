import { add, broadcastTo, depthwiseConv2d as convolve, reshape, type Tensor4D } from "@tensorflow/tfjs-core";
import { depthwiseInfoOf, lowerDepthwise } from "../../kernels/depthwise.js";
import { areFloats } from "../../kernels/lowering.js";
import { axisAt } from "./axes.js";
import { bilinearTangent, type Op, required } from "./op.js";
import { type Padding, spreadFilter, tfPadding, windows } from "./window.js";

/** Inputs: images [height, width, in], kernel [kh, kw, in, multiplier], and optionally bias [in · multiplier]. */
export interface DepthwiseConv2dAttributes {
	readonly strides: readonly [number, number];
	readonly padding: Padding;
	readonly dilations?: readonly [number, number];
}

/** A convolution in which each filter sees one channel; channel c gives the outputs c · multiplier and on. */
export const depthwiseConv2d: Op<DepthwiseConv2dAttributes> = {
	shape(inputs, { strides, padding, dilations = [1, 1] }) {
		const [height = 0, width = 0, channels = 0] = required(inputs, 0);
		const [kernelHeight = 0, kernelWidth = 0, kernelIn = 0, multiplier = 0] = required(inputs, 1);
		if (channels !== kernelIn) throw new RangeError(`${channels} channels meet a kernel for ${kernelIn}`);
		return [
			windows(height, kernelHeight, strides[0], padding, 0, dilations[0]),
			windows(width, kernelWidth, strides[1], padding, 1, dilations[1]),
			channels * multiplier,
		];
	},

	run(inputs, { strides, padding, dilations = [1, 1] }, { gradient }) {
		const given = [required(inputs, 0) as Tensor4D, required(inputs, 1) as Tensor4D] as const;
		const [x, filter] = gradient ? oneFilterAChannel(given[0], spreadFilter(given[1], dilations)) : given;
		const apart: [number, number] = gradient ? [1, 1] : [dilations[0], dilations[1]];
		const y = convolve(x, filter, [strides[0], strides[1]], tfPadding(padding), "NHWC", apart);
		return inputs[2] === undefined ? y : add(y, inputs[2]);
	},

	lower(inputs, { strides, padding, dilations = [1, 1] }, lowering) {
		const [x, filter] = [required(inputs, 0), required(inputs, 1)];
		const bias = inputs[2];
		if (!areFloats(x, filter) || !x.perSample || filter.shape[3] !== 1 || bias?.perSample) return undefined;
		const info = depthwiseInfoOf(x.shape, filter.shape, { strides, pad: tfPadding(padding), dilations });
		return info && lowerDepthwise(lowering, x, filter, bias, info, false);
	},

	multiplyAdds(inputs, [height = 0, width = 0, out = 0]) {
		const [kernelHeight = 0, kernelWidth = 0] = required(inputs, 1);
		return height * width * out * kernelHeight * kernelWidth;
	},

	axes([x = [], kernel = [], bias], axes, _, output) {
		const out = axes.product(kernel.slice(2));
		axes.join(axisAt(x, -1), axisAt(kernel, 2));
		if (bias) axes.join(axisAt(bias, 0), out);
		for (const place of [...x.slice(0, 2), ...kernel.slice(0, 2)]) axes.fix(place, "");
		return [...output.slice(0, 2).map((length) => axes.still(length)), out];
	},

	tangent: bilinearTangent("depthwiseConv2d"),
};

/** Channels as often as they have filters: a gradient is there for one filter a channel. */
function oneFilterAChannel(x: Tensor4D, filter: Tensor4D): readonly [Tensor4D, Tensor4D] {
	const [height, width, channels, multiplier] = filter.shape;
	if (multiplier === 1) return [x, filter];
	const [batch, rows, columns] = x.shape;
	const each = reshape(x, [batch, rows, columns, channels, 1]);
	const repeated = broadcastTo(each, [batch, rows, columns, channels, multiplier]);
	return [
		reshape(repeated, [batch, rows, columns, channels * multiplier]),
		reshape(filter, [height, width, channels * multiplier, 1]),
	];
}
