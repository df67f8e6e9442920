import {
	backend_util,
	DepthwiseConv2dNative,
	DepthwiseConv2dNativeBackpropFilter,
	DepthwiseConv2dNativeBackpropInput,
	FusedDepthwiseConv2D,
	type TensorInfo,
} from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext } from "./backend.js";
import { type ConvInfo, GEOMETRY_BYTES, geometryOf } from "./conv2d.js";
import type { Lowering, Operand } from "./lowering.js";

/** The geometry tfjs works out for a call with filters [height, width, channels, 1]; undefined where nothing comes out. */
export function depthwiseInfoOf(
	x: readonly number[],
	filter: readonly number[],
	{ strides, pad, dilations, dimRoundingMode }: Readonly<Record<string, unknown>>,
): ConvInfo | undefined {
	const info = backend_util.computeConv2DInfo(
		x as [number, number, number, number],
		filter as [number, number, number, number],
		strides as number | [number, number],
		(dilations ?? 1) as number | [number, number],
		pad as "same" | "valid" | number,
		dimRoundingMode as "floor" | "round" | "ceil" | undefined,
		true,
	);
	return info.outShape.includes(0) ? undefined : info;
}

/** One filter a channel; more than one (channel multiplier > 1) is left to the stock kernel. */
function run({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { x, filter, bias, preluActivationWeights } = inputs;
	const { strides, pad, dilations, dimRoundingMode, dataFormat = "NHWC", activation = "linear" } = attrs;
	if (!x || !filter || !allFloat32(x, filter) || preluActivationWeights || dataFormat !== "NHWC") return undefined;
	if (activation !== "linear" && activation !== "relu") return undefined;
	if (x.shape.length !== 4 || filter.shape[2] !== x.shape[3] || filter.shape[3] !== 1) return undefined;
	const info = depthwiseInfoOf(x.shape, filter.shape, { strides, pad, dilations, dimRoundingMode });
	if (info === undefined) return undefined;
	if (bias && (!allFloat32(bias) || bias.shape.length !== 1 || bias.shape[0] !== info.outChannels)) return undefined;
	const out = context.output(info.outShape);
	context.withScratch(GEOMETRY_BYTES, (geometry) => {
		context.writeIntegers(geometry, geometryOf(info));
		context.kernels.depthwise(
			context.address(x),
			context.address(filter),
			bias ? context.address(bias) : 0,
			context.address(out),
			info.batchSize,
			activation === "relu",
			geometry,
			0,
		);
	});
	return out;
}

/** The gradient with respect to x, of the shape that attrs say. */
function runInputGradient(
	{ inputs: { dy, filter }, attrs }: KernelCall,
	context: KernelContext,
): TensorInfo | undefined {
	if (!dy || !filter || !allFloat32(dy, filter) || filter.shape[3] !== 1) return undefined;
	const shape = attrs.inputShape as readonly number[];
	const info = depthwiseInfoOf(shape, filter.shape, attrs);
	if (info === undefined) return undefined;
	const dx = context.output(shape);
	context.withScratch(GEOMETRY_BYTES, (geometry) => {
		context.writeIntegers(geometry, geometryOf(info));
		const [from, taps, to] = [context.address(dy), context.address(filter), context.address(dx)];
		context.kernels.depthwiseInputGradient(from, taps, to, info.batchSize, geometry);
	});
	return dx;
}

/** The gradient with respect to the filter, of the shape that attrs say. */
function runFilterGradient({ inputs: { x, dy }, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const shape = attrs.filterShape as readonly number[];
	if (!x || !dy || !allFloat32(x, dy) || shape[3] !== 1) return undefined;
	const info = depthwiseInfoOf(x.shape, shape, attrs);
	if (info === undefined) return undefined;
	const gradient = context.output(shape);
	context.withScratch(GEOMETRY_BYTES, (geometry) => {
		context.writeIntegers(geometry, geometryOf(info));
		const [from, beside, to] = [context.address(x), context.address(dy), context.address(gradient)];
		context.kernels.depthwiseFilterGradient(from, beside, to, info.batchSize, geometry);
	});
	return gradient;
}

/** One filter a channel for a program: filter [height, width, channels] in any shape; undefined for one of each sample. */
export function lowerDepthwise(
	lowering: Lowering,
	x: Operand,
	filter: Operand,
	bias: Operand | undefined,
	info: ConvInfo,
	relu: boolean,
): Operand | undefined {
	if (filter.perSample) return undefined;
	const out = lowering.value(info.outShape);
	const geometry = lowering.integers(geometryOf(info));
	lowering.emit("depthwise", x.at, filter.at, bias?.at ?? 0, out.at, info.batchSize, relu ? 1 : 0, geometry, 0);
	return out;
}

export const depthwiseConv2d: Kernel = { name: DepthwiseConv2dNative, run };
export const fusedDepthwiseConv2d: Kernel = { name: FusedDepthwiseConv2D, run };
export const depthwiseInputGradient: Kernel = { name: DepthwiseConv2dNativeBackpropInput, run: runInputGradient };
export const depthwiseFilterGradient: Kernel = { name: DepthwiseConv2dNativeBackpropFilter, run: runFilterGradient };
