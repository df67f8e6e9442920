import { exp, log } from "../../../exact/elementary.js";
import type { BinaryFunction } from "../../../network/ops/binary.js";
import type { UnaryFunction } from "../../../network/ops/unary.js";
import { resolve } from "../factors.js";
import { elementwise, known } from "../fold.js";
import { allConstant, float, type ImportOp, int, type NodeContext, operand, optionalConstant } from "../node.js";
import { isBatched, isValue, type Operand, problem, shapeOf, type Value } from "../value.js";

/** One value, element by element. */
export function applyUnary(
	{ builder }: NodeContext,
	x: Value,
	name: UnaryFunction,
	numbers: { alpha?: number; beta?: number } = {},
	kind: Value["kind"] = "float",
): Value {
	const groups = builder.groupsOf(x);
	return builder.emit("unary", [builder.arrange(x, groups)], { function: name, ...numbers }, groups, x.axes, kind);
}

/** Two values, element by element, broadcast. */
export function applyBinary(
	{ builder }: NodeContext,
	a: Value,
	b: Value,
	name: BinaryFunction,
	kind: Value["kind"] = "float",
): Value {
	const { tensors, groups, axes } = builder.align([a, b]);
	return builder.emit("binary", tensors, { function: name }, groups, axes, kind);
}

/** alpha and beta as attributes, where the op has them. */
function unary(name: UnaryFunction, alpha?: number, beta?: number, compute?: (x: number) => number): ImportOp {
	return (context) => {
		const x = operand(context, 0);
		if (!isValue(x) && compute !== undefined) return [elementwise([x], x.kind, compute)];
		const numbers = {
			...(alpha === undefined ? {} : { alpha: float(context, "alpha", alpha) }),
			...(beta === undefined ? {} : { beta: float(context, "beta", beta) }),
		};
		return [applyUnary(context, context.builder.value(x), name, numbers)];
	};
}

const relu: ImportOp = (context) => {
	const { builder } = context;
	const x = builder.value(operand(context, 0));
	const groups = builder.groupsOf(x);
	return [builder.emit("relu", [builder.arrange(x, groups)], {}, groups, x.axes)];
};

/** What a tensor of the file is for where it meets a value element by element. */
function decideRole(context: NodeContext, tensor: Operand, other: Operand, name: BinaryFunction): void {
	const { builder } = context;
	if (!isValue(tensor) || !builder.isUndecided(tensor)) return;
	const lengths = shapeOf(tensor).filter((length) => length > 1);
	const [first = []] = tensor.axes;
	const fanIn = Math.max(1, lengths.at(-1) ?? 1);
	const scaled = isValue(other) && builder.isScaled(other);
	if (name === "mul" && isValue(other) && isBatched(other)) builder.decide(tensor, "scale", [], fanIn);
	else if (name === "prelu") builder.decide(tensor, "scale", [], fanIn);
	else if (name === "add" && scaled) builder.decide(tensor, "shift", [], fanIn);
	else if (lengths.length <= 1) builder.decide(tensor, "bias", [], fanIn);
	// Learned positions and the like: a table whose rows count, as for any other weights.
	else builder.decide(tensor, "kernel", resolve(first), fanIn);
}

function binary(
	name: BinaryFunction,
	kind: Value["kind"] | "same",
	compute: (a: number, b: number) => number,
): ImportOp {
	return (context) => {
		const [a, b] = [operand(context, 0), operand(context, 1)];
		const kindOf = kind === "same" ? a.kind : kind;
		if (allConstant(context.inputs)) {
			const whole = kind === "same" && a.kind === "int";
			return [elementwise([a, b] as never, kindOf, (x, y) => (whole ? Math.trunc(compute(x, y)) : compute(x, y)))];
		}
		decideRole(context, a, b, name);
		decideRole(context, b, a, name);
		const scales = name === "mul" && [a, b].some((item) => isValue(item) && context.builder.isScale(item));
		const { builder } = context;
		const known = name === "pow" && !isValue(b) && b.values.length === 1 ? b.values[0] : undefined;
		if (known === 2) return [applyUnary(context, builder.value(a), "square")];
		if (known === 0.5) return [applyUnary(context, builder.value(a), "sqrt")];
		const [left, right] = [builder.value(a), builder.value(b)];
		// What is added to or multiplied with a value comes second, so that a layer before finds its bias there.
		const swap = (name === "add" || name === "mul") && !isBatched(left) && isBatched(right);
		const y = applyBinary(context, swap ? right : left, swap ? left : right, name, kindOf);
		if (scales) builder.markScaled(y);
		return [y];
	};
}

/** An op with any number of inputs as a chain. */
function variadic(name: BinaryFunction, compute: (a: number, b: number) => number): ImportOp {
	return (context) => {
		if (context.inputs.length === 0) return problem("it has no inputs");
		if (allConstant(context.inputs))
			return [
				elementwise(context.inputs, context.inputs[0]?.kind ?? "float", (...all) =>
					all.reduce((a, b) => compute(a, b)),
				),
			];
		const values = context.inputs.map((_, index) => context.builder.value(operand(context, index)));
		return [values.reduce((a, b) => applyBinary(context, a, b, name))];
	};
}

const clip: ImportOp = (context) => {
	const bound = (index: number, name: string, open: number) => {
		const input = optionalConstant(context, index, name);
		return input === undefined ? float(context, name, open) : (input.values[0] ?? open);
	};
	const alpha = bound(1, "min", Number.NEGATIVE_INFINITY);
	const beta = bound(2, "max", Number.POSITIVE_INFINITY);
	const x = operand(context, 0);
	if (!isValue(x)) return [elementwise([x], x.kind, (value) => Math.min(Math.max(value, alpha), beta))];
	return [applyUnary(context, x, "clip", { alpha, beta }, x.kind)];
};

const cast: ImportOp = (context) => {
	const to = int(context, "to", 1);
	const kind = to === 9 ? "bool" : [1, 10, 11, 16].includes(to) ? "float" : "int";
	const x = operand(context, 0);
	if (!isValue(x)) {
		const convert = { float: (v: number) => v, int: Math.trunc, bool: (v: number) => (v === 0 ? 0 : 1) }[kind];
		return [elementwise([x], kind, convert)];
	}
	if (kind === x.kind) return [x];
	if (kind === "float") return [applyUnary(context, x, "toFloat")];
	if (kind === "int") return [applyUnary(context, x, "toInt", {}, "int")];
	const zero = context.builder.value(known([], [0], x.kind));
	return [applyUnary(context, applyBinary(context, x, zero, "equal", "bool"), "not", {}, "bool")];
};

const where: ImportOp = (context) => {
	const { builder } = context;
	if (allConstant(context.inputs))
		return [elementwise(context.inputs, context.inputs[1]?.kind ?? "float", (test, a, b) => (test ? a : b))];
	const values = [0, 1, 2].map((index) => builder.value(operand(context, index)));
	const { tensors, groups, axes } = builder.align(values);
	return [builder.emit("where", tensors, {}, groups, axes, values[1]?.kind ?? "float")];
};

const gelu: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const approximate = context.node.attributes.get("approximate");
	return [applyUnary(context, x, approximate === "tanh" ? "geluTanh" : "gelu")];
};

/** The slope lines up with the axes from the channels on where it has fewer axes than the value. */
const prelu: ImportOp = (context) => {
	const { builder, node } = context;
	const x = builder.value(operand(context, 0));
	const slope = builder.layerWeights(operand(context, 1), node.inputs[1] ?? "");
	decideRole(context, slope, x, "prelu");
	return [applyBinary(context, x, slope, "prelu")];
};

/** The remainder with the sign of the divisor, as Python has it, or with `fmod` that of the dividend, as C has it. */
const modulo: ImportOp = (context) =>
	int(context, "fmod", 0) === 0
		? binary("mod", "same", (a, b) => a - b * Math.floor(a / b))(context)
		: binary("fmod", "same", (a, b) => a % b)(context);

const identity: ImportOp = (context) => [operand(context, 0)];

const dropout: ImportOp = (context) => {
	const { builder } = context;
	const x = operand(context, 0);
	if (!isValue(x)) return [x];
	const given = optionalConstant(context, 1, "ratio");
	const rate = given === undefined ? float(context, "ratio", 0.5) : (given.values[0] ?? 0.5);
	const groups = builder.groupsOf(x);
	return [builder.emit("dropout", [builder.arrange(x, groups)], { rate }, groups, x.axes)];
};

const mean: ImportOp = (context) => {
	const [sum] = variadic("add", (a, b) => a + b)(context);
	if (sum === undefined || !isValue(sum)) return problem("a mean of constants is not supported");
	return [applyUnary(context, sum, "affine", { alpha: 1 / context.inputs.length, beta: 0 })];
};

const thresholdedRelu: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const threshold = context.builder.value(known([], [float(context, "alpha", 1)], "float"));
	const above = applyUnary(context, applyBinary(context, x, threshold, "greater", "bool"), "toFloat");
	return [applyBinary(context, x, above, "mul")];
};

/** Nothing where |x| is at most lambd, else nearer to 0 by the bias. */
const shrink: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const [lambd, bias] = [float(context, "lambd", 0.5), float(context, "bias", 0)];
	const compared = (name: "greater" | "less", bound: number) => {
		const limit = context.builder.value(known([], [bound], "float"));
		return applyUnary(context, applyBinary(context, x, limit, name, "bool"), "toFloat");
	};
	const above = applyBinary(
		context,
		applyUnary(context, x, "affine", { alpha: 1, beta: -bias }),
		compared("greater", lambd),
		"mul",
	);
	const below = applyBinary(
		context,
		applyUnary(context, x, "affine", { alpha: 1, beta: bias }),
		compared("less", -lambd),
		"mul",
	);
	return [applyBinary(context, above, below, "add")];
};

/** Selu as tfjs has it: the numbers of the paper, which are the standard's defaults. */
const selu: ImportOp = (context) => {
	const alpha = float(context, "alpha", 1.67326);
	const gamma = float(context, "gamma", 1.0507);
	if (Math.abs(alpha - 1.67326) > 1e-4 || Math.abs(gamma - 1.0507) > 1e-4)
		return problem(`Selu with alpha ${alpha} and gamma ${gamma} is not supported`);
	return [applyUnary(context, context.builder.value(operand(context, 0)), "selu")];
};

const castLike: ImportOp = (context) => {
	const { kind } = operand(context, 1);
	const to = { float: 1, int: 7, bool: 9 }[kind];
	const attributes = new Map([...context.node.attributes, ["to", to] as const]);
	return cast({ ...context, node: { ...context.node, attributes } });
};

/** A power by multiplications, roots and our own logarithm: the engine's rounding of `**` is its own affair. */
function power(base: number, exponent: number): number {
	if (exponent === 0.5) return Math.sqrt(base);
	if (!Number.isInteger(exponent) || Math.abs(exponent) > 64) return exp(exponent * log(base));
	let product = 1;
	for (let count = 0; count < Math.abs(exponent); count++) product *= base;
	return exponent < 0 ? 1 / product : product;
}

const bool = (value: boolean) => (value ? 1 : 0);

export const elementwiseOps: Readonly<Record<string, ImportOp>> = {
	Abs: unary("abs", undefined, undefined, Math.abs),
	Acos: unary("acos"),
	Acosh: unary("acosh"),
	Add: binary("add", "same", (a, b) => a + b),
	And: binary("and", "bool", (a, b) => a && b),
	Asin: unary("asin"),
	Asinh: unary("asinh"),
	Atan: unary("atan"),
	Atanh: unary("atanh"),
	Cast: cast,
	CastLike: castLike,
	Ceil: unary("ceil", undefined, undefined, Math.ceil),
	Celu: unary("celu", 1),
	Clip: clip,
	Cos: unary("cos"),
	Cosh: unary("cosh"),
	Div: binary("div", "same", (a, b) => a / b),
	Dropout: dropout,
	Elu: unary("elu", 1),
	Equal: binary("equal", "bool", (a, b) => bool(a === b)),
	Erf: unary("erf"),
	Exp: unary("exp", undefined, undefined, exp),
	Floor: unary("floor", undefined, undefined, Math.floor),
	Gelu: gelu,
	Greater: binary("greater", "bool", (a, b) => bool(a > b)),
	GreaterOrEqual: binary("greaterEqual", "bool", (a, b) => bool(a >= b)),
	HardSigmoid: unary("hardSigmoid", 0.2, 0.5),
	HardSwish: unary("hardSwish"),
	Identity: identity,
	IsNaN: (context) => [applyUnary(context, context.builder.value(operand(context, 0)), "isNaN", {}, "bool")],
	LeakyRelu: unary("leakyRelu", 0.01),
	Less: binary("less", "bool", (a, b) => bool(a < b)),
	LessOrEqual: binary("lessEqual", "bool", (a, b) => bool(a <= b)),
	Log: unary("log", undefined, undefined, log),
	Max: variadic("maximum", Math.max),
	Mean: mean,
	Min: variadic("minimum", Math.min),
	Mish: unary("mish"),
	Mod: modulo,
	Mul: binary("mul", "same", (a, b) => a * b),
	Neg: unary("neg", undefined, undefined, (x) => -x),
	Not: unary("not", undefined, undefined, (x) => bool(x === 0)),
	Or: binary("or", "bool", (a, b) => a || b),
	PRelu: prelu,
	Pow: binary("pow", "same", power),
	Reciprocal: unary("reciprocal", undefined, undefined, (x) => 1 / x),
	Relu: relu,
	Round: unary("round"),
	Selu: selu,
	Sigmoid: unary("sigmoid"),
	Shrink: shrink,
	Sign: unary("sign", undefined, undefined, Math.sign),
	Sin: unary("sin"),
	Sinh: unary("sinh"),
	Softplus: unary("softplus"),
	Softsign: unary("softsign"),
	Sqrt: unary("sqrt", undefined, undefined, Math.sqrt),
	Sub: binary("sub", "same", (a, b) => a - b),
	Sum: variadic("add", (a, b) => a + b),
	Swish: unary("silu", 1),
	Tan: unary("tan"),
	Tanh: unary("tanh"),
	ThresholdedRelu: thresholdedRelu,
	Where: where,
	Xor: binary("xor", "bool", (a, b) => bool((a === 0) !== (b === 0))),
};
