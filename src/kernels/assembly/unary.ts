import {
	exponential,
	exponentialMinusOne,
	hyperbolicTangent,
	logarithm,
	logistic,
	softPlus,
} from "./elementary";
import { errorFunction } from "./erf";
import { loadPartly } from "./pack";
import { atLeast, rectify } from "./tile";
import { storePartly } from "./window";

/** Functions of one value, by the numbers that kernels/instructions.ts knows them by. */
const ABS: i32 = 0;
const AFFINE: i32 = 1;
const CLIP: i32 = 2;
const ELU: i32 = 3;
const ERF: i32 = 4;
const EXP: i32 = 5;
const GELU: i32 = 6;
const GELU_TANH: i32 = 7;
const HARD_SIGMOID: i32 = 8;
const LEAKY_RELU: i32 = 9;
const LOG: i32 = 10;
const NEG: i32 = 11;
const RECIPROCAL: i32 = 12;
const RELU: i32 = 13;
const SELU: i32 = 14;
const SIGMOID: i32 = 15;
const SILU: i32 = 16;
const SOFTPLUS: i32 = 17;
const SOFTSIGN: i32 = 18;
const SQRT: i32 = 19;
const SQUARE: i32 = 20;
const TANH: i32 = 21;
const HARD_SWISH: i32 = 22;

/** out = function(x), each of `count` values; out may be x. What alpha and beta mean stands in network/ops/unary.ts. */
export function unary(kind: i32, x: usize, out: usize, count: i32, alpha: f32, beta: f32): void {
	const a = f32x4.splat(alpha);
	const b = f32x4.splat(beta);
	if (kind === ABS) each(ABS, x, out, count, a, b);
	else if (kind === AFFINE) each(AFFINE, x, out, count, a, b);
	else if (kind === CLIP) each(CLIP, x, out, count, a, b);
	else if (kind === ELU) each(ELU, x, out, count, a, b);
	else if (kind === ERF) each(ERF, x, out, count, a, b);
	else if (kind === EXP) each(EXP, x, out, count, a, b);
	else if (kind === GELU) each(GELU, x, out, count, a, b);
	else if (kind === GELU_TANH) each(GELU_TANH, x, out, count, a, b);
	else if (kind === HARD_SIGMOID) each(HARD_SIGMOID, x, out, count, a, b);
	else if (kind === HARD_SWISH) each(HARD_SWISH, x, out, count, a, b);
	else if (kind === LEAKY_RELU) each(LEAKY_RELU, x, out, count, a, b);
	else if (kind === LOG) each(LOG, x, out, count, a, b);
	else if (kind === NEG) each(NEG, x, out, count, a, b);
	else if (kind === RECIPROCAL) each(RECIPROCAL, x, out, count, a, b);
	else if (kind === RELU) each(RELU, x, out, count, a, b);
	else if (kind === SELU) each(SELU, x, out, count, a, b);
	else if (kind === SIGMOID) each(SIGMOID, x, out, count, a, b);
	else if (kind === SILU) each(SILU, x, out, count, a, b);
	else if (kind === SOFTPLUS) each(SOFTPLUS, x, out, count, a, b);
	else if (kind === SOFTSIGN) each(SOFTSIGN, x, out, count, a, b);
	else if (kind === SQRT) each(SQRT, x, out, count, a, b);
	else if (kind === SQUARE) each(SQUARE, x, out, count, a, b);
	else each(TANH, x, out, count, a, b);
}

@inline
function each(kind: i32, x: usize, out: usize, count: i32, a: v128, b: v128): void {
	const whole = (count & ~3) << 2;
	for (let at = 0; at < whole; at += 16) v128.store(out + at, value(kind, v128.load(x + at), a, b));
	const lanes = count & 3;
	if (lanes !== 0) storePartly(out + whole, value(kind, loadPartly(x + whole, lanes), a, b), lanes);
}

/** `kind` is a constant where this is inlined: nothing remains of the other functions. */
@inline
function value(kind: i32, x: v128, a: v128, b: v128): v128 {
	const zero = f32x4.splat(0);
	const one = f32x4.splat(1);
	const half = f32x4.splat(0.5);
	if (kind === ABS) return f32x4.abs(x);
	if (kind === AFFINE) return f32x4.add(f32x4.mul(x, a), b);
	if (kind === CLIP) return f32x4.pmin(atLeast(x, a), b);
	if (kind === ELU) return belowZero(x, f32x4.mul(a, exponentialMinusOne(x)), x);
	if (kind === ERF) return errorFunction(x);
	if (kind === EXP) return exponential(x);
	if (kind === GELU) {
		const normal = f32x4.add(errorFunction(f32x4.mul(x, f32x4.splat(0.707106781))), one);
		return f32x4.mul(f32x4.mul(x, normal), half);
	}
	if (kind === GELU_TANH) {
		const cubic = f32x4.mul(f32x4.mul(f32x4.mul(x, x), x), f32x4.splat(0.044715));
		const inner = f32x4.mul(f32x4.add(x, cubic), f32x4.splat(0.797884561));
		return f32x4.mul(f32x4.mul(x, f32x4.add(hyperbolicTangent(inner), one)), half);
	}
	if (kind === HARD_SIGMOID) return f32x4.pmin(atLeast(f32x4.add(f32x4.mul(x, a), b), zero), one);
	if (kind === HARD_SWISH) {
		const slope = f32x4.add(f32x4.mul(x, f32x4.splat(1.0 / 6.0)), half);
		return f32x4.mul(x, f32x4.pmin(atLeast(slope, zero), one));
	}
	if (kind === LEAKY_RELU) return belowZero(x, f32x4.mul(x, a), x);
	if (kind === LOG) return logarithm(x);
	if (kind === NEG) return f32x4.neg(x);
	if (kind === RECIPROCAL) return f32x4.div(one, x);
	if (kind === RELU) return rectify(x);
	if (kind === SELU) {
		const scale = f32x4.splat(1.05070099);
		const below = f32x4.mul(exponentialMinusOne(x), f32x4.splat(1.75809934));
		return belowZero(x, below, f32x4.mul(x, scale));
	}
	if (kind === SIGMOID) return logistic(x);
	if (kind === SILU) return f32x4.mul(x, logistic(f32x4.mul(x, a)));
	if (kind === SOFTPLUS) return softPlus(x);
	if (kind === SOFTSIGN) return f32x4.div(x, f32x4.add(f32x4.abs(x), one));
	if (kind === SQRT) return f32x4.sqrt(x);
	if (kind === SQUARE) return f32x4.mul(x, x);
	return hyperbolicTangent(x);
}

@inline
function belowZero(x: v128, below: v128, other: v128): v128 {
	return v128.bitselect(below, other, f32x4.lt(x, f32x4.splat(0)));
}
