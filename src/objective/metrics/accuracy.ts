import type { Outputs } from "../loss.js";
import { takesClasses } from "../losses/classes.js";
import type { Metric } from "../metric.js";
import type { Role } from "../role.js";

/** The class that a place has: its index, or the likeliest of its probabilities; negative where it does not count. */
function wantedAt({ classes, targets }: Outputs, place: number): number {
	return targets instanceof Int32Array
		? (targets[place] ?? Number.NaN)
		: largestAt(targets, place * classes, (place + 1) * classes);
}

/**
 * How many samples, or places of them, have their largest output at the target class (the first of equals). One whose outputs
 * hold a NaN has no largest one and counts as wrong.
 */
export function countCorrect(outputs: Outputs): number {
	return judged(outputs)[0];
}

/** How many are right, and how many count. */
function judged(outputs: Outputs): readonly [right: number, all: number] {
	const { values, classes } = outputs;
	const places = values.length / classes;
	let right = 0;
	let all = 0;
	for (let place = 0; place < places; place++) {
		const wanted = wantedAt(outputs, place);
		if (!(wanted >= 0)) continue;
		all += 1;
		if (largestAt(values, place * classes, (place + 1) * classes) === wanted) right += 1;
	}
	return [right, all];
}

/** Where the largest of some values is, counted from the first of them; -1 where one is NaN. */
function largestAt(values: Float32Array, first: number, end: number): number {
	let best = first;
	let largest = values[first] ?? Number.NaN;
	for (let i = first; i < end; i++) {
		const value = values[i] ?? Number.NaN;
		if (Number.isNaN(value)) return -1;
		if (value > largest) {
			best = i;
			largest = value;
		}
	}
	return best - first;
}

/** The share of right answers among those a predicate judges. */
function shareOf(
	name: string,
	takes: readonly Role[],
	judge: (outputs: Outputs) => readonly [right: number, all: number],
): Metric {
	return {
		name,
		label: name,
		unit: "fraction",
		takes,
		sums: 2,
		add(sums, outputs) {
			const [right, all] = judge(outputs);
			sums[0] = (sums[0] ?? 0) + right;
			sums[1] = (sums[1] ?? 0) + all;
		},
		value: (sums) => (sums[0] ?? Number.NaN) / (sums[1] ?? Number.NaN),
	};
}

/** The share of samples, or of their places, whose largest output is at the target class. */
export const accuracy = shareOf("accuracy", takesClasses, judged);

/** The share of samples whose target class is among the five largest outputs; equals count for the target. */
export const topFive = shareOf("top-5", takesClasses, (outputs) => {
	const { values, classes } = outputs;
	let right = 0;
	let counted = 0;
	for (let place = 0; place < values.length / classes; place++) {
		const wanted = wantedAt(outputs, place);
		const row = values.subarray(place * classes, (place + 1) * classes);
		if (wanted < 0) continue;
		counted += 1;
		const own = row[wanted] ?? Number.NaN;
		if (!row.some(Number.isNaN) && row.filter((value) => value > own).length < 5) right += 1;
	}
	return [right, counted];
});

/** The share of yes-or-no outputs on the right side of a threshold. */
function binary(name: string, threshold: number): Metric {
	return shareOf(name, ["labels"], ({ values, targets }) => {
		let right = 0;
		for (const [place, value] of values.entries()) {
			if (!Number.isNaN(value) && value > threshold === (targets[place] ?? 0) > 0.5) right += 1;
		}
		return [right, values.length];
	});
}

export const binaryAccuracy = binary("binary-accuracy", 0.5);
export const binaryAccuracyFromLogits = binary("binary-accuracy-from-logits", 0);
