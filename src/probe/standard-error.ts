import type { SampleParts } from "./of-samples.js";

/**
 * The standard error of a combination of means over the same samples, Σ fₖ·mₖ, as for samples drawn from a population: from what each
 * sample adds to the whole of it, so that what all means share does not count. A mean is a sum over what it is divided by; where
 * that differs from sample to sample it is a ratio, and the error that of its linear part.
 *
 * @param means   of each mean what every sample adds to it
 * @param factors fₖ
 * @returns null for a single sample, and where a mean has none that counts
 * @see Cochran, Sampling Techniques (1977), section 6.3
 */
export function standardErrorOf(means: readonly SampleParts[], factors: readonly number[]): number | null {
	const samples = means[0]?.sums.length ?? 0;
	if (samples < 2) return null;
	const deviations = new Float64Array(samples);
	for (const [k, { sums, weights }] of means.entries()) {
		const [sum, weight] = [total(sums), total(weights)];
		if (!(weight > 0)) return null;
		const share = ((factors[k] ?? 0) * samples) / weight;
		for (let i = 0; i < samples; i++)
			deviations[i] = (deviations[i] ?? 0) + share * ((sums[i] ?? 0) - (sum / weight) * (weights[i] ?? 0));
	}
	const squares = deviations.reduce((sum, deviation) => sum + deviation * deviation, 0);
	return Math.sqrt(squares / (samples - 1) / samples);
}

/** The mean that the parts of samples come to, added in their order. */
export function meanOfParts({ sums, weights }: SampleParts): number {
	return total(sums) / total(weights);
}

function total(values: ArrayLike<number>): number {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
	return sum;
}

/**
 * What a standard error is multiplied by where the samples are drawn, each once, from so many, and it is the mean over those that is
 * asked for: √(1 − n/N), which is 0 where all are taken. 1 for a population without end.
 *
 * @see Cochran, Sampling Techniques (1977), section 2.6
 */
export function finiteFactor(samples: number, population = Number.POSITIVE_INFINITY): number {
	return Math.sqrt(Math.max(0, 1 - samples / population));
}
