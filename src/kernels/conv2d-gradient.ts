import { backend_util, Conv2DBackpropFilter, Conv2DBackpropInput, type TensorInfo } from "@tensorflow/tfjs-core";
import {
	allFloat32,
	IMAGE,
	type Kernel,
	type KernelCall,
	type KernelContext,
	ROW_MAJOR,
	TRANSPOSED,
} from "./backend.js";
import { type ConvInfo, convInfoOf, convolveByWinograd, GEOMETRY_BYTES, geometryOf, suitsWinograd } from "./conv2d.js";

/** dFilter [kh, kw, in, out]: by Winograd, or the product over all output pixels of dyᵀ and what each saw, turned over. */
function filterGradient({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { x, dy } = inputs;
	if (!x || !dy || !allFloat32(x, dy)) return undefined;
	const shape = attrs.filterShape as [number, number, number, number];
	const info = convInfoOf(x.shape, shape, attrs);
	if (!info || !sameShape(dy.shape, info.outShape)) return undefined;
	const out = context.output(shape);
	const addresses = { x: context.address(x), dy: context.address(dy), out: context.address(out) };
	const finite = suitsWinograd(info) && filterGradientByWinograd(context, addresses, info);
	if (!finite) filterGradientByProduct(context, addresses, info);
	return out;
}

interface Addresses {
	readonly x: number;
	readonly dy: number;
	readonly out: number;
}

/** Returns whether the result is finite and so to be kept. */
function filterGradientByWinograd(context: KernelContext, { x, dy, out }: Addresses, info: ConvInfo): boolean {
	const { kernels } = context;
	return context.withScratch(
		kernels.winogradGradientScratch(info.inChannels, info.outChannels),
		(scratch) =>
			kernels.winogradFilterGradient(
				x,
				dy,
				out,
				info.batchSize,
				info.inHeight,
				info.inWidth,
				info.inChannels,
				info.outChannels,
				info.padInfo.top,
				info.padInfo.left,
				info.outHeight,
				info.outWidth,
				scratch,
			) !== 0,
	);
}

function filterGradientByProduct(context: KernelContext, { x, dy, out }: Addresses, info: ConvInfo): void {
	const { kernels } = context;
	const taps = info.filterHeight * info.filterWidth * info.inChannels;
	const turnedBytes = roundUp(taps * info.outChannels * 4, GEOMETRY_BYTES);
	context.withScratch(GEOMETRY_BYTES + turnedBytes + kernels.gemmScratch(), (scratch) => {
		const turned = scratch + GEOMETRY_BYTES;
		context.writeIntegers(scratch, geometryOf(info));
		kernels.gemm(
			dy,
			TRANSPOSED,
			x,
			IMAGE,
			turned,
			0,
			info.outChannels,
			taps,
			info.batchSize * info.outHeight * info.outWidth,
			false,
			scratch,
			turned + turnedBytes,
			0,
		);
		kernels.transpose(out, turned, info.outChannels, taps);
	});
}

/** dx: by Winograd with the filter turned where that suits, else a product whose columns are added back. */
function inputGradient({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { dy, filter } = inputs;
	if (!dy || !filter || !allFloat32(dy, filter)) return undefined;
	const info = convInfoOf(attrs.inputShape as number[], filter.shape, { ...attrs, dilations: 1 });
	if (!info || !sameShape(dy.shape, info.outShape) || info.inShape.includes(0)) return undefined;
	const out = context.output(info.inShape);
	const backwards = turnedInfo(info);
	if (backwards && suitsWinograd(backwards)) {
		const addresses = { x: context.address(dy), filter: context.address(filter), bias: 0, out: context.address(out) };
		convolveByWinograd(context, addresses, backwards, false, false, true);
	} else {
		addProductBack(context, dy, filter, out, info);
	}
	return out;
}

/** The convolution of dy that gives dx, for strides of 1 and padding no wider than the filter. */
function turnedInfo(info: ConvInfo): ConvInfo | undefined {
	const { filterHeight, filterWidth, padInfo, inHeight, inWidth, outHeight, outWidth } = info;
	if (info.strideHeight !== 1 || info.strideWidth !== 1) return undefined;
	const top = filterHeight - 1 - padInfo.top;
	const left = filterWidth - 1 - padInfo.left;
	const bottom = inHeight - outHeight - top + filterHeight - 1;
	const right = inWidth - outWidth - left + filterWidth - 1;
	if (Math.min(top, left, bottom, right) < 0) return undefined;
	return backend_util.computeConv2DInfo(
		info.outShape as [number, number, number, number],
		[filterHeight, filterWidth, info.outChannels, info.inChannels],
		1,
		1,
		[
			[0, 0],
			[top, bottom],
			[left, right],
			[0, 0],
		],
	);
}

function addProductBack(
	context: KernelContext,
	dy: TensorInfo,
	filter: TensorInfo,
	dx: TensorInfo,
	info: ConvInfo,
): void {
	const { kernels } = context;
	const pixels = info.outHeight * info.outWidth;
	const taps = info.filterHeight * info.filterWidth * info.inChannels;
	const columnBytes = roundUp(pixels * taps * 4, GEOMETRY_BYTES);
	context.withScratch(GEOMETRY_BYTES + columnBytes + kernels.gemmScratch(), (geometry) => {
		const columns = geometry + GEOMETRY_BYTES;
		context.writeIntegers(geometry, geometryOf(info));
		const imageBytes = info.inHeight * info.inWidth * info.inChannels * 4;
		for (let image = 0; image < info.batchSize; image++) {
			kernels.gemm(
				context.address(dy) + image * pixels * info.outChannels * 4,
				ROW_MAJOR,
				context.address(filter),
				TRANSPOSED,
				columns,
				0,
				pixels,
				taps,
				info.outChannels,
				false,
				geometry,
				columns + columnBytes,
				0,
			);
			kernels.addColumns(context.address(dx) + image * imageBytes, columns, geometry);
		}
	});
}

function sameShape(left: readonly number[], right: readonly number[]): boolean {
	return left.length === right.length && left.every((size, axis) => size === right[axis]);
}

function roundUp(value: number, multiple: number): number {
	return Math.ceil(value / multiple) * multiple;
}

export const conv2dFilterGradient: Kernel = { name: Conv2DBackpropFilter, run: filterGradient };
export const conv2dInputGradient: Kernel = { name: Conv2DBackpropInput, run: inputGradient };
