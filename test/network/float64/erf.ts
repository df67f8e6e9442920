/** From here on by the continued fraction, which has settled after its 60 steps; 1 less a small number keeps its digits. */
const FAR = 2;

/**
 * The error function to within 1e-15.
 *
 * Near 0 by 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)), whose terms all have the sign of x; far from it by 1 less the
 * continued fraction of its complement.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14
 */
export function erf(x: number): number {
	if (Number.isNaN(x)) return x;
	if (Math.abs(x) >= FAR) return Math.sign(x) * (1 - complement(Math.abs(x)));
	let [sum, term] = [x, x];
	for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
		term *= (2 * x * x) / (2 * n + 1);
		sum += term;
	}
	return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** e^(-x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))) */
function complement(x: number): number {
	let below = x;
	for (let n = 60; n >= 1; n--) below = x + n / 2 / below;
	return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}
