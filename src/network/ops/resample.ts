import { add, gather, mul, type Tensor, type Tensor1D, tensor } from "@tensorflow/tfjs-core";
import { axisAt } from "./axes.js";
import { takenAt } from "./gradient.js";
import { axisOf, linearTangent, type Op, required } from "./op.js";

export interface ResampleAttributes {
	/** Counted from the last. */
	readonly axis: number;
	/** What each element of the output is the sum of: for each term the elements of the input, in the order of the output's. */
	readonly terms: readonly (readonly number[])[];
	/** What each of them is multiplied by; 1 where nothing is said. */
	readonly weights?: readonly (readonly number[])[];
}

/**
 * An axis made longer or shorter by any linear interpolation: the nearest element, two, the four of a cubic, or as many as a filter
 * spans. The positions come from the importer, since every format has rules of its own for them, which tfjs's resize kernels don't
 * all know.
 */
export const resample: Op<ResampleAttributes> = {
	shape(inputs, { axis, terms }) {
		const x = required(inputs, 0);
		const along = axisOf(axis, x.length);
		return x.map((length, i) => (i === along ? required(terms, 0).length : length));
	},

	run(inputs, { axis, terms, weights }, { gradient }) {
		const x = required(inputs, 0);
		const along = axisOf(axis, x.rank);
		const parts = terms.map((indices, term): Tensor => {
			const elements = gradient
				? takenAt(x, indices, along)
				: gather(x, Int32Array.from(indices) as unknown as Tensor1D, along);
			const factors = weights?.[term];
			if (factors === undefined) return elements;
			return mul(elements, tensor([...factors], [factors.length, ...x.shape.slice(along + 1).map(() => 1)]));
		});
		return parts.reduce((sum, part) => add(sum, part));
	},

	axes([x = []], axes, { axis }, output) {
		const along = axisOf(axis, x.length);
		axes.fix(axisAt(x, along), "resampled");
		return x.map((own, i) => (i === along ? axes.still(output[i] ?? 1) : own));
	},

	tangent: linearTangent("resample"),
};
