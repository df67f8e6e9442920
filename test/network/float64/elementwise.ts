import type { BinaryAttributes, BinaryFunction } from "../../../src/network/ops/binary.js";
import type { UnaryAttributes, UnaryFunction } from "../../../src/network/ops/unary.js";
import { erf } from "./erf.js";
import { at, build, commonShape, inputOf, rectified, type Value } from "./value.js";

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const sigmoid = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const truth = (holds: boolean) => (holds ? 1 : 0);

/** Klambauer et al. 2017 (arXiv 1706.02515), section 2: λ and α. */
const [SELU_SCALE, SELU_ALPHA] = [1.0507009873554805, 1.6732632423543772];

/** To the nearest whole number, from the middle between two to the even one. */
function roundToEven(x: number): number {
	const below = Math.floor(x);
	if (x - below !== 0.5) return Math.round(x);
	return below % 2 === 0 ? below : below + 1;
}

/** What alpha and beta mean is said beside the functions of the op. */
const unaryFunctions: Readonly<Record<UnaryFunction, (x: number, alpha: number, beta: number) => number>> = {
	abs: Math.abs,
	acos: Math.acos,
	acosh: Math.acosh,
	asin: Math.asin,
	asinh: Math.asinh,
	atan: Math.atan,
	atanh: Math.atanh,
	affine: (x, alpha, beta) => alpha * x + beta,
	ceil: Math.ceil,
	clip: clamp,
	cos: Math.cos,
	cosh: Math.cosh,
	celu: (x, alpha) => (x < 0 ? alpha * Math.expm1(x / alpha) : x),
	elu: (x, alpha) => (x < 0 ? alpha * Math.expm1(x) : x),
	erf,
	exp: Math.exp,
	floor: Math.floor,
	gelu: (x) => (x * (1 + erf(x * Math.SQRT1_2))) / 2,
	geluTanh: (x) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
	hardSigmoid: (x, alpha, beta) => clamp(alpha * x + beta, 0, 1),
	hardSwish: (x) => x * clamp(x / 6 + 0.5, 0, 1),
	isNaN: (x) => truth(Number.isNaN(x)),
	leakyRelu: (x, alpha) => (x < 0 ? alpha * x : x),
	log: Math.log,
	mish: (x) => x * Math.tanh(softplus(x)),
	neg: (x) => -x,
	not: (x) => truth(x === 0),
	reciprocal: (x) => 1 / x,
	round: roundToEven,
	selu: (x) => SELU_SCALE * (x < 0 ? SELU_ALPHA * Math.expm1(x) : x),
	sigmoid,
	sign: Math.sign,
	silu: (x, alpha) => x * sigmoid(alpha * x),
	sin: Math.sin,
	sinh: Math.sinh,
	softplus,
	softsign: (x) => x / (1 + Math.abs(x)),
	sqrt: Math.sqrt,
	square: (x) => x * x,
	step: (x) => truth(x > 0),
	tan: Math.tan,
	tanh: Math.tanh,
	toFloat: (x) => x,
	toInt: Math.trunc,
};

const binaryFunctions: Readonly<Record<BinaryFunction, (a: number, b: number) => number>> = {
	add: (a, b) => a + b,
	sub: (a, b) => a - b,
	mul: (a, b) => a * b,
	div: (a, b) => a / b,
	pow: (a, b) => a ** b,
	maximum: Math.max,
	minimum: Math.min,
	/** The remainder with the sign of the second. */
	mod: (a, b) => a - b * Math.floor(a / b),
	squaredDifference: (a, b) => (a - b) ** 2,
	equal: (a, b) => truth(a === b),
	greater: (a, b) => truth(a > b),
	greaterEqual: (a, b) => truth(a >= b),
	less: (a, b) => truth(a < b),
	lessEqual: (a, b) => truth(a <= b),
	and: (a, b) => truth(a !== 0 && b !== 0),
	or: (a, b) => truth(a !== 0 || b !== 0),
	xor: (a, b) => truth((a !== 0) !== (b !== 0)),
	/** The remainder with the sign of the first. */
	fmod: (a, b) => a % b,
	prelu: (x, slope) => (x < 0 ? slope * x : x),
};

/** A function of one number, given its numbers alpha, 1 where nothing is said, and beta, likewise 0. */
export function functionOf({ function: name, alpha = 1, beta = 0 }: UnaryAttributes): (x: number) => number {
	const compute = unaryFunctions[name];
	return (x) => compute(x, alpha, beta);
}

export function unary(inputs: readonly Value[], attributes: UnaryAttributes): Value {
	const { shape, values } = inputOf(inputs, 0);
	return { shape, values: values.map(functionOf(attributes)) };
}

export function binary(inputs: readonly Value[], { function: name }: BinaryAttributes): Value {
	const [a, b] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const compute = binaryFunctions[name];
	return build(commonShape(a.shape, b.shape), (position) => compute(at(a, position), at(b, position)));
}

export function where(inputs: readonly Value[]): Value {
	const [condition, holds, fails] = [inputOf(inputs, 0), inputOf(inputs, 1), inputOf(inputs, 2)];
	return build(commonShape(condition.shape, holds.shape, fails.shape), (position) =>
		at(at(condition, position) !== 0 ? holds : fails, position),
	);
}

export function relu(inputs: readonly Value[]): Value {
	return rectified(inputOf(inputs, 0));
}

/** Evaluation drops nothing. */
export function dropout(inputs: readonly Value[]): Value {
	return inputOf(inputs, 0);
}
