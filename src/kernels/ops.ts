import { engine, getKernel, type Tensor, type Tensor1D, type Tensor4D } from "@tensorflow/tfjs-core";
import { BATCH_NORM_GRADIENT, BATCH_STATISTICS } from "./batch-norm.js";
import { CONV2D_RELU_MAX_POOL, convInfoOf, suitsWinograd } from "./conv2d.js";

/** What the executor may ask for in one step where the graph has it in several. */
export interface Conv2DReluMaxPool {
	/** [batch, height, width, in] */
	readonly x: Tensor4D;
	/** [3, 3, in, out] */
	readonly filter: Tensor4D;
	/** [out] */
	readonly bias?: Tensor1D;
	readonly pad: "valid" | "same";
}

/** Whether conv2dReluMaxPool takes these shapes; kernels must be registered. */
export function canFuseMaxPool(x: readonly number[], filter: readonly number[], pad: "valid" | "same"): boolean {
	const info = convInfoOf(x, filter, { strides: 1, pad });
	return info !== undefined && suitsWinograd(info) && info.outHeight >= 2 && info.outWidth >= 2 && info.batchSize > 0;
}

/**
 * Convolution 3×3 of stride 1, bias, relu and max-pooling 2×2 of stride 2 (`valid`), without the tensors in between.
 *
 * @returns [batch, ⌊height / 2⌋, ⌊width / 2⌋, out] of the convolution's height and width
 * @throws {RangeError} where canFuseMaxPool says no
 */
export function conv2dReluMaxPool({ x, filter, bias, pad }: Conv2DReluMaxPool): Tensor4D {
	const inputs = bias ? { x, filter, bias } : { x, filter };
	return engine().runKernel(CONV2D_RELU_MAX_POOL, inputs, { strides: 1, pad }) as Tensor4D;
}

/** Whether the two below may be called: our kernels are registered. */
export function hasBatchNormKernels(): boolean {
	return getKernel(BATCH_STATISTICS, "wasm") !== undefined;
}

/** Mean and variance (over n) of each channel of x [..., channels]. */
export function batchStatistics(x: Tensor): readonly [mean: Tensor1D, variance: Tensor1D] {
	return engine().runKernel(BATCH_STATISTICS, { x }) as unknown as [Tensor1D, Tensor1D];
}

export interface BatchNormGradient {
	/** [..., channels], both */
	readonly dy: Tensor;
	readonly x: Tensor;
	/** [channels]; mean and variance are those of x itself */
	readonly mean: Tensor1D;
	readonly variance: Tensor1D;
	readonly scale: Tensor1D;
	readonly epsilon: number;
}

/** The gradient of a normalisation by the batch, with respect to x, scale and shift. */
export function batchNormGradient({ epsilon, ...inputs }: BatchNormGradient): Tensor[] {
	return engine().runKernel(BATCH_NORM_GRADIENT, inputs, { epsilon }) as unknown as Tensor[];
}
