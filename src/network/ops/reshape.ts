import { reshape as view } from "@tensorflow/tfjs-core";
import { sizeOf } from "../shape.js";
import { reshapedAxes } from "./axes.js";
import { linearTangent, type Op, required } from "./op.js";

export interface ReshapeAttributes {
	/** How many axes the input has for one sample: with one more, the first is the batch. */
	readonly rank: number;
	/** Of one sample. */
	readonly shape: readonly number[];
}

/** The same values in the same order under another shape. */
export const reshape: Op<ReshapeAttributes> = {
	shape(inputs, { rank, shape }) {
		const from = required(inputs, 0);
		if (from.length !== rank || sizeOf(from) !== sizeOf(shape))
			throw new RangeError(`[${from}] can't be reshaped to [${shape}]`);
		return shape;
	},

	run(inputs, { rank, shape }) {
		const x = required(inputs, 0);
		return view(x, [...x.shape.slice(0, x.rank - rank), ...shape]);
	},

	lower: ([x], { rank, shape }, lowering) =>
		x?.perSample ? lowering.view(x, [...x.shape.slice(0, x.shape.length - rank), ...shape]) : undefined,

	axes: ([x = []], axes, { shape }) => reshapedAxes(x, shape, axes),

	tangent: linearTangent("reshape"),
};
