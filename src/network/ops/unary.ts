import {
	abs,
	acos,
	acosh,
	add,
	asin,
	asinh,
	atan,
	atanh,
	cast,
	ceil,
	cos,
	cosh,
	div,
	elu,
	erf,
	exp,
	floor,
	isNaN as isNotANumber,
	leakyRelu,
	log,
	logicalNot,
	maximum,
	minimum,
	mul,
	neg,
	reciprocal,
	relu,
	round,
	selu,
	sigmoid,
	sign,
	sin,
	sinh,
	softplus,
	sqrt,
	square,
	step,
	sub,
	type Tensor,
	tan,
	tanh,
} from "@tensorflow/tfjs-core";
import { lowerUnary } from "../../kernels/elementwise.js";
import { sameAxes } from "./axes.js";
import { withoutGradient } from "./gradient.js";
import { type Op, required } from "./op.js";
import { type Slope, slopes } from "./slopes.js";

/** Each takes the value and the numbers `alpha` and `beta`, which mean what the comment says. */
const functions = {
	abs: (x: Tensor) => abs(x),
	acos: (x: Tensor) => acos(x),
	acosh: (x: Tensor) => acosh(x),
	asin: (x: Tensor) => asin(x),
	asinh: (x: Tensor) => asinh(x),
	atan: (x: Tensor) => atan(x),
	atanh: (x: Tensor) => atanh(x),
	/** alpha · x + beta */
	affine: (x: Tensor, alpha: number, beta: number) => add(mul(x, alpha), beta),
	ceil: (x: Tensor) => ceil(x),
	/** At least alpha, at most beta. The kernel for clipping turns NaN into alpha; these two keep it. */
	clip: (x: Tensor, alpha: number, beta: number) => {
		const atLeast = alpha === Number.NEGATIVE_INFINITY ? x : maximum(x, alpha);
		return beta === Number.POSITIVE_INFINITY ? atLeast : minimum(atLeast, beta);
	},
	cos: (x: Tensor) => cos(x),
	cosh: (x: Tensor) => cosh(x),
	/** alpha · (e^(x/alpha) - 1) below 0 */
	celu: (x: Tensor, alpha: number) => mul(elu(div(x, alpha)), alpha),
	/** alpha · (e^x - 1) below 0 */
	elu: (x: Tensor, alpha: number) =>
		alpha === 1 ? elu(x) : add(maximum(x, 0), mul(sub(exp(minimum(x, 0)), 1), alpha)),
	erf: (x: Tensor) => erf(x),
	exp: (x: Tensor) => exp(x),
	floor: (x: Tensor) => floor(x),
	/** x · Φ(x) with Φ the normal distribution's, by the error function. */
	gelu: (x: Tensor) => mul(mul(x, add(erf(mul(x, Math.SQRT1_2)), 1)), 0.5),
	/** The same, by the hyperbolic tangent. */
	geluTanh: (x: Tensor) => {
		const inner = mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
		return mul(mul(x, add(tanh(inner), 1)), 0.5);
	},
	/** alpha · x + beta, at least 0, at most 1 */
	hardSigmoid: (x: Tensor, alpha: number, beta: number) => minimum(maximum(add(mul(x, alpha), beta), 0), 1),
	/** x · hardSigmoid(x) */
	hardSwish: (x: Tensor) => mul(x, minimum(maximum(add(mul(x, 1 / 6), 0.5), 0), 1)),
	isNaN: (x: Tensor) => isNotANumber(x),
	/** alpha is the slope below 0 */
	leakyRelu: (x: Tensor, alpha: number) => leakyRelu(x, alpha),
	log: (x: Tensor) => log(x),
	mish: (x: Tensor) => mul(x, tanh(softplus(x))),
	neg: (x: Tensor) => neg(x),
	not: (x: Tensor) => logicalNot(cast(x, "bool")),
	reciprocal: (x: Tensor) => reciprocal(x),
	round: (x: Tensor) => round(x),
	selu: (x: Tensor) => selu(x),
	sigmoid: (x: Tensor) => sigmoid(x),
	sign: (x: Tensor) => sign(x),
	/** x · sigmoid(alpha · x) */
	silu: (x: Tensor, alpha: number) => mul(x, sigmoid(alpha === 1 ? x : mul(x, alpha))),
	sin: (x: Tensor) => sin(x),
	sinh: (x: Tensor) => sinh(x),
	softplus: (x: Tensor) => softplus(x),
	softsign: (x: Tensor) => div(x, add(abs(x), 1)),
	sqrt: (x: Tensor) => sqrt(x),
	square: (x: Tensor) => square(x),
	/** 1 above 0, else 0 */
	step: (x: Tensor) => step(x),
	tan: (x: Tensor) => tan(x),
	tanh: (x: Tensor) => tanh(x),
	toFloat: (x: Tensor) => cast(x, "float32"),
	toInt: (x: Tensor) => cast(x, "int32"),
};

export type UnaryFunction = keyof typeof functions;

export interface UnaryAttributes {
	readonly function: UnaryFunction;
	readonly alpha?: number;
	readonly beta?: number;
}

/** Those whose values are whole or true or false. */
const whole: ReadonlySet<UnaryFunction> = new Set(["isNaN", "not", "toInt"]);

/** What stands for a function where a gradient is recorded: its own kernel has none, or one that the backend lacks. */
const differentiable: Partial<typeof functions> = {
	celu: (x, alpha) => add(relu(x), mul(sub(exp(div(minimum(x, 0), alpha)), 1), alpha)),
	elu: (x, alpha) => add(relu(x), mul(sub(exp(minimum(x, 0)), 1), alpha)),
};

/** Those that have slopes; the others' values are whole or steps. */
const slopeOf: Partial<Record<UnaryFunction, Slope>> = slopes;

/** A function of one value, element by element. */
export const unary: Op<UnaryAttributes> = {
	shape: (inputs) => required(inputs, 0),
	run(inputs, { function: name, alpha = 1, beta = 0 }, { gradient }) {
		const x = required(inputs, 0);
		if (!gradient) return functions[name](x, alpha, beta);
		if (whole.has(name)) return withoutGradient((each) => functions[name](each, alpha, beta), x);
		return (differentiable[name] ?? functions[name])(x, alpha, beta);
	},
	lower([x], { function: name, alpha = 1, beta = 0 }, lowering) {
		if (x === undefined || (name === "toFloat" && x.type === "float32")) return x;
		const limited = name === "clip" && alpha === 0 ? lowering.rectified(x, beta) : undefined;
		return limited ?? lowerUnary(lowering, name, x, alpha, beta);
	},

	axes: sameAxes,

	tangent({ inputs: [x = ""], tangents: [dx], output: y }, build, { function: name, alpha = 1, beta = 0 }) {
		const slope = dx && slopeOf[name]?.({ x, y, alpha, beta }, build);
		if (dx === undefined || slope === undefined) return undefined;
		return typeof slope === "number" ? build.affine(dx, slope) : build.mul(slope, dx);
	},
};
