import { FileFormatError, RunMismatchError } from "../errors.js";
import { checksum, packRecord, readIfPresent, readRecords } from "../files/records.js";
import { toBytes, toDoubles, toFloats } from "../files/vectors.js";
import { writeWhole } from "../files/write.js";
import type { State } from "../network/parameters.js";
import { planDifferences } from "../surface/provenance.js";
import type { EpochRecord, TrainingHistory } from "./history.js";
import type { TrainingPlan } from "./trajectory.js";

/**
 * Where a training stands, whole, so that it can be taken up after a kill: one MessagePack record, always put in place of the
 * one before as a whole file.
 *
 *   { format: "isoloss training", version: 1, plan, step, trained: bin, running: bin,
 *     optimizer: { step, vectors: [bin, ...] }, losses: bin, accuracies: bin, epochs: [...], check }
 *
 * Parameters and vectors are float32, losses and accuracies (one a step) float64, all little-endian; check is the CRC-32
 * of all bins in the order given.
 */
const FORMAT = "isoloss training";
const VERSION = 1;

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
}

interface StateRecord {
	readonly format: unknown;
	readonly version: unknown;
	readonly plan: TrainingPlan;
	readonly step: number;
	readonly trained: Uint8Array;
	readonly running: Uint8Array;
	readonly optimizer: { readonly step: number; readonly vectors: readonly Uint8Array[] };
	readonly losses: Uint8Array;
	readonly accuracies: Uint8Array;
	readonly epochs: EpochRecord[];
	readonly check: number;
}

export async function writeTrainingState(
	path: string,
	plan: TrainingPlan,
	{ resume: state, history }: StoredTraining,
): Promise<void> {
	const bins = {
		trained: toBytes(state.state.parameters),
		running: toBytes(state.state.statistics),
		optimizer: { step: state.optimizer.step, vectors: state.optimizer.vectors.map(toBytes) },
		losses: toBytes(Float64Array.from(history.losses)),
		accuracies: toBytes(Float64Array.from(history.accuracies)),
	};
	const record: StateRecord = {
		format: FORMAT,
		version: VERSION,
		plan,
		step: state.step,
		...bins,
		epochs: history.epochs,
		check: checkOf(bins),
	};
	await writeWhole(path, packRecord(record));
}

function checkOf(record: Pick<StateRecord, "trained" | "running" | "optimizer" | "losses" | "accuracies">): number {
	const { trained, running, optimizer, losses, accuracies } = record;
	return checksum(trained, running, ...optimizer.vectors, losses, accuracies);
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
	let found: unknown;
	readRecords(bytes, (record) => {
		found = record;
		return false;
	});
	const record = (found ?? {}) as StateRecord;
	if (record.format !== FORMAT) throw new FileFormatError(path, "not the state of a training; --fresh starts over");
	if (record.version !== VERSION)
		throw new FileFormatError(path, `state of version ${record.version}; this isoloss reads version ${VERSION}`);
	if (record.check !== checkOf(record)) throw new FileFormatError(path, "the file is damaged; --fresh starts over");
	const differences = planDifferences(record.plan, plan);
	if (differences.length > 0) throw new RunMismatchError(path, differences, "training");
	const { step, optimizer, trained, running, losses, accuracies, epochs } = record;
	return {
		resume: {
			step,
			state: { parameters: toFloats(trained), statistics: toFloats(running) },
			optimizer: { step: optimizer.step, vectors: optimizer.vectors.map(toFloats) },
		},
		history: { losses: [...toDoubles(losses)], accuracies: [...toDoubles(accuracies)], epochs: [...epochs] },
	};
}
