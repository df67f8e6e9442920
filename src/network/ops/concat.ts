import { broadcastTo, concat as join, type Tensor } from "@tensorflow/tfjs-core";
import { lowerConcat } from "../../kernels/copy.js";
import { axisAt } from "./axes.js";
import { axisOf, type Op, required } from "./op.js";

export interface ConcatAttributes {
	/** Counted from the last. */
	readonly axis: number;
}

/** Values one after another along an axis. A constant or parameter among them is repeated for every sample. */
export const concat: Op<ConcatAttributes> = {
	shape(inputs, { axis }) {
		const first = required(inputs, 0);
		const along = axisOf(axis, first.length);
		for (const shape of inputs) {
			if (shape.length !== first.length || shape.some((length, i) => i !== along && length !== first[i]))
				throw new RangeError(`[${first}] and [${shape}] can't be joined along axis ${axis}`);
		}
		const total = inputs.reduce((sum, shape) => sum + (shape[along] ?? 0), 0);
		return first.map((length, i) => (i === along ? total : length));
	},

	run(inputs, { axis }) {
		const longest = inputs.reduce((a, b) => (b.rank > a.rank ? b : a));
		const [batch = 1] = longest.shape;
		const whole = (x: Tensor) => (x.rank === longest.rank ? x : broadcastTo(x, [batch, ...x.shape]));
		return join(inputs.map(whole), axisOf(axis, longest.rank));
	},

	lower(inputs, { axis }, lowering) {
		const whole = inputs.find(({ perSample }) => perSample);
		return whole && lowerConcat(lowering, inputs, axisOf(axis, whole.shape.length));
	},

	axes(inputs, axes, { axis }, output) {
		const along = axisOf(axis, output.length);
		return output.map((_, i) => {
			const own = inputs.map((input) => axisAt(input, i));
			if (i === along) return axes.concat(own);
			for (const other of own.slice(1)) axes.join(axisAt(own, 0), other);
			return axisAt(own, 0);
		});
	},

	tangent: ({ inputs, tangents }, build, attributes) =>
		build.node(
			"concat",
			inputs.map((x, i) => tangents[i] ?? build.zeros(build.shape(x))),
			attributes,
		),
};
