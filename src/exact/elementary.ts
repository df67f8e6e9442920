/**
 * exp, log and the cosine from additions, multiplications and divisions alone, which IEEE 754 rounds the same way everywhere.
 * ECMAScript leaves the last bits of Math.exp, Math.log and Math.cos to the engine, and a digest can't depend on the engine.
 * All stay within 2 units in the last place, the cosine of those of 1 (test/exact/elementary.test.ts).
 */

/** The same eight bytes as a double and as two words, the lower one first: WebAssembly, and so isoloss, is little-endian. */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

// ln 2 in two parts: the first has 32 bits, so its product with any exponent of a double is exact.
const LN2_HIGH = 2977044471 / 2 ** 32;
const LN2_LOW = 1.9082149292705877e-10;

/** e^x. NaN gives NaN; overflow gives Infinity; underflow goes through the subnormals to 0. */
export function exp(x: number): number {
	if (Number.isNaN(x)) return x;
	if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
	if (x < -745.1332191019412) return 0;
	const power = Math.round(x / (LN2_HIGH + LN2_LOW));
	const remainder = x - power * LN2_HIGH - power * LN2_LOW;
	const sum = exponentialSeries(remainder);
	// Two steps: 2^power alone may lie outside the range in which the result lies.
	const half = Math.trunc(power / 2);
	return sum * powerOfTwo(half) * powerOfTwo(power - half);
}

/**
 * Σ rⁿ/n! up to n = 13; with |r| ≤ ln(2)/2 the term after the last is below 2^-57. Term by term: a loop over a list of the
 * coefficients takes three times as long. The divisions are of constants, which engines carry out once.
 */
function exponentialSeries(r: number): number {
	let sum = 1 / 6227020800;
	sum = sum * r + 1 / 479001600;
	sum = sum * r + 1 / 39916800;
	sum = sum * r + 1 / 3628800;
	sum = sum * r + 1 / 362880;
	sum = sum * r + 1 / 40320;
	sum = sum * r + 1 / 5040;
	sum = sum * r + 1 / 720;
	sum = sum * r + 1 / 120;
	sum = sum * r + 1 / 24;
	sum = sum * r + 1 / 6;
	sum = sum * r + 0.5;
	sum = sum * r + 1;
	return sum * r + 1;
}

const LEAST_POWER = -1022;

/**
 * 2^n for all n whose power is a normal number. Put together from words each time, it would be read as a double before the processor can
 * hand on what was just written as two words: e^x took twice as long.
 */
const POWERS = Float64Array.from({ length: 2046 }, (_, index) => {
	words[1] = (index + LEAST_POWER + 1023) << 20;
	words[0] = 0;
	return double[0] ?? 0;
});

/** 2^exponent for an exponent from -1022 to 1023. */
function powerOfTwo(exponent: number): number {
	return POWERS[exponent - LEAST_POWER] ?? 0;
}

/** The natural logarithm. Negative numbers and NaN give NaN; 0 gives -Infinity. */
export function log(x: number): number {
	if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
	if (x === Number.POSITIVE_INFINITY) return x;
	const subnormal = x < 2 ** -1022;
	double[0] = subnormal ? x * 2 ** 54 : x;
	const high = words[1] ?? 0;
	let power = (high >> 20) - 1023 - (subnormal ? 54 : 0);
	words[1] = (high & 0xfffff) | (1023 << 20);
	let mantissa = double[0] ?? 0;
	if (mantissa > Math.SQRT2) {
		mantissa /= 2;
		power += 1;
	}
	// ln m = 2 artanh(s) with s = (m - 1) / (m + 1), so |s| <= 0.1716 and s^2 <= 0.0295.
	// The head 2s is written f - s·f with f = m - 1, which is exact: it carries most of the value.
	const f = mantissa - 1;
	const s = f / (2 + f);
	const s2 = s * s;
	const tail = logarithmTail(s2);
	return power * LN2_HIGH + (f - (s * (f - s2 * tail) - power * LN2_LOW));
}

/** Σ 2/n · s^(n - 3) for odd n from 3 to 23, term by term as in exponentialSeries. */
function logarithmTail(s2: number): number {
	let tail = 2 / 23;
	tail = tail * s2 + 2 / 21;
	tail = tail * s2 + 2 / 19;
	tail = tail * s2 + 2 / 17;
	tail = tail * s2 + 2 / 15;
	tail = tail * s2 + 2 / 13;
	tail = tail * s2 + 2 / 11;
	tail = tail * s2 + 2 / 9;
	tail = tail * s2 + 2 / 7;
	tail = tail * s2 + 2 / 5;
	return tail * s2 + 2 / 3;
}

/** (-1)^n / (2n)! for n = 9 down to 0; with |x| <= π/4 the term after the last is below 2^-67. */
const COSINE_SERIES = Array.from({ length: 10 }, (_, i) => alternating(2 * (9 - i)));
/** (-1)^n / (2n + 1)! for n = 9 down to 0. */
const SINE_SERIES = Array.from({ length: 10 }, (_, i) => alternating(2 * (9 - i) + 1));

function alternating(order: number): number {
	let factorial = 1;
	for (let n = 2; n <= order; n++) factorial *= n;
	return (Math.floor(order / 2) % 2 === 0 ? 1 : -1) / factorial;
}

/** cos(π t) for t from 0 to 1. */
export function cosineOfHalfTurns(t: number): number {
	if (t > 0.5) return -cosineOfHalfTurns(1 - t);
	const nearQuarter = t > 0.25;
	// cos(π t) = sin(π (1/2 - t)); the difference is exact.
	const x = Math.PI * (nearQuarter ? 0.5 - t : t);
	let sum = 0;
	for (const coefficient of nearQuarter ? SINE_SERIES : COSINE_SERIES) sum = sum * x * x + coefficient;
	return nearQuarter ? sum * x : sum;
}
