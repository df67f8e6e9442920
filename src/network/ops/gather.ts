import { type Tensor1D, gather as take } from "@tensorflow/tfjs-core";
import { axisAt, cutAxes } from "./axes.js";
import { takenAt } from "./gradient.js";
import { axisOf, linearTangent, type Op, required } from "./op.js";

export interface GatherAttributes {
	/** Counted from the last. */
	readonly axis: number;
	readonly indices: readonly number[];
}

/** The elements of an axis at fixed indices. */
export const gather: Op<GatherAttributes> = {
	shape(inputs, { axis, indices }) {
		const x = required(inputs, 0);
		const along = axisOf(axis, x.length);
		for (const index of indices) {
			if (!(index >= 0 && index < (x[along] ?? 0)))
				throw new RangeError(`index ${index} is not in a length of ${x[along]}`);
		}
		return x.map((length, i) => (i === along ? indices.length : length));
	},

	run(inputs, { axis, indices }, { gradient }) {
		const x = required(inputs, 0);
		if (gradient) return takenAt(x, indices, axisOf(axis, x.rank));
		return take(x, Int32Array.from(indices) as unknown as Tensor1D, axisOf(axis, x.rank));
	},

	axes([x = []], axes, { axis, indices }) {
		const along = axisOf(axis, x.length);
		const [start = 0] = indices;
		if (indices.every((index, i) => index === start + i)) return cutAxes(x, along, start, indices.length, axes);
		axes.fix(axisAt(x, along), "taken apart");
		return x.map((own, i) => (i === along ? axes.still(indices.length) : own));
	},

	tangent: linearTangent("gather"),
};
