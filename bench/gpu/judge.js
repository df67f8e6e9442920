import { median } from "../measure.js";

/** Engines may differ from `exact` by so much of the loss, and by so much where it is next to nothing. */
export const BOUND = { relative: 1e-4, absolute: 1e-6 };

const noTimes = { "points/s": null, "start-up, s": null, "whole surface, s": null };
const noDifferences = { "off exact by": null, "of the loss": null, "same bits": null };

/**
 * What the rounds of an engine come to, as columns of a table. Times of one that does not agree are not told.
 *
 * @param answers one a round, as `computeSurface` gives them, or a failure; a place that time did not suffice for has no value
 * @param {ArrayLike<number>} exact the loss at each place by the stock kernels
 */
export function judge(answers, exact) {
	const failure = answers.find((answer) => answer.failure !== undefined)?.failure;
	if (failure !== undefined) return { ...noTimes, ...noDifferences, remark: failure };
	const off = (measure) => Math.max(...answers.map(({ values }) => largest(values, exact, measure)));
	const differences = {
		"off exact by": off((a, b) => Math.abs(a - b)),
		"of the loss": off((a, b) => Math.abs(a - b) / Math.abs(b)),
		"same bits": answers.length > 1 ? (areSame(answers.map(({ values }) => values)) ? "yes" : "no") : null,
	};
	const allowed = off((a, b) => Math.abs(a - b) / (BOUND.relative * Math.abs(b) + BOUND.absolute));
	if (!(allowed <= 1)) return { ...noTimes, ...differences, remark: DISAGREES };
	const middle = (measure) => median(answers.map(measure));
	const least = Math.min(...answers.map(({ values }) => countOf(values)));
	const partly = least < exact.length && `from ${least} of ${exact.length} points`;
	return {
		"points/s": 1000 * middle(({ points, spent }) => points / spent),
		"start-up, s": middle(({ ready }) => ready) / 1000,
		"whole surface, s":
			middle(({ ready, surface, values }) => ready + (surface * exact.length) / countOf(values)) / 1000,
		...differences,
		remark: [answers[0].remark, partly].filter(Boolean).join("; ") || null,
	};
}

/** The remark on an engine whose losses are not those of the others. */
export const DISAGREES = "does not agree: no times";

const countOf = (values) => values.filter((value) => value !== undefined).length;

/** Whether rounds have the same bits wherever more than one of them came to. */
function areSame([first, ...others]) {
	return others.every((values) =>
		values.every((value, i) => value === undefined || first[i] === undefined || Object.is(value, first[i])),
	);
}

/** Infinity where one is NaN and the other is not. */
function largest(values, exact, measure) {
	return values.reduce((most, value, i) => {
		if (value === undefined || Object.is(value, exact[i])) return most;
		const difference = measure(value, exact[i]);
		return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
	}, 0);
}
