import { broadcastTo, matMul as multiply, type Tensor } from "@tensorflow/tfjs-core";
import { lowerProducts } from "../../kernels/matmul.js";
import { axisAt, elementwiseAxes } from "./axes.js";
import { stretched } from "./gradient.js";
import { bilinearTangent, broadcastShapes, type Op, required, type Shape } from "./op.js";

/** The products of matrices [..., m, k] and [..., k, n]; the axes before the last two are broadcast. */
export const matMul: Op<Record<never, never>> = {
	shape(inputs) {
		const [a, b] = [required(inputs, 0), required(inputs, 1)];
		if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2))
			throw new RangeError(`matrices [${a}] and [${b}] can't be multiplied`);
		return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), a.at(-2) ?? 0, b.at(-1) ?? 0];
	},

	run(inputs, _, { gradient }) {
		const [a, b] = [required(inputs, 0), required(inputs, 1)];
		const outer = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
		const stack = (x: Tensor) => (gradient ? stretched(x, [...outer, ...x.shape.slice(-2)]) : stackOf(x, outer));
		return multiply(stack(a), stack(b));
	},

	lower: ([a, b], _, lowering) => (a?.perSample && b ? lowerProducts(lowering, a, b) : undefined),

	multiplyAdds: (inputs, output) =>
		output.reduce((product, length) => product * length, required(inputs, 0).at(-1) ?? 0),

	axes([a = [], b = []], axes, _, output) {
		axes.join(axisAt(a, -1), axisAt(b, -2));
		const outer = elementwiseAxes([a.slice(0, -2), b.slice(0, -2)], axes, {}, output.slice(0, -2));
		return [...outer, axisAt(a, -2), axisAt(b, -1)];
	},

	tangent: bilinearTangent("matMul"),
};

/**
 * Stacks of matrices as many as `outer` says. The kernel goes through the shorter list of matrices over and over, which is right
 * only where all axes after the first that differs are alike.
 */
function stackOf(x: Tensor, outer: Shape): Tensor {
	const own = x.shape.slice(0, -2);
	const from = own.findIndex((length) => length !== 1);
	const kept = from < 0 ? [] : own.slice(from);
	if (kept.length === 0 || String(kept) === String(outer.slice(outer.length - kept.length))) return x;
	return broadcastTo(x, [...outer, ...x.shape.slice(-2)]);
}
