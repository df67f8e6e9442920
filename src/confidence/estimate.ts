import { finiteFactor } from "../probe/standard-error.js";

/**
 * What is known of a mean from some samples, and of a control beside it: another quantity of the same samples, whose mean over all of
 * them is known.
 */
export interface Moments {
	readonly count: number;
	/** Of the values, one added after the other in their order, as a sweep over the samples adds them. */
	readonly sum: number;
	readonly mean: number;
	readonly controlMean: number;
	/** Sums of squares and products about the means: of the values, of both, of the control. */
	readonly squares: number;
	readonly products: number;
	readonly controlSquares: number;
}

export const noMoments: Moments = {
	...{ count: 0, sum: 0, mean: 0, controlMean: 0 },
	...{ squares: 0, products: 0, controlSquares: 0 },
};

/**
 * The moments with further samples, by two passes over these.
 *
 * @param controls of the same samples; none stands for a control that is 0 throughout
 * @see Chan, Golub and LeVeque, Algorithms for computing the sample variance, The American Statistician 37 (1983), 242-247
 */
export function withSamples(before: Moments, values: Float64Array, controls?: Float64Array): Moments {
	const { length } = values;
	let [sum, own, control] = [before.sum, 0, 0];
	for (let i = 0; i < length; i++) {
		sum += values[i] ?? 0;
		own += values[i] ?? 0;
		control += controls?.[i] ?? 0;
	}
	const [mean, controlMean] = [own / length, control / length];
	let [squares, products, controlSquares] = [0, 0, 0];
	for (let i = 0; i < length; i++) {
		const [x, y] = [(values[i] ?? 0) - mean, (controls?.[i] ?? 0) - controlMean];
		squares += x * x;
		products += x * y;
		controlSquares += y * y;
	}
	const count = before.count + length;
	const [x, y] = [mean - before.mean, controlMean - before.controlMean];
	const between = (before.count * length) / count;
	return {
		count,
		sum,
		mean: before.mean + (x * length) / count,
		controlMean: before.controlMean + (y * length) / count,
		squares: before.squares + squares + between * x * x,
		products: before.products + products + between * x * y,
		controlSquares: before.controlSquares + controlSquares + between * y * y,
	};
}

/** A mean, and how sure it is. */
export interface Estimate {
	readonly mean: number;
	readonly standardError: number;
}

/**
 * The mean over all samples from some of them, the first of a shuffle: x̄ − β(ȳ − Ȳ), where Ȳ is the control's mean over all and
 * β = Σxy/Σyy, with the error √((1 − n/N)·Σ(x − βy)²/(n − 2)/n). Of all samples it is their mean, and exact.
 *
 * β is found on the same samples, which biases the estimate by a share of 1/n of its error's square: nothing from 64 samples on.
 *
 * @param controlMean over all; null without a control
 * @param population  how many samples there are in all
 * @see Cochran, Sampling Techniques (1977), chapter 7
 */
export function estimateOf(moments: Moments, controlMean: number | null, population: number): Estimate {
	const { count, sum, mean, squares, products, controlSquares } = moments;
	if (count === population) return { mean: sum / count, standardError: 0 };
	const isControlled = controlMean !== null && controlSquares > 0 && Number.isFinite(controlMean + products);
	const slope = isControlled ? products / controlSquares : 0;
	const degrees = count - (isControlled ? 2 : 1);
	const left = Math.max(0, squares - slope * products);
	const standardError = Math.sqrt(left / degrees / count) * finiteFactor(count, population);
	if (!isControlled) return { mean: sum / count, standardError };
	return { mean: mean - slope * (moments.controlMean - controlMean), standardError };
}

/** The share of the variance that a control leaves, 1 − ρ²; NaN where the values do not vary. */
export function varianceLeft({ squares, products, controlSquares }: Moments): number {
	return 1 - (products * products) / (squares * controlSquares);
}
