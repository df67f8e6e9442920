import { rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type Check, checkCall, isA, isFunction, isPerhaps, isSwitch, isText, isWhole } from "../check/values.js";
import { checkDataset, type Dataset } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { formatHistory } from "../export/history.js";
import { prepareDirectory } from "../files/directory.js";
import { removeLitter } from "../files/litter.js";
import { lock } from "../files/lock.js";
import { writeWhole } from "../files/write.js";
import { parameterLayout, type State, statisticsLayout } from "../network/parameters.js";
import type { EpochRecord, TrainingHistory } from "../store/history.js";
import type { TrainingPlan } from "../store/snapshots.js";
import { readTrainingState, type StoredTraining } from "../store/training-state.js";
import { continueTrajectory, type OpenTrajectory, startTrajectory } from "../store/trajectory.js";
import type { FieldSpec } from "../surface/field.js";
import { evaluateNetwork, formatCheckpoint } from "./checkpoint.js";
import { type EpochMeans, follow } from "./follow.js";
import { checkFit, checkTraining, startOf, stepsAnEpoch, type TrainOptions, trainChecks } from "./options.js";
import { captionOf, planOf, type TrainingCaption } from "./recipe.js";
import { factsOf, specOf } from "./tally.js";
import { steps, type TrainProgress } from "./train.js";

export interface TrainingOptions extends TrainOptions {
	/** What the network is tried on after each epoch; nothing where nothing is said. */
	readonly test?: Dataset;
	/** The safetensors file to write; the other files stand beside it, under its name. */
	readonly out: string;
	/** Keep the network every so many steps, its start and its end in a trajectory. */
	readonly snapshots?: number;
	/** Start over, whatever an earlier start has left. */
	readonly fresh?: boolean;
	/** Stops the training after the step under way; the same call goes on from there. */
	readonly signal?: AbortSignal;
	/** Called once, before the first step. */
	readonly onStart?: (start: TrainingStart) => void | Promise<void>;
	/** Called after each step. */
	readonly onStep?: (progress: TrainProgress) => void;
	/** Called after each pass over the data. */
	readonly onEpoch?: (record: EpochRecord) => void;
}

/** Where a training stands before its next step. */
export interface TrainingStart {
	/** Steps that an earlier start has done, of how many. */
	readonly step: number;
	readonly steps: number;
	/** What is measured beside the loss. */
	readonly metric: FieldSpec | null;
}

const trainingChecks = {
	...trainChecks,
	test: isPerhaps(checkDataset),
	out: isText,
	snapshots: isPerhaps(isWhole(1)),
	fresh: isPerhaps(isSwitch),
	signal: isPerhaps(isA("an AbortSignal", (signal) => signal instanceof AbortSignal)),
	onStart: isPerhaps(isFunction),
	onStep: isPerhaps(isFunction),
	onEpoch: isPerhaps(isFunction),
} satisfies Record<keyof TrainingOptions, Check>;

export interface TrainingResult {
	/** The trained network. */
	readonly state: State;
	/** What was measured on the way. */
	readonly history: TrainingHistory;
	/** SHA-256 over the parameters and the running statistics. */
	readonly digest: string;
	/** For its picture. */
	readonly caption: TrainingCaption;
	/** Paths of the files written. */
	readonly files: readonly string[];
}

/** Files above this are more than Node reads in one piece. */
const MAX_TRAJECTORY_BYTES = 2 ** 31;

/**
 * Trains a network and keeps it in files: its parameters after each epoch, a line an epoch as CSV, its trajectory where asked
 * for. Stopped at any moment, the same call goes on and ends with the same bytes as if it had never been.
 *
 * @throws {RunMismatchError} when `out` holds an unfinished training with other options
 * @throws {OptionError | GraphError | LayoutMismatchError} as `train`; and when `out` can't be written, or the trajectory would
 *   grow beyond 2 GiB
 * @throws {LockedError} when another process writes the same files
 * @throws {StorageError} when they can't be written any more
 * @throws {InterruptedError} when the signal stops it
 */
export async function runTraining(options: TrainingOptions): Promise<TrainingResult> {
	checkCall(options, trainingChecks);
	await checkTraining(options);
	if (options.test !== undefined) checkFit(options.graph, options.test, options.loss);
	const plan = planOf(options, options.test, options.snapshots);
	const paths = pathsBeside(options.out);
	checkTrajectorySize(options);
	await prepareDirectory(dirname(options.out), options.out);
	const unlock = await lock(options.out);
	try {
		const base = basename(options.out).replace(/\.safetensors$/, "");
		await removeLitter(dirname(options.out), new RegExp(`^${base.replace(/[^\w]/g, "\\$&")}(\\.[\\w.]+)?$`));
		return await trainInto(options, plan, paths);
	} finally {
		await unlock();
	}
}

async function trainInto(
	options: TrainingOptions,
	plan: TrainingPlan,
	paths: ReturnType<typeof pathsBeside>,
): Promise<TrainingResult> {
	const { stored, trajectory } = await takeUp(options, plan, paths);
	const total = options.epochs * stepsAnEpoch(options);
	await options.onStart?.({
		step: stored?.resume.step ?? 0,
		steps: total,
		metric: stored?.history.metric ?? specOf(options),
	});
	let state = stored?.resume.state ?? startOf(options);
	let history: TrainingHistory;
	try {
		history = await follow(steps(options, stored?.resume), {
			...{ options, plan, stored, path: paths.state, signal: options.signal },
			async onStep(progress) {
				const { step } = progress;
				state = progress.state;
				if (step % (options.snapshots ?? 1) === 0 || step === total) await trajectory?.append({ step, state });
				options.onStep?.(progress);
			},
			onEpoch: (progress, means) => finishEpoch(options, progress, means),
		});
	} finally {
		await trajectory?.close();
	}
	await writeWhole(paths.history, formatHistory(history));
	await rm(paths.state, { force: true });
	const digest = sha256(state.parameters, state.statistics);
	return {
		state,
		history,
		digest,
		caption: captionOf(options, digest),
		files: [options.out, paths.history, ...(trajectory === undefined ? [] : [paths.trajectory])],
	};
}

/** The files of a training, named after its safetensors file. */
export function pathsBeside(out: string) {
	const base = out.replace(/\.safetensors$/, "");
	return {
		state: `${base}.state.msgpack`,
		trajectory: `${base}.trajectory.msgpack`,
		history: `${base}.csv`,
	};
}

/** What an earlier start has left, and the trajectory open where it ended; a fresh one where either is missing. */
async function takeUp(
	options: TrainingOptions,
	plan: TrainingPlan,
	paths: ReturnType<typeof pathsBeside>,
): Promise<{ stored?: StoredTraining; trajectory?: OpenTrajectory }> {
	const { snapshots, fresh = false } = options;
	const stored = fresh ? undefined : await readTrainingState(paths.state, plan);
	if (snapshots === undefined) return stored === undefined ? {} : { stored };
	if (stored !== undefined) {
		const trajectory = await continueTrajectory(paths.trajectory, snapshots, stored.resume.step);
		if (trajectory !== undefined) return { stored, trajectory };
	}
	const trajectory = await startTrajectory(paths.trajectory, plan, snapshots);
	await trajectory.append({ step: 0, state: startOf(options) });
	return { trajectory };
}

/** Tries the network and writes the safetensors file; the epoch for the history. */
async function finishEpoch(
	options: TrainingOptions,
	{ state }: TrainProgress,
	means: EpochMeans,
): Promise<EpochRecord> {
	const test = options.test === undefined ? null : await evaluateNetwork(options, state, options.test);
	const record: EpochRecord = { ...means, testLoss: test?.loss ?? null, testMetric: test?.metric ?? null };
	const facts = { epochsDone: String(means.epoch), ...factsOf(options, record) };
	await writeWhole(options.out, formatCheckpoint(options, state, facts));
	options.onEpoch?.(record);
	return record;
}

function checkTrajectorySize(options: TrainingOptions): void {
	const { graph, snapshots, epochs } = options;
	if (snapshots === undefined) return;
	const each = 4 * (parameterLayout(graph).length + statisticsLayout(graph).length);
	const steps = epochs * stepsAnEpoch(options);
	if ((steps / snapshots + 2) * each <= MAX_TRAJECTORY_BYTES) return;
	const least = Math.ceil(steps / (Math.floor(MAX_TRAJECTORY_BYTES / each) - 2));
	throw new OptionError("snapshots", `expected at least ${least}, for a trajectory below 2 GiB, got "${snapshots}"`);
}
