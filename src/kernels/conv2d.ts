import { backend_util, Conv2D, FusedConv2D, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, IMAGE, type Kernel, type KernelCall, type KernelContext, PACKED, ROW_MAJOR } from "./backend.js";
import type { Lowering, Operand } from "./lowering.js";

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

/** The longest filter, in rows of eight outputs, that convolveDirect keeps in the first-level cache: 20 kB. */
const DIRECT_DEPTH = 640;

/** Whether convolveDirect takes it. */
function suitsDirect(info: ConvInfo): boolean {
	const { dilationHeight, dilationWidth, outWidth } = info;
	return dilationHeight * dilationWidth === 1 && outWidth >= 4 && depthOf(info) <= DIRECT_DEPTH;
}

/** Terms of an output. */
function depthOf({ filterHeight, filterWidth, inChannels }: ConvInfo): number {
	return filterHeight * filterWidth * inChannels;
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
	else if (suitsDirect(info)) convolveDirect(context, addresses, info, relu);
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
	const filters = kernels.winogradFilters(inChannels, outChannels);
	context.withScratch(filters + kernels.winogradScratch(inChannels, outChannels), (scratch) =>
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
			false,
			scratch + filters,
		),
	);
}

function convolveDirect(
	context: KernelContext,
	{ x, filter, bias, out }: Addresses,
	info: ConvInfo,
	relu: boolean,
): void {
	const { kernels } = context;
	const { batchSize, outChannels } = info;
	const depth = depthOf(info);
	const packed = kernels.packedBytes(depth, outChannels);
	context.withScratch(GEOMETRY_BYTES, (geometry) => {
		context.writeIntegers(geometry, geometryOf(info));
		context.withScratch(packed + kernels.directScratch(geometry, outChannels), (scratch) => {
			kernels.packMatrix(filter, scratch, depth, outChannels, false, 0, depth, depth);
			kernels.convolveDirect(x, scratch, bias, out, batchSize, outChannels, relu, geometry, scratch + packed);
		});
	});
}

/** Whether an output is a product of one pixel: the image is a matrix as it lies. */
function isPointwise(info: ConvInfo): boolean {
	const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } = info;
	const plain = filterHeight * filterWidth * strideHeight * strideWidth === 1;
	return plain && inHeight === outHeight && inWidth === outWidth;
}

function convolveByProduct(
	context: KernelContext,
	{ x, filter, bias, out }: Addresses,
	info: ConvInfo,
	relu: boolean,
): void {
	const { batchSize, outHeight, outWidth, filterHeight, filterWidth } = info;
	const pointwise = isPointwise(info);
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

/** A convolution to be lowered; its parts fit each other. */
export interface Convolution {
	/** [batch, height, width, in] */
	readonly x: Operand;
	/** [height, width, in, out] */
	readonly filter: Operand;
	readonly bias: Operand | undefined;
	readonly info: ConvInfo;
	readonly relu: boolean;
	/** Max-pooling 2×2 of stride 2 after it; only where suitsWinograd. */
	readonly pool: boolean;
}

/** As `convolve`, for a program; undefined where the filter is another one for each sample. */
export function lowerConvolution(lowering: Lowering, convolution: Convolution): Operand | undefined {
	const { filter, info, pool } = convolution;
	if (filter.perSample) return undefined;
	const { batchSize, outHeight, outWidth, outChannels } = info;
	const shape = pool ? [batchSize, outHeight >> 1, outWidth >> 1, outChannels] : info.outShape;
	if (suitsWinograd(info)) return lowerWinograd(lowering, convolution, lowering.value(shape));
	if (suitsDirect(info)) return lowerDirect(lowering, convolution, lowering.value(shape));
	return lowerProduct(lowering, convolution, lowering.value(shape));
}

function lowerWinograd(lowering: Lowering, { x, filter, bias, info, relu, pool }: Convolution, out: Operand): Operand {
	const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
	const { kernels } = lowering;
	const kept = lowering.transformed(filter, inChannels, outChannels);
	const filters = kept ?? lowering.scratch(kernels.winogradFilters(inChannels, outChannels));
	const scratch = lowering.scratch(kernels.winogradScratch(inChannels, outChannels));
	lowering.emit(
		"winograd",
		x.at,
		filter.at,
		bias?.at ?? 0,
		out.at,
		batchSize,
		inHeight,
		inWidth,
		inChannels,
		outChannels,
		padInfo.top,
		padInfo.left,
		outHeight,
		outWidth,
		0,
		relu ? 1 : 0,
		pool ? 1 : 0,
		filters,
		kept === undefined ? 0 : 1,
		scratch,
	);
	return out;
}

function lowerDirect(
	lowering: Lowering,
	{ x, filter, bias, info, relu }: Convolution,
	out: Operand,
): Operand | undefined {
	const { batchSize, outChannels } = info;
	const packed = lowering.packed(filter, { depth: depthOf(info), columns: outChannels, whole: true });
	if (packed === undefined) return undefined;
	const geometry = lowering.integers(geometryOf(info));
	const scratch = lowering.scratch(lowering.kernels.directScratch(geometry, outChannels));
	lowering.emit(
		"convolveDirect",
		x.at,
		packed,
		bias?.at ?? 0,
		out.at,
		batchSize,
		outChannels,
		relu ? 1 : 0,
		geometry,
		scratch,
	);
	return out;
}

function lowerProduct(lowering: Lowering, { x, filter, bias, info, relu }: Convolution, out: Operand): Operand {
	const { batchSize, outHeight, outWidth, outChannels } = info;
	const depth = depthOf(info);
	const packed = lowering.packed(filter, { depth, columns: outChannels });
	lowering.emit(
		"gemm",
		x.at,
		isPointwise(info) ? ROW_MAJOR : IMAGE,
		packed ?? filter.at,
		packed === undefined ? ROW_MAJOR : PACKED,
		out.at,
		bias?.at ?? 0,
		batchSize * outHeight * outWidth,
		outChannels,
		depth,
		relu ? 1 : 0,
		lowering.integers(geometryOf(info)),
		lowering.scratch(lowering.kernels.gemmScratch()),
	);
	return out;
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
