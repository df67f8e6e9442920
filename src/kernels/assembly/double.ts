import { double } from "./constants";

/** The functions of exact/elementary.ts, with the same bits, for kernels that compute in double. */

/** 1.5 · 2^52 + 1023: what is added to it ends as a whole number in the lowest bits of the sum, here as a biased exponent. */
const BIASED: f64 = 6755399441056767.0;

/** e^x of two values below 700; 0 where it is below 2^-1021, which is nothing beside 1. */
@inline
export function exponentials(x: v128): v128 {
	const power = rounded(f64x2.div(x, double(0.6931471805599453)));
	const high = f64x2.mul(power, double(2977044471.0 / 4294967296.0));
	const r = f64x2.sub(f64x2.sub(x, high), f64x2.mul(power, double(1.9082149292705877e-10)));
	let sum = f64x2.add(f64x2.mul(double(1.0 / 6227020800.0), r), double(1.0 / 479001600.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 39916800.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 3628800.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 362880.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 40320.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 5040.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 720.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 120.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 24.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0 / 6.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(0.5));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0));
	sum = f64x2.add(f64x2.mul(sum, r), double(1.0));
	return v128.andnot(f64x2.mul(sum, powersOfTwo(power)), f64x2.lt(x, double(-708.0)));
}

/** The nearest whole numbers, the upper one of two that are: Math.round. */
@inline
function rounded(x: v128): v128 {
	const above = f64x2.ceil(x);
	return f64x2.sub(above, v128.and(f64x2.gt(f64x2.sub(above, double(0.5)), x), double(1.0)));
}

/** 2^n of whole numbers that are exponents of normal ones. */
@inline
function powersOfTwo(n: v128): v128 {
	return i64x2.shl(f64x2.add(n, f64x2.splat(BIASED)), 52);
}

/** ln x of two normal numbers. */
@inline
export function logarithms(x: v128): v128 {
	// The exponent as the last bits of 2^52, which is a number again.
	const biased = v128.or(i64x2.shr_u(x, 52), double(4503599627370496.0));
	const part = v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), double(1.0));
	const isLarge = f64x2.gt(part, double(1.4142135623730951));
	const mantissa = v128.bitselect(f64x2.mul(part, double(0.5)), part, isLarge);
	const power = f64x2.add(f64x2.sub(biased, double(4503599627371519.0)), v128.and(isLarge, double(1.0)));
	const f = f64x2.sub(mantissa, double(1.0));
	const s = f64x2.div(f, f64x2.add(f, double(2.0)));
	const s2 = f64x2.mul(s, s);
	let tail = f64x2.add(f64x2.mul(double(2.0 / 23.0), s2), double(2.0 / 21.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 19.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 17.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 15.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 13.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 11.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 9.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 7.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 5.0));
	tail = f64x2.add(f64x2.mul(tail, s2), double(2.0 / 3.0));
	const inner = f64x2.sub(
		f64x2.mul(s, f64x2.sub(f, f64x2.mul(s2, tail))),
		f64x2.mul(power, double(1.9082149292705877e-10)),
	);
	return f64x2.add(f64x2.mul(power, double(2977044471.0 / 4294967296.0)), f64x2.sub(f, inner));
}

/** ln x of a normal number. */
export function logarithm(x: f64): f64 {
	return f64x2.extract_lane(logarithms(f64x2.splat(x)), 0);
}
