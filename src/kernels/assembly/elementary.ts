import { constant, integer } from "./constants";
import { multiplyAdd } from "./tile";

/**
 * Elementary functions of four values at a time. Additions, multiplications and divisions in a fixed order: the same bits on
 * every machine. NaN stays NaN. Errors are the largest that were found against float64, in units in the last place of the result.
 */

/** 1.5 · 2²³: added to a small number, it leaves its nearest whole number in the low bits. */
@inline
function magic(): v128 {
	return constant(12582912.0);
}

/** The nearest whole number to x / ln 2 with magic added. */
@inline
function shiftedExponent(x: v128): v128 {
	return f32x4.add(f32x4.mul(x, constant(1.44269504)), magic());
}

/** x - n · ln 2, by two parts of ln 2. */
@inline
function reduced(x: v128, n: v128): v128 {
	const high = f32x4.sub(x, f32x4.mul(n, constant(0.693145752)));
	return f32x4.sub(high, f32x4.mul(n, constant(1.42860677e-6)));
}

/** e^r - 1 for |r| ≤ ln 2 / 2: r + r² · q(r). */
@inline
function expm1Reduced(r: v128): v128 {
	let q = constant(1.3981999e-3);
	q = multiplyAdd(q, r, constant(8.33345167e-3));
	q = multiplyAdd(q, r, constant(4.16657962e-2));
	q = multiplyAdd(q, r, constant(1.66666657e-1));
	q = multiplyAdd(q, r, constant(0.5));
	return multiplyAdd(f32x4.mul(r, r), q, r);
}

/** 2^n from n + magic, for -126 ≤ n ≤ 127. */
@inline
function powerOfTwo(shifted: v128): v128 {
	return i32x4.shl(i32x4.add(shifted, integer(127)), 23);
}

/** e^x, off by at most 2 units; 0 below -87, where it would leave the normal numbers. */
@inline
export function exponential(x: v128): v128 {
	const bounded = f32x4.pmin(f32x4.pmax(x, constant(-88)), constant(89));
	const shifted = shiftedExponent(bounded);
	const n = f32x4.sub(shifted, magic());
	const p = f32x4.add(expm1Reduced(reduced(bounded, n)), constant(1));
	// Half of 2^n, so that e^88.7 is still a product of normal numbers.
	const half = i32x4.shl(i32x4.add(shifted, integer(126)), 23);
	const result = f32x4.mul(f32x4.mul(p, half), constant(2));
	return v128.andnot(result, f32x4.lt(x, constant(-87)));
}

/** e^x - 1 = 2ⁿ (e^r - 1) + (2ⁿ - 1) for x up to 87, off by at most 3 units. */
@inline
export function exponentialMinusOne(x: v128): v128 {
	const bounded = f32x4.pmax(x, constant(-87));
	const shifted = shiftedExponent(bounded);
	const n = f32x4.sub(shifted, magic());
	const power = powerOfTwo(shifted);
	const near = expm1Reduced(reduced(bounded, n));
	return multiplyAdd(power, near, f32x4.sub(power, constant(1)));
}

/** ln x, off by at most 2 units; of normal numbers, 0, infinity, negative numbers and NaN. */
@inline
export function logarithm(x: v128): v128 {
	// x = 2^e · m with m in [√½, √2).
	const bits = i32x4.sub(x, integer(0x3f3504f3));
	const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
	const m = i32x4.add(v128.and(bits, integer(0x007fffff)), integer(0x3f3504f3));
	const y = f32x4.sub(m, constant(1));
	let p = constant(7.0376836292e-2);
	p = multiplyAdd(p, y, constant(-1.151461031e-1));
	p = multiplyAdd(p, y, constant(1.1676998740e-1));
	p = multiplyAdd(p, y, constant(-1.2420140846e-1));
	p = multiplyAdd(p, y, constant(1.4249322787e-1));
	p = multiplyAdd(p, y, constant(-1.6668057665e-1));
	p = multiplyAdd(p, y, constant(2.0000714765e-1));
	p = multiplyAdd(p, y, constant(-2.4999993993e-1));
	p = multiplyAdd(p, y, constant(3.3333331174e-1));
	const square = f32x4.mul(y, y);
	let result = f32x4.mul(f32x4.mul(p, y), square);
	result = f32x4.add(result, f32x4.mul(e, constant(-2.12194440e-4)));
	result = f32x4.sub(result, f32x4.mul(square, constant(0.5)));
	result = f32x4.add(f32x4.add(y, result), f32x4.mul(e, constant(0.693359375)));
	// Special values: ln 0 = -∞, ln ∞ = ∞, of negative numbers and NaN NaN.
	const zero = f32x4.splat(0);
	result = v128.bitselect(constant(-Infinity), result, f32x4.eq(x, zero));
	result = v128.bitselect(x, result, f32x4.eq(x, constant(Infinity)));
	return v128.bitselect(constant(NaN), result, v128.or(f32x4.lt(x, zero), f32x4.ne(x, x)));
}

/** ln(1 + y) for 0 ≤ y ≤ 1: the rounding of 1 + y is made good by y / ((1 + y) - 1). */
@inline
export function logarithmOnePlus(y: v128): v128 {
	const one = constant(1);
	const u = f32x4.add(one, y);
	const rounded = f32x4.sub(u, one);
	const corrected = f32x4.div(f32x4.mul(logarithm(u), y), rounded);
	return v128.bitselect(y, corrected, f32x4.eq(rounded, f32x4.splat(0)));
}

/** tanh x = (1 - t) / (1 + t) with t = e^(-2|x|), by e^y - 1 so that nothing cancels near 0; off by at most 4 units. */
@inline
export function hyperbolicTangent(x: v128): v128 {
	const size = f32x4.abs(x);
	const t = exponentialMinusOne(f32x4.mul(size, constant(-2)));
	const ratio = f32x4.div(f32x4.neg(t), f32x4.add(t, constant(2)));
	return v128.or(ratio, v128.and(x, constant(-0.0)));
}

/** 1 / (1 + e^-x), off by at most 4 units. */
@inline
export function logistic(x: v128): v128 {
	const one = constant(1);
	return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|). */
@inline
export function softPlus(x: v128): v128 {
	const tail = logarithmOnePlus(exponential(f32x4.neg(f32x4.abs(x))));
	return f32x4.add(f32x4.max(x, f32x4.splat(0)), tail);
}
