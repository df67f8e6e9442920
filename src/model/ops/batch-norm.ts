import {
	mean,
	mul,
	batchNorm as normalize,
	squaredDifference,
	type Tensor,
	type Tensor1D,
} from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";

/** Inputs: x [..., channels], then scale, shift, running mean and running variance, each [channels]. */
export interface BatchNormAttributes {
	readonly epsilon: number;
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

	run(inputs, { epsilon }, { training, batchNorm: from = "running", observe }) {
		const x = required(inputs, 0);
		const [scale, shift] = [required(inputs, 1) as Tensor1D, required(inputs, 2) as Tensor1D];
		const running = [required(inputs, 3), required(inputs, 4)] as const;
		const ofBatch = training || from === "batch";
		const [center, variance] = ofBatch ? statistics(x) : running;
		if (ofBatch && observe !== undefined) {
			const n = x.size / (x.shape.at(-1) ?? 1);
			observe(running, [center, mul(variance, n / Math.max(1, n - 1))]);
		}
		return normalize(x, center as Tensor1D, variance as Tensor1D, shift, scale, epsilon);
	},

	multiplyAdds: (_, output) => output.reduce((product, length) => product * length, 1),
};

/** Mean and variance of each channel. */
function statistics(x: Tensor): readonly [Tensor, Tensor] {
	const axes = x.shape.slice(0, -1).map((_, axis) => axis);
	const center = mean(x, axes);
	return [center, mean(squaredDifference(x, center), axes)];
}
