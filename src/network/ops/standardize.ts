import { add, div, mean, sqrt, square, sub } from "@tensorflow/tfjs-core";
import { lowerStandardize } from "../../kernels/rows.js";
import { alongAxes } from "./axes.js";
import { axisOf, type Op, required } from "./op.js";

export interface StandardizeAttributes {
	/** Counted from the last. */
	readonly axes: readonly number[];
	readonly epsilon: number;
}

/** (x - mean) / √(variance + ε) over some axes of each sample: what layer, group and instance normalisation share. */
export const standardize: Op<StandardizeAttributes> = {
	shape: (inputs) => required(inputs, 0),

	run(inputs, { axes, epsilon }) {
		const x = required(inputs, 0);
		const over = axes.map((axis) => axisOf(axis, x.rank));
		const centered = sub(x, mean(x, over, true));
		return div(centered, sqrt(add(mean(square(centered), over, true), epsilon)));
	},

	lower([x], { axes, epsilon }, lowering) {
		if (!x) return undefined;
		const over = axes.map((axis) => axisOf(axis, x.shape.length)).sort((a, b) => a - b);
		const first = x.shape.length - over.length;
		const last = over.every((axis, index) => axis === first + index);
		return last ? lowerStandardize(lowering, x, first, epsilon) : undefined;
	},

	multiplyAdds: (_, output) => output.reduce((product, length) => product * length, 1),

	axes: ([x = []], axes, { axes: along }) =>
		alongAxes(
			x,
			along.map((axis) => axisOf(axis, x.length)),
			axes,
		),

	/** With y the output and ċ = ẋ - mean ẋ: (ċ - y · mean(y ∘ ċ)) / √(variance + ε). */
	tangent({ inputs: [x = ""], tangents: [dx], output: y }, build, { axes, epsilon }) {
		if (dx === undefined) return undefined;
		const centered = build.sub(x, build.along("mean", x, axes));
		const variance = build.along("mean", build.unary("square", centered), axes);
		const deviation = build.unary("sqrt", build.affine(variance, 1, epsilon));
		const moved = build.sub(dx, build.along("mean", dx, axes));
		const shrunk = build.mul(y, build.along("mean", build.mul(y, moved), axes));
		return build.div(build.sub(moved, shrunk), deviation);
	},
};
