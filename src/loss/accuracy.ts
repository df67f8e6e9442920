import type { Outputs } from "./loss.js";

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
