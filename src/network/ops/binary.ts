import {
	abs,
	add,
	cast,
	div,
	equal,
	greater,
	greaterEqual,
	less,
	lessEqual,
	logicalAnd,
	logicalOr,
	logicalXor,
	maximum,
	minimum,
	mod,
	mul,
	pow,
	prelu,
	sign,
	squaredDifference,
	sub,
	type Tensor,
} from "@tensorflow/tfjs-core";
import { lowerBinary } from "../../kernels/elementwise.js";
import { broadcastShapes, type Op, required } from "./op.js";

const functions = {
	add,
	sub,
	mul,
	div,
	pow,
	maximum,
	minimum,
	mod,
	squaredDifference,
	equal,
	greater,
	greaterEqual,
	less,
	lessEqual,
	and: (a: Tensor, b: Tensor) => logicalAnd(cast(a, "bool"), cast(b, "bool")),
	or: (a: Tensor, b: Tensor) => logicalOr(cast(a, "bool"), cast(b, "bool")),
	xor: (a: Tensor, b: Tensor) => logicalXor(cast(a, "bool"), cast(b, "bool")),
	/** The remainder with the sign of the first. */
	fmod: (a: Tensor, b: Tensor) => mul(sign(a), mod(abs(a), abs(b))),
	/** The second input is the slope of the negative values of the first. */
	prelu: (x: Tensor, slope: Tensor) =>
		repeatsWhole(x.shape, slope.shape) ? prelu(x, slope) : add(maximum(x, 0), mul(minimum(x, 0), slope)),
};

/** The kernel takes slopes one after another, over and over: it knows no other way to stretch them. */
function repeatsWhole(shape: readonly number[], slopes: readonly number[]): boolean {
	const first = slopes.findIndex((length) => length !== 1);
	const own = first < 0 ? [] : slopes.slice(first);
	return String(own) === String(shape.slice(shape.length - own.length));
}

export type BinaryFunction = keyof typeof functions;

export interface BinaryAttributes {
	readonly function: BinaryFunction;
}

const compares: ReadonlySet<BinaryFunction> = new Set(["equal", "greater", "less", "lessEqual", "and", "or", "xor"]);

/** TensorFlow.js does not sum the gradient of these back to the shape of an input that was stretched. */
const unequal: ReadonlySet<BinaryFunction> = new Set(["maximum", "minimum", "squaredDifference"]);

/** A function of two values, element by element, broadcast. */
export const binary: Op<BinaryAttributes> = {
	shape: (inputs) => broadcastShapes(required(inputs, 0), required(inputs, 1)),
	run: (inputs, { function: name }) => functions[name](required(inputs, 0), required(inputs, 1)),

	lower: ([a, b], { function: name }, lowering) => a && b && lowerBinary(lowering, name, a, b),

	lacksGradient([a = [], b = []], { function: name }) {
		if (compares.has(name)) return `${name}, which is true or false`;
		return unequal.has(name) && String(a) !== String(b) ? `${name} of unequal shapes` : undefined;
	},
};
