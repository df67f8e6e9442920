import {
	avgPool,
	max,
	mean,
	min,
	prod,
	reshape,
	sqrt,
	square,
	sum,
	type Tensor,
	type Tensor4D,
} from "@tensorflow/tfjs-core";
import { lowerReduce } from "../../kernels/rows.js";
import { axisOf, type Op, required } from "./op.js";

const functions = {
	mean,
	sum,
	max,
	min,
	prod,
	sumOfSquares: (x: Tensor, axes: number[]) => sum(square(x), axes),
	norm: (x: Tensor, axes: number[]) => sqrt(sum(square(x), axes)),
};

export interface ReduceAttributes {
	readonly function: keyof typeof functions;
	/** Counted from the last; they are gone in the output. */
	readonly axes: readonly number[];
}

export const reduce: Op<ReduceAttributes> = {
	shape(inputs, { axes }) {
		const x = required(inputs, 0);
		const over = axes.map((axis) => axisOf(axis, x.length));
		return x.filter((_, axis) => !over.includes(axis));
	},

	run(inputs, { function: name, axes }) {
		const x = required(inputs, 0);
		const over = axes.map((axis) => axisOf(axis, x.rank)).sort((a, b) => a - b);
		if (name === "mean" && x.rank === 4 && String(over) === "1,2") return meanOfImage(x as Tensor4D);
		return functions[name](x, over);
	},

	lower([x], { function: name, axes }, lowering) {
		if (!x) return undefined;
		const over = axes.map((axis) => axisOf(axis, x.shape.length)).sort((a, b) => a - b);
		return lowerReduce(lowering, name, x, over);
	},

	lacksGradient: (_, { function: name }) => (name === "prod" ? "a product along axes" : undefined),
};

/** The pooling kernel walks an image as it lies; the mean's would transpose it first. */
function meanOfImage(x: Tensor4D): Tensor {
	const [batch, height, width, channels] = x.shape;
	return reshape(avgPool(x, [height, width], [1, 1], "valid"), [batch, channels]);
}
