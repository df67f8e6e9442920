import { backend_util, Conv2D, FusedConv2D, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, IMAGE, type Kernel, type KernelCall, type KernelContext, PACKED, ROW_MAJOR } from "./backend.js";
import type { Address, Flag } from "./instructions.js";
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

/** Whether convolveDirect takes it, and sooner than a product. */
function suitsDirect(info: ConvInfo): boolean {
	const { dilationHeight, dilationWidth, outWidth } = info;
	if (suitsProduct(info)) return false;
	return dilationHeight * dilationWidth === 1 && outWidth >= 4 && depthOf(info) <= DIRECT_DEPTH;
}

/**
 * Whether packing the image pays: whole vectors of channels are copied, and many outputs share them. Measured on a Zen 4, V8 of
 * Node 20 and 24: 1×1 64→128 takes 0.78 of the direct kernel's time, 3×3 of stride 2 32→64 0.88, 5×5 12→24 1.1, 1×1 16→10 1.12.
 */
function suitsProduct(info: ConvInfo): boolean {
	const { inChannels, outChannels } = info;
	const [fewest, fewestOutputs] = isPointwise(info) ? [4, 16] : [16, 32];
	return inChannels % 4 === 0 && inChannels >= fewest && outChannels >= fewestOutputs;
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

/** Where the tensors of a convolution lie, in memory or in a program; bias 0 for none. */
export interface Addresses<At extends Address = number> {
	readonly x: At;
	readonly filter: At;
	readonly bias: At;
	readonly out: At;
}

/** What Winograd's algorithm takes besides the tensors. */
interface WinogradWork<At extends Address> {
	readonly relu: boolean;
	readonly pool: boolean;
	readonly flipped: boolean;
	/** Rows and columns of a tile. */
	readonly side: number;
	/** Where the transformed filters lie, or go where they are not ready. */
	readonly filters: At;
	readonly ready: boolean;
	readonly scratch: At;
}

const flag = (set: boolean): Flag => (set ? 1 : 0);

function winogradOperands<At extends Address>(
	{ x, filter, bias, out }: Addresses<At>,
	info: ConvInfo,
	{ relu, pool, flipped, side, filters, ready, scratch }: WinogradWork<At>,
) {
	const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
	const sizes = [batchSize, inHeight, inWidth, inChannels, outChannels] as const;
	const place = [padInfo.top, padInfo.left, outHeight, outWidth] as const;
	const flags = [flag(flipped), flag(relu), flag(pool)] as const;
	return [x, filter, bias, out, ...sizes, ...place, ...flags, side, filters, flag(ready), scratch, 0] as const;
}

/**
 * @param flipped the filter is the one of the forward pass, to be turned and with its channels exchanged
 */
export function convolveByWinograd(
	context: KernelContext,
	addresses: Addresses,
	info: ConvInfo,
	relu: boolean,
	pool: boolean,
	flipped = false,
): void {
	const { kernels } = context;
	const { inChannels, outChannels, outHeight, outWidth } = info;
	const side = kernels.winogradSide(inChannels, outHeight, outWidth);
	const bytes = kernels.winogradFilters(side, inChannels, outChannels);
	context.withScratch(bytes + kernels.winogradScratch(side, inChannels, outChannels), (filters) => {
		const work = { relu, pool, flipped, side, filters, ready: false, scratch: filters + bytes };
		kernels.winograd(...winogradOperands(addresses, info, work));
	});
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
			kernels.packMatrix(filter, scratch, depth, outChannels, 0, depth, depth);
			kernels.convolveDirect(x, scratch, bias, out, batchSize, outChannels, relu, geometry, scratch + packed, 0);
		});
	});
}

/** Whether an output is a product of one pixel: the image is a matrix as it lies. */
function isPointwise(info: ConvInfo): boolean {
	const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } = info;
	const plain = filterHeight * filterWidth * strideHeight * strideWidth === 1;
	return plain && inHeight === outHeight && inWidth === outWidth;
}

function convolveByProduct(context: KernelContext, addresses: Addresses, info: ConvInfo, relu: boolean): void {
	const { kernels } = context;
	context.withScratch(GEOMETRY_BYTES + kernels.gemmScratch(), (geometry) => {
		context.writeIntegers(geometry, geometryOf(info));
		const work = { relu, layout: ROW_MAJOR, geometry, scratch: geometry + GEOMETRY_BYTES };
		kernels.gemm(...productOperands(addresses, info, work));
	});
}

/** What a product takes besides the tensors. */
interface ProductWork<At extends Address> {
	readonly relu: boolean;
	/** Of the filter. */
	readonly layout: number;
	readonly geometry: number;
	readonly scratch: At;
}

function productOperands<At extends Address>(
	{ x, filter, bias, out }: Addresses<At>,
	info: ConvInfo,
	{ relu, layout, geometry, scratch }: ProductWork<At>,
) {
	const pixels = info.batchSize * info.outHeight * info.outWidth;
	const layoutOfX = isPointwise(info) ? ROW_MAJOR : IMAGE;
	const sizes = [pixels, info.outChannels, depthOf(info)] as const;
	return [x, layoutOfX, filter, layout, out, bias, ...sizes, flag(relu), geometry, scratch, 0] as const;
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

/** Where the tensors lie; the filter plain where nothing is said. */
function addressesOf({ x, filter, bias }: Convolution, out: Operand, prepared?: Address): Addresses<Address> {
	return { x: x.at, filter: prepared ?? filter.at, bias: bias?.at ?? 0, out: out.at };
}

function lowerWinograd(lowering: Lowering, convolution: Convolution, out: Operand): Operand {
	const { filter, info, relu, pool } = convolution;
	const { inChannels: inputs, outChannels: outputs, outHeight, outWidth } = info;
	const { kernels } = lowering;
	const side = kernels.winogradSide(inputs, outHeight, outWidth);
	const kept = lowering.transformed(filter, { side, inputs, outputs });
	const filters = kept ?? lowering.scratch(kernels.winogradFilters(side, inputs, outputs));
	const scratch = lowering.scratch(kernels.winogradScratch(side, inputs, outputs));
	const work = { relu, pool, flipped: false, side, filters, ready: kept !== undefined, scratch };
	lowering.emit("winograd", ...winogradOperands(addressesOf(convolution, out), info, work));
	return out;
}

function lowerDirect(lowering: Lowering, convolution: Convolution, out: Operand): Operand | undefined {
	const { filter, info, relu } = convolution;
	const { batchSize, outChannels } = info;
	const packed = lowering.packed(filter, { depth: depthOf(info), columns: outChannels, whole: true });
	if (packed === undefined) return undefined;
	const geometry = lowering.integers(geometryOf(info));
	const scratch = lowering.scratch(lowering.kernels.directScratch(geometry, outChannels));
	const { x, bias } = addressesOf(convolution, out, packed);
	lowering.emit("convolveDirect", x, packed, bias, out.at, batchSize, outChannels, flag(relu), geometry, scratch, 0);
	return out;
}

function lowerProduct(lowering: Lowering, convolution: Convolution, out: Operand): Operand | undefined {
	const { filter, info, relu } = convolution;
	const packed = lowering.packed(filter, { depth: depthOf(info), columns: info.outChannels });
	if (packed === undefined) return undefined;
	const geometry = lowering.integers(geometryOf(info));
	const scratch = lowering.scratch(lowering.kernels.gemmScratch());
	const addresses = addressesOf(convolution, out, packed);
	lowering.emit("gemm", ...productOperands(addresses, info, { relu, layout: PACKED, geometry, scratch }));
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
