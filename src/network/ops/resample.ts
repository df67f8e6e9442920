import { add, gather, mul, type Tensor, type Tensor1D, tensor } from "@tensorflow/tfjs-core";
import { axisOf, type Op, required } from "./op.js";

export interface ResampleAttributes {
	/** Counted from the last. */
	readonly axis: number;
	/** For each element of the output the element of the input it takes: the lower one of two where it interpolates. */
	readonly low: readonly number[];
	/** The upper one and its share; none for the nearest neighbour. */
	readonly high?: readonly number[];
	readonly share?: readonly number[];
}

/**
 * An axis made longer or shorter by nearest neighbour or linear interpolation. The positions come from the importer,
 * since every format has rules of its own for them, which tfjs's resize kernels don't all know.
 */
export const resample: Op<ResampleAttributes> = {
	shape(inputs, { axis, low }) {
		const x = required(inputs, 0);
		const along = axisOf(axis, x.length);
		return x.map((length, i) => (i === along ? low.length : length));
	},

	run(inputs, { axis, low, high, share }) {
		const x = required(inputs, 0);
		const along = axisOf(axis, x.rank);
		const at = (indices: readonly number[]) => gather(x, Int32Array.from(indices) as unknown as Tensor1D, along);
		if (high === undefined || share === undefined) return at(low);
		const weights = (of: (share: number) => number): Tensor =>
			tensor(share.map(of), [share.length, ...x.shape.slice(along + 1).map(() => 1)]);
		return add(
			mul(
				at(low),
				weights((upper) => 1 - upper),
			),
			mul(
				at(high),
				weights((upper) => upper),
			),
		);
	},

	lacksGradient: () => "resampling",
};
