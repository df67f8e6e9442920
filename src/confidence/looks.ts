import { studentQuantile } from "../exact/student.js";
import { CONFIDENCE } from "../measure/margin.js";

/**
 * How many samples the first look takes. Losses of trained networks are near 0 but for few samples, and of few samples the spread is
 * known too badly for intervals that are to hold at all points. Over shuffles of MNIST's test data all held, of looks from 64 samples
 * on, in 67 % (a small network, 169 points); from 512 on in 98 %, and of the default network, whose losses are the most skewed, in 93 %; from
 * 1,024 on in 98 % or more of both (docs/confidence.md).
 */
export const FIRST_SAMPLES = 1024;

/** How many samples, the first ones, are taken after so many doublings, until there are no more. */
export function samplesAt(doublings: number, population: number): number {
	return Math.min(population, FIRST_SAMPLES * 2 ** doublings);
}

/** How many doublings it takes to so many samples. */
export function doublingsTo(samples: number): number {
	return Math.ceil(Math.log2(Math.max(1, samples / FIRST_SAMPLES)));
}

/**
 * The half-width of an estimate's interval that holds at all points and looks together with a confidence of 95 %. Whoever looks again
 * and again, and stops when it suits, is wrong more often than each look alone: so the chance of an error, α, is spent over looks, α/((k +
 * 2)(k + 3)) at look k, which counts from 0, and of that an equal share at each point (Bonferroni). All there can be add up to α/2: the
 * other half is for skewed losses, of which Student's intervals hold the mean less often than they say.
 *
 * Where it holds at all of them, which points stop when is no matter of chance any more: any rule will do.
 *
 * @param samples that the estimate is made from
 * @param points  how many there are
 */
export function halfWidthAt(standardError: number, samples: number, look: number, points: number): number {
	return standardError === 0 ? 0 : quantileAt(samples, look, points) * standardError;
}

const quantiles = new Map<string, number>();

function quantileAt(samples: number, look: number, points: number): number {
	const key = `${samples} ${look} ${points}`;
	const spent = (1 - CONFIDENCE) / ((look + 2) * (look + 3));
	// A mean and a slope have been found on the samples.
	const quantile = quantiles.get(key) ?? studentQuantile(1 - spent / (2 * points), Math.max(1, samples - 2));
	quantiles.set(key, quantile);
	return quantile;
}
