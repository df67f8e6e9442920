import type { Outputs } from "../loss.js";
import { tokensOf } from "../losses/token-cross-entropy.js";
import type { Metric } from "../metric.js";

/**
 * How many samples have their largest output at the target class (the first of equals). A sample whose outputs hold a
 * NaN has no largest one and counts as wrong.
 */
export function countCorrect({ values, width, targets }: Outputs): number {
	let correct = 0;
	for (const [sample, target] of targets.entries()) {
		if (largestAt(values.subarray(sample * width, (sample + 1) * width)) === target) correct += 1;
	}
	return correct;
}

function largestAt(values: Float32Array): number {
	let best = 0;
	for (const [index, value] of values.entries()) {
		if (Number.isNaN(value)) return -1;
		if (value > (values[best] ?? Number.NaN)) best = index;
	}
	return best;
}

/** The share of right answers among those a predicate judges. */
function shareOf(name: string, judge: (outputs: Outputs) => readonly [right: number, all: number]): Metric {
	return {
		name,
		label: name,
		unit: "fraction",
		sums: 2,
		add(sums, outputs) {
			const [right, all] = judge(outputs);
			sums[0] = (sums[0] ?? 0) + right;
			sums[1] = (sums[1] ?? 0) + all;
		},
		value: (sums) => (sums[0] ?? Number.NaN) / (sums[1] ?? Number.NaN),
	};
}

/** The share of samples, or of the tokens of sequences, whose largest output is at the target class. */
export const accuracy = shareOf("accuracy", (outputs) => {
	const { tokens, classes } = tokensOf(outputs);
	if (tokens === 1) return [countCorrect(outputs), outputs.targets.length];
	const counted = outputs.targets.filter((target) => target >= 0).length;
	return [countCorrect({ ...outputs, width: classes }), counted];
});

/** The share of samples whose target class is among the five largest outputs; equals count for the target. */
export const topFive = shareOf("top-5", (outputs) => {
	const { classes } = tokensOf(outputs);
	let right = 0;
	let counted = 0;
	for (const [place, target] of outputs.targets.entries()) {
		if (target < 0) continue;
		counted += 1;
		const row = outputs.values.subarray(place * classes, (place + 1) * classes);
		const own = row[target] ?? Number.NaN;
		if (!row.some(Number.isNaN) && row.filter((value) => value > own).length < 5) right += 1;
	}
	return [right, counted];
});

/** The share of yes-or-no outputs on the right side of a threshold. */
function binary(name: string, threshold: number): Metric {
	return shareOf(name, ({ values, targets }) => {
		let right = 0;
		for (const [place, value] of values.entries()) {
			if (!Number.isNaN(value) && value > threshold === (targets[place] ?? 0) > 0.5) right += 1;
		}
		return [right, values.length];
	});
}

export const binaryAccuracy = binary("binary-accuracy", 0.5);
export const binaryAccuracyFromLogits = binary("binary-accuracy-from-logits", 0);
