import { InterruptedError } from "../errors.js";
import type { EpochRecord, TrainingHistory } from "../store/history.js";
import type { TrainingPlan } from "../store/snapshots.js";
import { type StoredTraining, writeTrainingState } from "../store/training-state.js";
import type { TrainOptions } from "./options.js";
import { addBatch, emptyTally, meansOf, specOf } from "./tally.js";
import type { TrainProgress } from "./train.js";

/** What is known of an epoch without any test. */
export type EpochMeans = Pick<EpochRecord, "epoch" | "step" | "trainLoss" | "trainMetric">;

/** How a training is followed. */
export interface Following {
	readonly options: TrainOptions;
	/** All that its bytes depend on. */
	readonly plan: TrainingPlan;
	/** What an earlier start has left. */
	readonly stored: StoredTraining | undefined;
	/** Of the file that its state is kept in; undefined where nothing is kept. */
	readonly path: string | undefined;
	/** Stops it after the step under way. */
	readonly signal: AbortSignal | undefined;
	onStep(progress: TrainProgress): Promise<void>;
	/** The epoch for the history. */
	onEpoch(progress: TrainProgress, means: EpochMeans): Promise<EpochRecord>;
}

/** Between two states on disk at most; a kill loses no more than that. An epoch's end is always kept. */
const STATE_INTERVAL_MS = 10_000;

/**
 * Follows the steps of a training to their end, and keeps where it stands on disk.
 *
 * @returns what was measured on the way, earlier starts included
 * @throws {InterruptedError} when the signal stops it
 * @throws {StorageError} when its state can't be written any more
 */
export async function follow(
	steps: AsyncIterable<TrainProgress>,
	{ options, plan, stored, path, signal, onStep, onEpoch }: Following,
): Promise<TrainingHistory> {
	const history: TrainingHistory = stored?.history ?? { metric: specOf(options), losses: [], epochs: [] };
	let tally = stored?.tally ?? emptyTally(options);
	let kept = performance.now();
	for await (const progress of steps) {
		const { step, steps: total, resume, epoch } = progress;
		history.losses.push(progress.loss);
		addBatch(progress, tally);
		await onStep(progress);
		if (epoch !== null) {
			history.epochs.push(await onEpoch(progress, { epoch, step, ...meansOf(options, tally) }));
			tally = emptyTally(options);
		}
		const stop = signal?.aborted ?? false;
		if (path !== undefined && (epoch !== null || stop || performance.now() - kept > STATE_INTERVAL_MS)) {
			await writeTrainingState(path, plan, { resume, history, tally });
			kept = performance.now();
		}
		if (stop && step < total)
			throw new InterruptedError(`interrupted after step ${step} of ${total}; the same command goes on from there`, {
				cause: signal?.reason,
			});
	}
	return history;
}
