import { broadcastTo, cast, where as select } from "@tensorflow/tfjs-core";
import { elementwiseAxes } from "./axes.js";
import { stretched, withoutGradient } from "./gradient.js";
import { broadcastShapes, type Op, required, type Shape } from "./op.js";

/** Inputs: condition (bool), the values where it holds, the values where it doesn't; broadcast. */
export const where: Op<Record<never, never>> = {
	shape: (inputs) => inputs.reduce((a, b) => broadcastShapes(a, b)),
	run(inputs, _, { gradient }) {
		const [condition, a, b] = [required(inputs, 0), required(inputs, 1), required(inputs, 2)];
		if (!gradient) return select(cast(condition, "bool"), a, b);
		const shape = [condition, a, b].map((x) => x.shape as Shape).reduce(broadcastShapes);
		const whole = withoutGradient((x) => cast(broadcastTo(cast(x, "int32"), [...shape]), "bool"), condition);
		return select(whole, stretched(cast(a, "float32"), shape), stretched(cast(b, "float32"), shape));
	},

	axes: elementwiseAxes,

	tangent({ inputs: [condition = "", a = "", b = ""], tangents: [, da, db] }, build) {
		if (da === undefined && db === undefined) return undefined;
		const zeros = build.zeros(build.shape(da === undefined ? a : b));
		return build.node("where", [condition, da ?? zeros, db ?? zeros], {});
	},
};
