import type { Tensor } from "@tensorflow/tfjs-core";

/** What a network said of some samples, and what it should have said. */
export interface Outputs {
	/** float32, [samples, width]. */
	readonly values: Float32Array;
	readonly width: number;
	/** One class a sample (int32), or `width` values a sample (float32). */
	readonly targets: Int32Array | Float32Array;
}

/** A loss: its value in float64 for a surface, and as tfjs ops for training. */
export interface Loss {
	readonly name: string;
	/**
	 * The sum of the losses of the samples, added to `total` one by one in sample order. A sample whose outputs hold a NaN
	 * has the loss NaN.
	 */
	add(total: number, outputs: Outputs): number;
	/** The mean over a batch as a scalar tensor, for gradients. `targets` is [batch] int32 or [batch, width] float32. */
	mean(outputs: Tensor, targets: Tensor): Tensor;
}
