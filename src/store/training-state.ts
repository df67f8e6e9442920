import { type Check, isA, isListOf, isObject, isOneOf, isText, isWhole } from "../check/values.js";
import { FileFormatError, RunMismatchError } from "../errors.js";
import { packFrame, readFrames } from "../files/frames.js";
import { readIfPresent } from "../files/read.js";
import { toBytes, toDoubles, toFloats } from "../files/vectors.js";
import { writeWhole } from "../files/write.js";
import type { State } from "../network/parameters.js";
import { type FieldSpec, units } from "../surface/field.js";
import { planDifferences } from "../surface/provenance.js";
import type { EpochRecord, Tally, TrainingHistory } from "./history.js";
import { checkRecord, isBytes, isFacts } from "./record.js";
import type { TrainingPlan } from "./snapshots.js";

/**
 * Where a training stands, whole, so that it can be taken up after a kill: a file of one frame (files/frames.ts), always put in
 * place of the one before as a whole.
 *
 *   { format: "isoloss training", version: 3, plan, step, trained: bin, running: bin,
 *     optimizer: { step, vectors: [bin, ...] }, metric: { name, label, unit } or null, losses: bin, tally: bin, epochs: [...] }
 *
 * Parameters and vectors are float32; losses (one a step) and the sums of the epoch under way (of losses, of what they count, those of
 * the metric) float64, all little-endian.
 */
const FORMAT = "isoloss training";
const VERSION = 3;

/** What an optimiser remembers between steps, as plain data, so that a training can be stored and taken up again. */
export interface OptimizerState {
	/** How many updates there have been. */
	step: number;
	/** Vectors as long as the parameters, such as momenta. */
	readonly vectors: readonly Float32Array[];
}

/** All that the next steps depend on besides the options. */
export interface ResumePoint {
	/** Steps done. */
	readonly step: number;
	/** The network then. */
	readonly state: State;
	/** What the optimiser remembers. */
	readonly optimizer: OptimizerState;
}

export interface StoredTraining {
	readonly resume: ResumePoint;
	readonly history: TrainingHistory;
	/** Of the epoch under way. */
	readonly tally: Tally;
}

interface StateRecord {
	readonly format: unknown;
	readonly version: unknown;
	readonly plan: TrainingPlan;
	readonly step: number;
	readonly trained: Uint8Array;
	readonly running: Uint8Array;
	readonly optimizer: { readonly step: number; readonly vectors: readonly Uint8Array[] };
	readonly metric: FieldSpec | null;
	readonly losses: Uint8Array;
	readonly tally: Uint8Array;
	readonly epochs: EpochRecord[];
}

const isNumber = isA("a number", (value) => typeof value === "number");
const isNumberOrNone = isA("a number or null", (value) => typeof value === "number" || value === null);
const epochChecks: Readonly<Record<keyof EpochRecord, Check>> = {
	epoch: isNumber,
	step: isNumber,
	trainLoss: isNumber,
	trainMetric: isNumberOrNone,
	testLoss: isNumberOrNone,
	testMetric: isNumberOrNone,
};
const isMetric = isObject("a metric", { name: isText, label: isText, unit: isOneOf(units) });
const stateChecks: Readonly<Record<string, Check>> = {
	plan: isFacts,
	step: isWhole(0),
	trained: isBytes(4),
	running: isBytes(4),
	optimizer: isObject("an object", { step: isWhole(0), vectors: isListOf(isBytes(4)) }),
	metric: (name, value) => value === null || isMetric(name, value),
	losses: isBytes(8),
	tally: isBytes(8),
	epochs: isListOf(isObject("an epoch", epochChecks)),
};

export async function writeTrainingState(
	path: string,
	plan: TrainingPlan,
	{ resume: state, history, tally }: StoredTraining,
): Promise<void> {
	const record: StateRecord = {
		format: FORMAT,
		version: VERSION,
		plan,
		step: state.step,
		trained: toBytes(state.state.parameters),
		running: toBytes(state.state.statistics),
		optimizer: { step: state.optimizer.step, vectors: state.optimizer.vectors.map(toBytes) },
		metric: history.metric,
		losses: toBytes(Float64Array.from(history.losses)),
		tally: toBytes(Float64Array.of(tally.loss, tally.weight, ...tally.metric)),
		epochs: history.epochs,
	};
	await writeWhole(path, packFrame(record, 0).bytes);
}

/**
 * Where an earlier start of the same training had got; undefined where there is no file.
 *
 * @throws {FileFormatError} when the file is none of these
 * @throws {RunMismatchError} when it belongs to another training, naming what differs
 */
export async function readTrainingState(path: string, plan: TrainingPlan): Promise<StoredTraining | undefined> {
	const bytes = await readIfPresent(path);
	if (bytes === undefined) return undefined;
	const { frames, rest } = readFrames(bytes);
	const record = (frames[0]?.record ?? {}) as StateRecord;
	if (frames.length !== 1 || rest !== "nothing")
		throw new FileFormatError(path, "not the state of a training, or damaged; --fresh starts over");
	if (record.format !== FORMAT) throw new FileFormatError(path, "not the state of a training; --fresh starts over");
	if (record.version !== VERSION)
		throw new FileFormatError(path, `state of version ${record.version}; this isoloss reads version ${VERSION}`);
	checkRecord(path, "state", record, stateChecks);
	const differences = planDifferences(record.plan, plan);
	if (differences.length > 0) throw new RunMismatchError(path, differences, "training");
	const { step, optimizer, trained, running, metric, losses, epochs } = record;
	const [loss = 0, weight = 0, ...sums] = toDoubles(record.tally);
	return {
		resume: {
			step,
			state: { parameters: toFloats(trained), statistics: toFloats(running) },
			optimizer: { step: optimizer.step, vectors: optimizer.vectors.map(toFloats) },
		},
		history: { metric, losses: [...toDoubles(losses)], epochs: [...epochs] },
		tally: { loss, weight, metric: Float64Array.from(sums) },
	};
}
