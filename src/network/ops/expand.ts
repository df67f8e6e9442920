import { broadcastTo } from "@tensorflow/tfjs-core";
import { lowerCopy } from "../../kernels/copy.js";
import { stretchedStrides } from "../../kernels/lowering.js";
import { broadcastShapes, linearTangent, type Op, required } from "./op.js";

export interface ExpandAttributes {
	/** Of one sample, as many axes as the input has; lengths of 1 are stretched to it. */
	readonly shape: readonly number[];
}

export const expand: Op<ExpandAttributes> = {
	shape(inputs, { shape }) {
		const x = required(inputs, 0);
		if (x.length !== shape.length || String(broadcastShapes(x, shape)) !== String(shape))
			throw new RangeError(`[${x}] can't be stretched to [${shape}]`);
		return shape;
	},

	run(inputs, { shape }) {
		const x = required(inputs, 0);
		return broadcastTo(x, [...x.shape.slice(0, x.rank - shape.length), ...shape]);
	},

	lower([x], { shape }, lowering) {
		if (!x?.perSample) return undefined;
		const to = [...x.shape.slice(0, x.shape.length - shape.length), ...shape];
		return lowerCopy(lowering, x, to, stretchedStrides(x.shape, to));
	},

	axes: ([x = []], axes, { shape }) =>
		x.map((axis, i) => (axis.length === shape[i] ? axis : axes.uniform(shape[i] ?? 1))),

	tangent: linearTangent("expand"),
};
