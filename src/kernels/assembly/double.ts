import { double } from "./constants";

/** The functions of exact/elementary.ts, with the same bits, for kernels that compute in double. */

/** 1.5 · 2^52 + 1023: what is added to it ends as a whole number in the lowest bits of the sum, here as a biased exponent. */
const BIASED: f64 = 6755399441056767.0;

/** e^x of two values below 700. */
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
	// In two steps, as 2^power may lie outside the range in which the result lies.
	const half = f64x2.trunc(f64x2.mul(power, double(0.5)));
	const result = f64x2.mul(f64x2.mul(sum, powersOfTwo(half)), powersOfTwo(f64x2.sub(power, half)));
	return v128.andnot(result, f64x2.lt(x, double(-745.1332191019412)));
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

/** ln x of a normal number. */
export function logarithm(x: f64): f64 {
	const bits = reinterpret<u64>(x);
	let power = <f64>(<i32>(bits >> 52) - 1023);
	let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
	if (mantissa > 1.4142135623730951) {
		mantissa /= 2;
		power += 1;
	}
	const f = mantissa - 1;
	const s = f / (2 + f);
	const s2 = s * s;
	let tail: f64 = 2.0 / 23.0;
	tail = tail * s2 + 2.0 / 21.0;
	tail = tail * s2 + 2.0 / 19.0;
	tail = tail * s2 + 2.0 / 17.0;
	tail = tail * s2 + 2.0 / 15.0;
	tail = tail * s2 + 2.0 / 13.0;
	tail = tail * s2 + 2.0 / 11.0;
	tail = tail * s2 + 2.0 / 9.0;
	tail = tail * s2 + 2.0 / 7.0;
	tail = tail * s2 + 2.0 / 5.0;
	tail = tail * s2 + 2.0 / 3.0;
	return power * (2977044471.0 / 4294967296.0) + (f - (s * (f - s2 * tail) - power * 1.9082149292705877e-10));
}
