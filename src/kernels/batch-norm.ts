import { FusedBatchNorm, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext } from "./backend.js";
import { areFloats, countOf, type Lowering, type NormNumbers, type Operand } from "./lowering.js";

/** Mean and variance of each channel; what tfjs has no kernel of its own for goes by names of ours. */
export const BATCH_STATISTICS = "IsolossBatchStatistics";
export const BATCH_NORM_GRADIENT = "IsolossBatchNormGradient";

/** x [..., channels] as a matrix of [rows, channels]; undefined where a tensor is not one float32 a channel. */
function asRows(x: TensorInfo, ...perChannel: readonly (TensorInfo | undefined)[]) {
	const channels = x.shape.at(-1) ?? 1;
	const fits = (tensor: TensorInfo | undefined) =>
		!tensor || (allFloat32(tensor) && tensor.shape.length === 1 && tensor.shape[0] === channels);
	if (!allFloat32(x) || !perChannel.every(fits)) return undefined;
	return { channels, rows: x.shape.reduce((size, length) => size * length, 1) / channels };
}

/** (x - mean) / √(variance + ε) · scale + offset with one of each a channel; other shapes are left to the stock kernel. */
function normalize({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { x, mean, variance, offset, scale } = inputs;
	const size = x && asRows(x, mean, variance, offset, scale);
	if (!size || !mean || !variance) return undefined;
	const out = context.output(x.shape);
	context.withScratch(context.kernels.normBytes(size.channels), (norm) =>
		context.kernels.batchNorm(
			context.address(x),
			context.address(mean),
			context.address(variance),
			offset ? context.address(offset) : 0,
			scale ? context.address(scale) : 0,
			Number(attrs.varianceEpsilon),
			context.address(out),
			size.rows,
			size.channels,
			false,
			norm,
		),
	);
	return out;
}

/** The same for a program: by the step that makes x, where that can do it. */
export function lowerBatchNorm(lowering: Lowering, x: Operand, numbers: NormNumbers): Operand | undefined {
	const { scale, shift, mean, variance, epsilon } = numbers;
	const each = [scale, shift, mean, variance];
	if (!areFloats(x, ...each) || !x.perSample || each.some(({ perSample }) => perSample)) return undefined;
	const done = lowering.normalized(x, numbers);
	if (done !== undefined) return done;
	const channels = x.shape.at(-1) ?? 1;
	const out = lowering.value(x.shape, x);
	lowering.emit(
		"batchNorm",
		x.at,
		mean.at,
		variance.at,
		shift.at,
		scale.at,
		epsilon,
		out.at,
		countOf(x.shape) / channels,
		channels,
		0,
		lowering.scratch(lowering.kernels.normBytes(channels)),
	);
	return out;
}

function statistics({ inputs: { x } }: KernelCall, context: KernelContext): TensorInfo[] | undefined {
	const size = x && asRows(x);
	if (!size) return undefined;
	const [mean, variance] = [context.output([size.channels]), context.output([size.channels])];
	const to = [context.address(mean), context.address(variance)] as const;
	context.kernels.batchStatistics(context.address(x), ...to, size.rows, size.channels);
	return [mean, variance];
}

function differentiate({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo[] | undefined {
	const { dy, x, mean, variance, scale } = inputs;
	const size = x && asRows(x, mean, variance, scale);
	if (!size || !dy || !allFloat32(dy) || !mean || !variance || !scale) return undefined;
	const [dx, dScale, dShift] = [x.shape, [size.channels], [size.channels]].map((shape) => context.output(shape)) as [
		TensorInfo,
		TensorInfo,
		TensorInfo,
	];
	context.withScratch(size.channels * 12, (slope) =>
		context.kernels.batchNormGradient(
			context.address(dy),
			context.address(x),
			context.address(mean),
			context.address(variance),
			context.address(scale),
			Number(attrs.epsilon),
			context.address(dx),
			context.address(dScale),
			context.address(dShift),
			size.rows,
			size.channels,
			slope,
		),
	);
	return [dx, dScale, dShift];
}

export const batchNorm: Kernel = { name: FusedBatchNorm, run: normalize };
export const batchStatistics: Kernel = { name: BATCH_STATISTICS, run: statistics };
export const batchNormGradient: Kernel = { name: BATCH_NORM_GRADIENT, run: differentiate };
