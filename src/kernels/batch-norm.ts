import { FusedBatchNorm, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext } from "./backend.js";

/** (x - mean) / √(variance + ε) · scale + offset with one of each a channel; other shapes are left to the stock kernel. */
function run({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { x, mean, variance, offset, scale } = inputs;
	if (!x || !mean || !variance || !allFloat32(x, mean, variance)) return undefined;
	const channels = x.shape.at(-1) ?? 1;
	const ofChannels = (tensor: TensorInfo) =>
		allFloat32(tensor) && tensor.shape.length === 1 && tensor.shape[0] === channels;
	if (![mean, variance, offset, scale].every((tensor) => !tensor || ofChannels(tensor))) return undefined;
	const rows = x.shape.reduce((size, length) => size * length, 1) / channels;
	const out = context.output(x.shape);
	context.withScratch(channels * 4, (factors) =>
		context.kernels.batchNorm(
			context.address(x),
			context.address(mean),
			context.address(variance),
			offset ? context.address(offset) : 0,
			scale ? context.address(scale) : 0,
			Number(attrs.varianceEpsilon),
			context.address(out),
			rows,
			channels,
			factors,
		),
	);
	return out;
}

export const batchNorm: Kernel = { name: FusedBatchNorm, run };
