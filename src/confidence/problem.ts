import { CALIBRATION_SAMPLES } from "../compute/evaluator.js";
import { type Dataset, pickSamples } from "../data/dataset.js";
import { sha256 } from "../exact/digest.js";
import { nameOfSamples } from "../probe/of-samples.js";
import type { Job } from "../sweep/executor.js";
import type { Problem } from "../sweep/problem.js";

/** Some of the data's samples, from one place up to another. */
export interface Stretch {
	readonly from: number;
	readonly to: number;
}

/** A job of a sweep over a stretch of its samples, of which each gives its part of some means by itself. */
export function jobOver(job: Job<Problem>, fields: readonly string[], { from, to }: Stretch): Job<Problem> {
	const { problem } = job;
	const { data } = problem;
	return {
		...job,
		digest: sha256("stretch", job.digest, Float64Array.of(from, to), ...fields),
		problem: {
			...problem,
			data: stretchOf(data, { from, to }),
			probes: fields.map(nameOfSamples),
			// Statistics that are measured anew are those of the first samples of all, whichever are judged.
			...(problem.batchNorm === "reestimate" && { calibrationData: problem.calibrationData ?? firstOf(data, problem) }),
		},
	};
}

function stretchOf(data: Dataset, { from, to }: Stretch): Dataset {
	return pickSamples(
		data,
		Array.from({ length: to - from }, (_, i) => from + i),
	);
}

function firstOf(data: Dataset, { calibration = CALIBRATION_SAMPLES }: Problem): Dataset {
	const to = calibration === "all" ? data.samples : Math.min(calibration, data.samples);
	return stretchOf(data, { from: 0, to });
}

/** About so many samples in all go into a batch: a second's work or less, so that an interruption loses little. */
const BATCH_SAMPLES = 4096;

/** Points in their order as batches, which depend on nothing but the points and how many samples each takes. */
export function batchesOf(points: readonly number[], samples: number): { first: number; count: number }[] {
	const most = Math.max(1, Math.floor(BATCH_SAMPLES / samples));
	const batches: { first: number; count: number }[] = [];
	for (const point of points) {
		const last = batches.at(-1);
		if (last !== undefined && last.first + last.count === point && last.count < most) last.count++;
		else batches.push({ first: point, count: 1 });
	}
	return batches;
}
