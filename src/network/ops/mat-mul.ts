import { matMul as multiply } from "@tensorflow/tfjs-core";
import { broadcastShapes, type Op, required } from "./op.js";

/** The products of matrices [..., m, k] and [..., k, n]; the axes before the last two are broadcast. */
export const matMul: Op<Record<never, never>> = {
	shape(inputs) {
		const [a, b] = [required(inputs, 0), required(inputs, 1)];
		if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2))
			throw new RangeError(`matrices [${a}] and [${b}] can't be multiplied`);
		return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), a.at(-2) ?? 0, b.at(-1) ?? 0];
	},

	run: (inputs) => multiply(required(inputs, 0), required(inputs, 1)),

	lacksGradient: ([a = [], b = []]) =>
		String(a.slice(0, -2)) === String(b.slice(0, -2)) ? undefined : "matrix products that are stretched along axes",

	multiplyAdds: (inputs, output) =>
		output.reduce((product, length) => product * length, required(inputs, 0).at(-1) ?? 0),
};
