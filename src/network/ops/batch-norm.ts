import {
	add,
	customGrad,
	div,
	type GradSaveFunc,
	mul,
	neg,
	batchNorm as normalize,
	ones,
	rsqrt,
	square,
	sum,
	type Tensor,
	type Tensor1D,
	zeros,
} from "@tensorflow/tfjs-core";
import { lowerBatchNorm } from "../../kernels/batch-norm.js";
import { batchNormGradient, batchStatistics, hasBatchNormKernels } from "../../kernels/ops.js";
import { axisAt } from "./axes.js";
import { type Op, required } from "./op.js";

/** Inputs: x [..., channels], then scale, shift, running mean and running variance, each [channels]. */
export interface BatchNormAttributes {
	readonly epsilon: number;
	/** Whether the running statistics hold in training, too: set for those that don't move, never by a builder. */
	readonly fixed?: boolean;
}

/**
 * (x - mean) / √(variance + ε) · scale + shift for each channel, with the running statistics or those of the batch.
 * A batch of n values a channel is normalised by their variance over n, as every framework does.
 */
export const batchNorm: Op<BatchNormAttributes> = {
	shape(inputs) {
		const x = required(inputs, 0);
		for (let index = 1; index < 5; index++) {
			const [length] = required(inputs, index);
			if (length !== x.at(-1)) throw new RangeError(`${x.at(-1)} channels meet statistics for ${length}`);
		}
		return x;
	},

	run(inputs, { epsilon, fixed = false }, { training, gradient, batchNorm: from = "running", observe }) {
		const x = required(inputs, 0);
		const [scale, shift] = [required(inputs, 1) as Tensor1D, required(inputs, 2) as Tensor1D];
		const running = [required(inputs, 3), required(inputs, 4)] as const;
		if (fixed || (!training && from === "running"))
			return gradient
				? normalizeByRunning(x, scale, shift, running as readonly [Tensor1D, Tensor1D], epsilon)
				: normalize(x, running[0] as Tensor1D, running[1] as Tensor1D, shift, scale, epsilon);
		const told = (center: Tensor1D, variance: Tensor1D) => {
			const n = countOf(x);
			observe?.(running, [center, mul(variance, n / Math.max(1, n - 1))]);
		};
		return normalizeByBatch(x, scale, shift, epsilon, told);
	},

	lower([x, scale, shift, mean, variance], { epsilon }, lowering) {
		if (!x || !scale || !shift || !mean || !variance) return undefined;
		return lowerBatchNorm(lowering, x, { scale, shift, mean, variance, epsilon });
	},

	multiplyAdds: (_, output) => output.reduce((product, length) => product * length, 1),

	axes([x = [], ...channels], axes) {
		for (const own of channels) axes.join(axisAt(x, -1), axisAt(own, 0));
		return x;
	},

	/** As if what moves were normalised: (ẋ - μ̇)·γ/√(σ² + ε) + shift̊, and x̂ times what the scale and the deviation do. */
	tangent({ inputs: [x = "", scale = "", shift = "", mean = "", variance = ""], tangents }, build, { epsilon }) {
		const [dx, dScale, dShift, dMean, dVariance] = tangents;
		const none = build.zeros(build.shape(shift));
		const node = (value: string, factor: string, added: string, center: string) =>
			build.node("batchNorm", [value, factor, added, center, variance], { epsilon });
		const still = () => build.stretched(build.zeros(build.shape(x)), build.shape(x), x);
		const moves = dx !== undefined || dMean !== undefined;
		const moved = moves ? node(dx ?? still(), scale, dShift ?? none, dMean ?? none) : dShift;
		// The derivative of γ (σ² + ε)^-½ by σ² is -½ γ / (σ² + ε) of itself.
		const narrowed =
			dVariance && build.affine(build.div(build.mul(scale, dVariance), build.affine(variance, 1, epsilon)), -0.5);
		const factor = build.total(dScale, narrowed);
		return build.total(moved, factor && node(x, factor, none, mean));
	},
};

/** How many values a channel has. */
function countOf(x: Tensor): number {
	return x.size / (x.shape.at(-1) ?? 1);
}

/** Mean and variance of each channel. */
function statistics(x: Tensor): readonly [Tensor1D, Tensor1D] {
	if (hasBatchNormKernels()) return batchStatistics(x);
	const n = countOf(x);
	const center = div(sumOverChannels(x), n) as Tensor1D;
	return [center, div(sumOverChannels(square(affine(x, center, ones([center.size]), 1))), n)];
}

function sumOverChannels(x: Tensor): Tensor1D {
	return sum(
		x,
		x.shape.slice(0, -1).map((_, axis) => axis),
	) as Tensor1D;
}

/** (x - center) · factor / √variance for each channel, by the one kernel that walks channels without broadcasting. */
function affine(x: Tensor, center: Tensor1D, variance: Tensor1D, factor: Tensor1D | number, epsilon = 0): Tensor {
	const scale = typeof factor === "number" ? mul(ones([center.size]), factor) : factor;
	return normalize(x, center, variance, zeros([center.size]) as Tensor1D, scale as Tensor1D, epsilon);
}

/**
 * Normalisation by running statistics, which have no gradient, in three sums where TensorFlow.js would broadcast a dozen times:
 * ∂γ = Σ ∂y·x̂, ∂shift = Σ ∂y, ∂x = γ / √(σ² + ε) · ∂y.
 */
function normalizeByRunning(
	input: Tensor,
	inputScale: Tensor1D,
	inputShift: Tensor1D,
	running: readonly [Tensor1D, Tensor1D],
	epsilon: number,
): Tensor {
	const operation = customGrad((...given) => {
		const [x, scale, shift, mean, variance, save] = given as unknown as [
			Tensor,
			Tensor1D,
			Tensor1D,
			Tensor1D,
			Tensor1D,
			GradSaveFunc,
		];
		save([x, scale, mean, variance]);
		return {
			value: normalize(x, mean, variance, shift, scale, epsilon),
			gradFunc: (dy: Tensor, saved: Tensor[]) => {
				const [before, factor, center, spread] = saved as [Tensor, Tensor1D, Tensor1D, Tensor1D];
				const none = zeros([factor.size]) as Tensor1D;
				return [
					affine(dy, none, spread, factor, epsilon),
					sumOverChannels(mul(dy, affine(before, center, spread, 1, epsilon))),
					sumOverChannels(dy),
					none,
					none.clone(),
				];
			},
		};
	});
	return operation(input, inputScale, inputShift, running[0], running[1]);
}

/**
 * Normalisation by the batch, with a gradient that passes through its statistics: by our kernels where they are in use,
 * else composed of stock ones. TensorFlow.js's own gradient would be a dozen broadcast operations, of which that of the
 * squared difference is not summed back to the mean's shape.
 *
 * With x̂ the normalised x, n the values of a channel, σ² the variance and γ the scale:
 * ∂γ = Σ ∂y·x̂, ∂shift = Σ ∂y, ∂x = γ / √(σ² + ε) · (∂y - ∂shift / n - x̂ · ∂γ / n).
 *
 * @param told gets mean and variance, which are gone on return
 * @see Ioffe and Szegedy, ICML 2015 (arXiv 1502.03167), section 3
 */
function normalizeByBatch(
	input: Tensor,
	inputScale: Tensor1D,
	inputShift: Tensor1D,
	epsilon: number,
	told: (center: Tensor1D, variance: Tensor1D) => void,
): Tensor {
	const operation = customGrad((...given) => {
		const [x, scale, shift, save] = given as unknown as [Tensor, Tensor1D, Tensor1D, GradSaveFunc];
		const [center, variance] = statistics(x);
		told(center, variance);
		const n = countOf(x);
		save([x, scale, center, variance]);
		return {
			value: normalize(x, center, variance, shift, scale, epsilon),
			gradFunc: (dy: Tensor, saved: Tensor[]) =>
				gradients(dy, saved as [Tensor, Tensor1D, Tensor1D, Tensor1D], n, epsilon),
		};
	});
	return operation(input, inputScale, inputShift);
}

function gradients(
	dy: Tensor,
	[x, scale, center, variance]: readonly [Tensor, Tensor1D, Tensor1D, Tensor1D],
	n: number,
	epsilon: number,
): Tensor[] {
	if (hasBatchNormKernels()) return batchNormGradient({ dy, x, mean: center, variance, scale, epsilon });
	const normalised = affine(x, center, variance, 1, epsilon);
	const dScale = sumOverChannels(mul(dy, normalised));
	const dShift = sumOverChannels(dy);
	const slope = mul(scale, rsqrt(add(variance, epsilon)));
	const one = ones([center.size]) as Tensor1D;
	const dx = add(
		affine(dy, div(dShift, n), one, slope as Tensor1D),
		affine(normalised, zeros([center.size]) as Tensor1D, one, neg(mul(slope, div(dScale, n))) as Tensor1D),
	);
	return [dx, dScale, dShift];
}
