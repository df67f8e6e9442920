import {
	avgPool,
	cast,
	div,
	equal,
	max,
	mean,
	min,
	mul,
	prod,
	reshape,
	sqrt,
	square,
	sum,
	type Tensor,
	type Tensor4D,
	unstack,
} from "@tensorflow/tfjs-core";
import { lowerReduce } from "../../kernels/rows.js";
import { withoutGradient } from "./gradient.js";
import { axisOf, type NodeBuilder, type Op, required } from "./op.js";

const functions = {
	mean,
	sum,
	max: (x: Tensor, axes: number[], keepDims?: boolean) => max(x, axes, keepDims),
	min: (x: Tensor, axes: number[], keepDims?: boolean) => min(x, axes, keepDims),
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

	run(inputs, { function: name, axes }, { gradient }) {
		const x = required(inputs, 0);
		const over = axes.map((axis) => axisOf(axis, x.rank)).sort((a, b) => a - b);
		if (gradient && (name === "max" || name === "min")) return extremum(name, x, over);
		if (gradient && name === "prod") return productAlong(x, over);
		if (name === "mean" && x.rank === 4 && String(over) === "1,2") return meanOfImage(x as Tensor4D);
		return functions[name](x, over);
	},

	lower([x], { function: name, axes }, lowering) {
		if (!x) return undefined;
		const over = axes.map((axis) => axisOf(axis, x.shape.length)).sort((a, b) => a - b);
		return lowerReduce(lowering, name, x, over);
	},

	axes([x = []], _, { axes: over }) {
		const gone = over.map((axis) => axisOf(axis, x.length));
		return x.filter((_axis, i) => !gone.includes(i));
	},

	tangent({ inputs: [x = ""], tangents: [dx], output: y }, build, { function: name, axes }) {
		if (dx === undefined) return undefined;
		const sumOf = (value: string) => build.node("reduce", [value], { function: "sum", axes });
		if (name === "mean" || name === "sum") return build.node("reduce", [dx], { function: name, axes });
		if (name === "sumOfSquares") return build.affine(sumOf(build.mul(x, dx)), 2);
		if (name === "norm") return build.div(sumOf(build.mul(x, dx)), y);
		if (name === "prod") return productTangent(x, dx, build, axes);
		// Equal ones share, as in the gradient.
		const extreme = build.unary("toFloat", build.binary("equal", x, build.along(name, x, axes)));
		return build.div(sumOf(build.mul(extreme, dx)), sumOf(extreme));
	},
};

/** Greatest or least values, of which equal ones share the gradient: the stock one hands all of it to each. */
function extremum(name: "max" | "min", x: Tensor, axes: number[]): Tensor {
	const shares = withoutGradient((values) => {
		const isExtreme = cast(equal(values, functions[name](values, axes, true)), "float32");
		return div(isExtreme, sum(isExtreme, axes, true));
	}, x);
	return sum(mul(x, shares), axes);
}

/** Factor by factor: the stock gradient takes a kernel that the backend lacks. */
function productAlong(x: Tensor, axes: number[]): Tensor {
	return axes.reduceRight<Tensor>((left, axis) => {
		const factors = unstack(left, axis);
		return factors.reduce((product, factor) => mul(product, factor));
	}, x);
}

/** The pooling kernel walks an image as it lies; the mean's would transpose it first. */
function meanOfImage(x: Tensor4D): Tensor {
	const [batch, height, width, channels] = x.shape;
	return reshape(avgPool(x, [height, width], [1, 1], "valid"), [batch, channels]);
}

/** Σ ẋᵢ Π xⱼ over j ≠ i, axis by axis: (p, ṗ) of the factors so far become (p x, ṗ x + p ẋ) with the next. */
function productTangent(x: string, dx: string, build: NodeBuilder, axes: readonly number[]): string {
	let [value, tangent] = [x, dx];
	for (const axis of axes.map((each) => axisOf(each, build.shape(x).length)).sort((a, b) => b - a)) {
		const shape = build.shape(value);
		const rest = shape.filter((_, i) => i !== axis);
		const at = (of: string, start: number) =>
			build.reshaped(build.node("slice", [of], { axis: axis - shape.length, start, length: 1, step: 1 }), rest);
		let [product, slope] = [at(value, 0), at(tangent, 0)];
		for (let i = 1; i < (shape[axis] ?? 1); i++) {
			const [factor, moved] = [at(value, i), at(tangent, i)];
			slope = build.add(build.mul(slope, factor), build.mul(product, moved));
			product = build.mul(product, factor);
		}
		[value, tangent] = [product, slope];
	}
	return tangent;
}
