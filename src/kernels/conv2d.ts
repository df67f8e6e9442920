import { backend_util, Conv2D, FusedConv2D, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, IMAGE, type Kernel, type KernelCall, type KernelContext, ROW_MAJOR } from "./backend.js";

/** A convolution followed by relu and by max-pooling 2×2 of stride 2 without padding, in one pass. */
export const CONV2D_RELU_MAX_POOL = "IsolossConv2DReluMaxPool";

export type ConvInfo = backend_util.Conv2DInfo;

/** The geometry tfjs works out for a call, or undefined for a layout other than NHWC or a grouped filter. */
export function convInfoOf(
	x: readonly number[],
	filter: readonly number[],
	attrs: Readonly<Record<string, unknown>>,
): ConvInfo | undefined {
	const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = "NHWC" } = attrs;
	if (dataFormat !== "NHWC" || x.length !== 4 || filter.length !== 4 || x[3] !== filter[2]) return undefined;
	return backend_util.computeConv2DInfo(
		x as [number, number, number, number],
		filter as [number, number, number, number],
		strides as number | [number, number],
		dilations as number | [number, number],
		pad as "same" | "valid" | number,
		dimRoundingMode as "floor" | "round" | "ceil" | undefined,
	);
}

/** The geometry as assembly/image.ts reads it. */
export function geometryOf(info: ConvInfo): number[] {
	return [
		info.inHeight,
		info.inWidth,
		info.inChannels,
		info.outHeight,
		info.outWidth,
		info.filterHeight,
		info.filterWidth,
		info.strideHeight,
		info.strideWidth,
		info.dilationHeight,
		info.dilationWidth,
		info.padInfo.top,
		info.padInfo.left,
	];
}

/** Room for a geometry before the scratch of a kernel, a whole number of cache lines. */
export const GEOMETRY_BYTES = 64;

/** Whether Winograd's algorithm takes fewer multiplications; below eight channels its transforms outweigh them. */
export function suitsWinograd(info: ConvInfo): boolean {
	const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
	if (filterHeight !== 3 || filterWidth !== 3) return false;
	if (strideHeight !== 1 || strideWidth !== 1 || dilationHeight !== 1 || dilationWidth !== 1) return false;
	const tiles = Math.ceil(info.outHeight / 4) * Math.ceil(info.outWidth / 4);
	return info.inChannels >= 8 && info.outChannels >= 8 && tiles * 36 * 1.5 < info.outHeight * info.outWidth * 9;
}

/** Whether the kernel for images with one channel takes it. */
function suitsPlanes(info: ConvInfo): boolean {
	const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
	const plain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1;
	return plain && info.inChannels === 1 && info.outWidth >= 4;
}

/** Carries out a convolution whose inputs have been checked; `pool` only where suitsWinograd. */
function convolve(
	context: KernelContext,
	x: TensorInfo,
	filter: TensorInfo,
	bias: TensorInfo | undefined,
	info: ConvInfo,
	relu: boolean,
	pool: boolean,
): TensorInfo {
	const { batchSize, outHeight, outWidth, outChannels } = info;
	const out = context.output(pool ? [batchSize, outHeight >> 1, outWidth >> 1, outChannels] : info.outShape);
	const addresses: Addresses = {
		x: context.address(x),
		filter: context.address(filter),
		bias: bias ? context.address(bias) : 0,
		out: context.address(out),
	};
	if (suitsWinograd(info)) convolveByWinograd(context, addresses, info, relu, pool);
	else if (suitsPlanes(info)) convolvePlanes(context, addresses, info, relu);
	else convolveByProduct(context, addresses, info, relu);
	return out;
}

/** Where the tensors of a convolution lie; bias 0 for none. */
export interface Addresses {
	readonly x: number;
	readonly filter: number;
	readonly bias: number;
	readonly out: number;
}

/**
 * @param flipped the filter is the one of the forward pass, to be turned and with its channels exchanged
 */
export function convolveByWinograd(
	context: KernelContext,
	{ x, filter, bias, out }: Addresses,
	info: ConvInfo,
	relu: boolean,
	pool: boolean,
	flipped = false,
): void {
	const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
	const { kernels } = context;
	context.withScratch(kernels.winogradScratch(inChannels, outChannels), (scratch) =>
		kernels.winograd(
			x,
			filter,
			bias,
			out,
			batchSize,
			inHeight,
			inWidth,
			inChannels,
			outChannels,
			info.padInfo.top,
			info.padInfo.left,
			outHeight,
			outWidth,
			flipped,
			relu,
			pool,
			scratch,
		),
	);
}

function convolvePlanes(
	context: KernelContext,
	{ x, filter, bias, out }: Addresses,
	info: ConvInfo,
	relu: boolean,
): void {
	const { filterHeight, filterWidth, outHeight, outWidth, outChannels } = info;
	const paddedHeight = outHeight + filterHeight - 1;
	const paddedWidth = outWidth + filterWidth - 1;
	const { kernels } = context;
	const bytes = kernels.planeScratch(filterHeight * filterWidth, outChannels, paddedHeight, paddedWidth);
	context.withScratch(bytes, (scratch) =>
		kernels.convolvePlanes(
			x,
			filter,
			bias,
			out,
			info.batchSize,
			info.inHeight,
			info.inWidth,
			outChannels,
			filterHeight,
			filterWidth,
			info.padInfo.top,
			info.padInfo.left,
			outHeight,
			outWidth,
			relu,
			scratch,
		),
	);
}

function convolveByProduct(
	context: KernelContext,
	{ x, filter, bias, out }: Addresses,
	info: ConvInfo,
	relu: boolean,
): void {
	const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
	const plain = filterHeight * filterWidth * info.strideHeight * info.strideWidth === 1;
	const pointwise = plain && inHeight === outHeight && inWidth === outWidth;
	const { kernels } = context;
	context.withScratch(GEOMETRY_BYTES + kernels.gemmScratch(), (scratch) => {
		context.writeIntegers(scratch, geometryOf(info));
		kernels.gemm(
			x,
			pointwise ? ROW_MAJOR : IMAGE,
			filter,
			ROW_MAJOR,
			out,
			bias,
			batchSize * outHeight * outWidth,
			info.outChannels,
			filterHeight * filterWidth * info.inChannels,
			relu,
			scratch,
			scratch + GEOMETRY_BYTES,
		);
	});
}

function run(call: KernelCall, context: KernelContext, pool: boolean): TensorInfo | undefined {
	const { x, filter, bias, preluActivationWeights } = call.inputs;
	const activation = pool ? "relu" : (call.attrs.activation ?? "linear");
	if (!x || !filter || !allFloat32(x, filter) || preluActivationWeights) return undefined;
	if (activation !== "linear" && activation !== "relu") return undefined;
	const info = convInfoOf(x.shape, filter.shape, call.attrs);
	if (!info || info.outShape.includes(0)) return undefined;
	if (bias && (!allFloat32(bias) || bias.shape.length !== 1 || bias.shape[0] !== info.outChannels)) return undefined;
	if (pool && (!suitsWinograd(info) || info.outHeight < 2 || info.outWidth < 2)) return undefined;
	return convolve(context, x, filter, bias, info, activation === "relu", pool);
}

export const conv2d: Kernel = { name: Conv2D, run: (call, context) => run(call, context, false) };
export const fusedConv2d: Kernel = { name: FusedConv2D, run: (call, context) => run(call, context, false) };
export const conv2dReluMaxPool: Kernel = {
	name: CONV2D_RELU_MAX_POOL,
	run: (call, context) => run(call, context, true),
};
