import {
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
	maximum,
	minimum,
	mod,
	mul,
	pow,
	prelu,
	squaredDifference,
	sub,
	type Tensor,
} from "@tensorflow/tfjs-core";
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
	/** The second input is the slope of the negative values of the first. */
	prelu,
};

export type BinaryFunction = keyof typeof functions;

export interface BinaryAttributes {
	readonly function: BinaryFunction;
}

const compares: ReadonlySet<BinaryFunction> = new Set(["equal", "greater", "less", "lessEqual", "and", "or"]);

/** TensorFlow.js does not sum the gradient of these back to the shape of an input that was stretched. */
const unequal: ReadonlySet<BinaryFunction> = new Set(["maximum", "minimum", "squaredDifference"]);

/** A function of two values, element by element, broadcast. */
export const binary: Op<BinaryAttributes> = {
	shape: (inputs) => broadcastShapes(required(inputs, 0), required(inputs, 1)),
	run: (inputs, { function: name }) => functions[name](required(inputs, 0), required(inputs, 1)),

	lacksGradient([a = [], b = []], { function: name }) {
		if (compares.has(name)) return `${name}, which is true or false`;
		const output = String(broadcastShapes(a, b));
		const stretched = name === "prelu" ? String(a) !== output : unequal.has(name) && String(a) !== String(b);
		return stretched ? `${name} of unequal shapes` : undefined;
	},
};
