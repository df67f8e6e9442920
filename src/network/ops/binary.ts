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
import { elementwiseAxes } from "./axes.js";
import { stretched, withoutGradient } from "./gradient.js";
import { broadcastShapes, type NodeBuilder, type Op, required, type TangentNode } from "./op.js";

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

/** Those that are true or false. */
export const compares: ReadonlySet<BinaryFunction> = new Set([
	"equal",
	"greater",
	"greaterEqual",
	"less",
	"lessEqual",
	"and",
	"or",
	"xor",
]);

/** TensorFlow.js does not sum the gradient of these back to the shape of an input that was stretched. */
const unequal: ReadonlySet<BinaryFunction> = new Set(["maximum", "minimum", "squaredDifference", "prelu"]);

type BinaryTangent = (node: TangentNode, build: NodeBuilder) => string | undefined;

/** ȧ where the mask is 1, ḃ where it is 0. */
function chosen(mask: string, da: string | undefined, db: string | undefined, build: NodeBuilder): string | undefined {
	return build.total(da && build.mul(mask, da), db && build.mul(build.affine(mask, -1, 1), db));
}

function extremumTangent(comparison: "greaterEqual" | "lessEqual"): BinaryTangent {
	return ({ inputs: [a = "", b = ""], tangents: [da, db] }, build) =>
		chosen(build.unary("toFloat", build.binary(comparison, a, b)), da, db, build);
}

/** ȧ - q·ḃ, where q is how many times b goes into a. */
const remainderTangent: BinaryTangent = ({ inputs: [a = "", b = ""], tangents: [da, db], output }, build) => {
	const quotient = build.unary("round", build.div(build.sub(a, output), b));
	return build.total(da, db && build.affine(build.mul(quotient, db), -1));
};

/** The rules of those functions that have slopes; the others, whose values are true or false, have none. */
const binaryTangents: Partial<Record<BinaryFunction, BinaryTangent>> = {
	add: ({ tangents }, build) => build.total(...tangents),
	sub: ({ tangents: [da, db] }, build) => build.total(da, db && build.affine(db, -1)),
	mul: ({ inputs: [a = "", b = ""], tangents: [da, db] }, build) =>
		build.total(da && build.mul(da, b), db && build.mul(a, db)),
	div: ({ inputs: [, b = ""], tangents: [da, db], output: y }, build) => {
		const moved = build.total(da, db && build.affine(build.mul(y, db), -1));
		return moved && build.div(moved, b);
	},
	pow: ({ inputs: [a = "", b = ""], tangents: [da, db], output: y }, build) =>
		build.total(
			da && build.mul(build.mul(b, build.binary("pow", a, build.affine(b, 1, -1))), da),
			db && build.mul(build.mul(y, build.unary("log", a)), db),
		),
	maximum: extremumTangent("greaterEqual"),
	minimum: extremumTangent("lessEqual"),
	mod: remainderTangent,
	fmod: remainderTangent,
	squaredDifference: ({ inputs: [a = "", b = ""], tangents: [da, db] }, build) => {
		const moved = build.total(da, db && build.affine(db, -1));
		return moved && build.affine(build.mul(build.sub(a, b), moved), 2);
	},
	prelu: ({ inputs: [x = "", slope = ""], tangents: [dx, dSlope] }, build) => {
		const above = build.unary("step", x);
		const factor = build.add(above, build.mul(build.affine(above, -1, 1), slope));
		return build.total(
			dx && build.mul(factor, dx),
			dSlope && build.mul(build.unary("clip", x, Number.NEGATIVE_INFINITY, 0), dSlope),
		);
	},
};

/** A function of two values, element by element, broadcast. */
export const binary: Op<BinaryAttributes> = {
	shape: (inputs) => broadcastShapes(required(inputs, 0), required(inputs, 1)),

	run(inputs, { function: name }, { gradient }) {
		const [a, b] = [required(inputs, 0), required(inputs, 1)];
		if (!gradient) return functions[name](a, b);
		if (compares.has(name)) return withoutGradient(functions[name], a, b);
		if (name === "mod" || name === "fmod") return remainder(name, a, b);
		if (!unequal.has(name) || String(a.shape) === String(b.shape)) return functions[name](a, b);
		const shape = broadcastShapes(a.shape, b.shape);
		return functions[name](stretched(a, shape), stretched(b, shape));
	},

	lower([a, b], { function: name }, lowering) {
		if (a === undefined || b === undefined) return undefined;
		const joins = name === "mul" || name === "add";
		const moved = joins ? (lowering.moved(a, name, b) ?? lowering.moved(b, name, a)) : undefined;
		return moved ?? lowerBinary(lowering, name, a, b);
	},

	axes: elementwiseAxes,

	tangent: (node, build, { function: name }) => binaryTangents[name]?.(node, build),
};

/** a - q·b, in which the whole number q has no gradient. */
function remainder(name: "mod" | "fmod", a: Tensor, b: Tensor): Tensor {
	const quotient = withoutGradient((x, y) => div(sub(x, functions[name](x, y)), y), a, b);
	return sub(a, mul(quotient, b));
}
