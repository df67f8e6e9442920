import { sha256 } from "../exact/digest.js";
import type { Curve } from "../section/curve.js";
import type { EpochRecord, TrainingHistory } from "../store/history.js";
import type { TrainingPlan } from "../store/snapshots.js";
import { readTrainingState } from "../store/training-state.js";
import { type CurveOptions, curveOf, curveSteps, startOfBends } from "./curve.js";
import { follow } from "./follow.js";
import { checkTraining, stepsAnEpoch } from "./options.js";
import { planOf } from "./recipe.js";
import { specOf } from "./tally.js";
import type { TrainProgress } from "./train.js";
import type { TrainingStart } from "./training.js";

/** How a curve is trained, and where that is kept. */
export interface CurveTraining {
	/** A file of all bends and what the optimiser remembers; undefined where nothing is kept. */
	readonly path: string | undefined;
	/** Start over, whatever the file holds. */
	readonly fresh: boolean;
	readonly signal?: AbortSignal | undefined;
	readonly onStart?: ((start: TrainingStart) => void) | undefined;
	readonly onStep?: ((progress: TrainProgress) => void) | undefined;
	readonly onEpoch?: ((record: EpochRecord) => void) | undefined;
}

/** All that the bytes of a curve depend on. */
export function curvePlan(options: CurveOptions): TrainingPlan {
	const { end, kind, bends } = options;
	return { ...planOf(options, undefined, undefined), end: sha256(end.parameters, end.statistics), curve: kind, bends };
}

/**
 * Trains a curve between two networks and keeps it in a file: stopped at any moment, the same call goes on and ends with the same
 * bytes; once it is trained, it is read.
 *
 * @throws {RunMismatchError} when the file is of a curve with other options
 * @throws {InterruptedError} when the signal stops it
 */
export async function trainCurve(
	options: CurveOptions,
	{ path, fresh, signal, onStart, onStep, onEpoch }: CurveTraining,
): Promise<{ readonly curve: Curve; readonly history: TrainingHistory }> {
	await checkTraining(options);
	const plan = curvePlan(options);
	const stored = path === undefined || fresh ? undefined : await readTrainingState(path, plan);
	const steps = options.epochs * stepsAnEpoch(options);
	onStart?.({ step: stored?.resume.step ?? 0, steps, metric: specOf(options) });
	let bends = stored?.resume.state.parameters ?? startOfBends(options);
	const history = await follow(curveSteps(options, stored?.resume), {
		...{ options, plan, stored, path, signal },
		async onStep(progress) {
			bends = progress.resume.state.parameters;
			onStep?.(progress);
		},
		async onEpoch(_, means) {
			const record: EpochRecord = { ...means, testLoss: null, testMetric: null };
			onEpoch?.(record);
			return record;
		},
	});
	return { curve: curveOf(options, bends), history };
}
