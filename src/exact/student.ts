import { exp, log } from "./elementary.js";

/** Terms of the continued fraction at most; tens are enough. */
const MOST_TERMS = 500;

/**
 * The quantile of Student's t distribution: a mean of n Gaussian numbers lies within `studentQuantile(0.975, n - 1)` standard errors
 * of what it estimates, 95 times in 100.
 *
 * @param probability from 1/2, below 1
 * @param degrees     of freedom, above 0
 * @see DLMF 8.17 (https://dlmf.nist.gov/8.17)
 */
export function studentQuantile(probability: number, degrees: number): number {
	const beyond = 2 * (1 - probability);
	const tails = (t: number) => incompleteBeta(degrees / (degrees + t * t), degrees / 2, 1 / 2);
	let [low, high] = [0, 1];
	while (tails(high) > beyond) [low, high] = [high, 2 * high];
	// Until no double lies between.
	for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
		if (tails(middle) > beyond) low = middle;
		else high = middle;
	}
	return low;
}

/** The regularised incomplete beta function Iₓ(a, b). */
export function incompleteBeta(x: number, a: number, b: number): number {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	// On the other side of the mean the fraction converges slowly.
	if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
	const front = exp(a * log(x) + b * log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
	return front / fraction(x, a, b);
}

/** The continued fraction 1 + d₁/(1 + d₂/(1 + ...)) of DLMF 8.17.22, by Lentz's method. */
function fraction(x: number, a: number, b: number): number {
	let [value, numerator, denominator] = [1, 1, 0];
	for (let term = 1; term < MOST_TERMS; term++) {
		const m = Math.floor(term / 2);
		const d =
			term % 2 === 0
				? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
				: (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		denominator = 1 / notZero(1 + d * denominator);
		numerator = notZero(1 + d / numerator);
		const factor = numerator * denominator;
		value *= factor;
		if (Math.abs(factor - 1) < Number.EPSILON) break;
	}
	return value;
}

function notZero(value: number): number {
	return value === 0 ? 1e-300 : value;
}

/** ln Γ(x) for x > 0, by Stirling's series from 10 on. */
export function logGamma(x: number): number {
	let [shifted, product] = [x, 1];
	while (shifted < 10) product *= shifted++;
	const square = shifted * shifted;
	const series = 1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square;
	return (shifted - 0.5) * log(shifted) - shifted + log(2 * Math.PI) / 2 + series / shifted - log(product);
}
