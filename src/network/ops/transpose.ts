import { transpose as permute } from "@tensorflow/tfjs-core";
import { lowerCopy } from "../../kernels/copy.js";
import { stridesOf } from "../../kernels/lowering.js";
import { axisAt } from "./axes.js";
import { linearTangent, type Op, required } from "./op.js";

export interface TransposeAttributes {
	/** Which axis of the sample comes at each place; the batch stays first. */
	readonly permutation: readonly number[];
}

export const transpose: Op<TransposeAttributes> = {
	shape(inputs, { permutation }) {
		const x = required(inputs, 0);
		if (x.length !== permutation.length) throw new RangeError(`[${x}] has not ${permutation.length} axes`);
		return permutation.map((axis) => x[axis] ?? 0);
	},

	run(inputs, { permutation }) {
		const x = required(inputs, 0);
		const batch = x.rank - permutation.length;
		return permute(x, [...x.shape.slice(0, batch).keys(), ...permutation.map((axis) => axis + batch)]);
	},

	lower([x], { permutation }, lowering) {
		if (!x?.perSample) return undefined;
		const order = [0, ...permutation.map((axis) => axis + 1)];
		const strides = stridesOf(x.shape);
		return lowerCopy(
			lowering,
			x,
			order.map((axis) => x.shape[axis] ?? 1),
			order.map((axis) => strides[axis] ?? 0),
		);
	},

	axes: ([x = []], _, { permutation }) => permutation.map((axis) => axisAt(x, axis)),

	tangent: linearTangent("transpose"),
};
