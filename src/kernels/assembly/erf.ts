import { constant } from "./constants";
import { loadPartly } from "./pack";
import { multiplyAdd } from "./tile";
import { storePartly } from "./window";

/** out = erf(x), the error function of each of `count` values. */
export function erf(x: usize, out: usize, count: i32): void {
	const whole = (count & ~3) << 2;
	for (let at = 0; at < whole; at += 16) v128.store(out + at, errorFunction(v128.load(x + at)));
	const lanes = count & 3;
	if (lanes !== 0) storePartly(out + whole, errorFunction(loadPartly(x + whole, lanes)), lanes);
}

/**
 * x · P(x²) below 1 and Q((|x| - 2.5) / 1.5) up to 4, polynomials that interpolate at Chebyshev nodes; 1 beyond, where
 * 1 - erf(x) is less than half a unit in the last place. Off by at most 1.6·10⁻⁷, and 1.8·10⁻⁷ of the value. NaN stays NaN.
 *
 * Horner's steps stand one by one: a loop would cost more than they do.
 */
@inline
export function errorFunction(x: v128): v128 {
	const one = constant(1);
	const size = f32x4.abs(x);
	const square = f32x4.mul(x, x);
	let p = constant(7.87587504e-05);
	p = multiplyAdd(p, square, constant(-0.000801686428));
	p = multiplyAdd(p, square, constant(0.00518908742));
	p = multiplyAdd(p, square, constant(-0.026854212));
	p = multiplyAdd(p, square, constant(0.112835947));
	p = multiplyAdd(p, square, constant(-0.376126267));
	p = multiplyAdd(p, square, constant(1.12837917));
	const t = f32x4.mul(f32x4.sub(size, constant(2.5)), constant(2.0 / 3.0));
	let q = constant(-0.00119498146);
	q = multiplyAdd(q, t, constant(0.00186118293));
	q = multiplyAdd(q, t, constant(0.0036208749));
	q = multiplyAdd(q, t, constant(-0.010824231));
	q = multiplyAdd(q, t, constant(0.00726467737));
	q = multiplyAdd(q, t, constant(0.00983752233));
	q = multiplyAdd(q, t, constant(-0.0320509224));
	q = multiplyAdd(q, t, constant(0.0463102829));
	q = multiplyAdd(q, t, constant(-0.0436287319));
	q = multiplyAdd(q, t, constant(0.0281979717));
	q = multiplyAdd(q, t, constant(-0.0122536394));
	q = multiplyAdd(q, t, constant(0.00326686113));
	q = multiplyAdd(q, t, constant(0.999593048));
	const beyond = v128.bitselect(one, q, f32x4.ge(size, constant(4)));
	const signed = v128.or(beyond, v128.and(x, constant(-0.0)));
	return v128.bitselect(f32x4.mul(x, p), signed, f32x4.lt(size, one));
}
