import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { FileFormatError } from "../errors.js";
import { makeDirectory } from "../files/directory.js";
import { checksum, packRecord, readIfPresent, readRecords, truncateFile, writeHeader } from "../files/records.js";
import { toBytes, toFloats } from "../files/vectors.js";
import type { State } from "../network/parameters.js";

/**
 * The trajectory of a training: a file of records (records.ts) with the network every so many steps, the start and the end
 * among them.
 *
 *   { format: "isoloss trajectory", version: 1, plan, every }
 *   { step, trained: bin, running: bin, check }     float32 little-endian in graph order; check: CRC-32 of the two bins
 */
const FORMAT = "isoloss trajectory";
const VERSION = 1;

/** All that the bytes of a training depend on, for comparison and for people. */
export type TrainingPlan = Readonly<Record<string, string | number>>;

export interface Snapshot {
	/** Steps done; 0 for the start. */
	readonly step: number;
	/** The network then. */
	readonly state: State;
}

export interface Trajectory {
	/** What the training was done with. */
	readonly plan: TrainingPlan;
	/** Steps from one snapshot to the next; the last may come sooner. */
	readonly every: number;
	/** From the start to the end. */
	readonly snapshots: readonly Snapshot[];
}

interface SnapshotRecord {
	readonly step: number;
	readonly trained: Uint8Array;
	readonly running: Uint8Array;
	readonly check: number;
}

/**
 * Reads a trajectory; a torn last record is left out.
 *
 * @throws {FileFormatError} when it is missing or no trajectory
 */
export async function readTrajectory(path: string): Promise<Trajectory> {
	const bytes = await readIfPresent(path);
	if (bytes === undefined) throw new FileFormatError(path, "no such file; expected the trajectory of a training");
	const snapshots: Snapshot[] = [];
	const header = parse(bytes, path, ({ step, trained, running }) => {
		snapshots.push({ step, state: { parameters: toFloats(trained), statistics: toFloats(running) } });
	});
	if (header === undefined) throw new FileFormatError(path, "the header is cut off");
	return { ...header, snapshots };
}

/** Calls `take` with each whole snapshot and where it ends; undefined where not even the header is whole. */
function parse(
	bytes: Uint8Array,
	path: string,
	take: (record: SnapshotRecord, end: number) => void,
): Pick<Trajectory, "plan" | "every"> | undefined {
	let header: Pick<Trajectory, "plan" | "every"> | undefined;
	readRecords(bytes, (record, end) => {
		if (header === undefined) header = checkHeader(record, path);
		else if (isSnapshot(record)) take(record, end);
		else return false;
		return true;
	});
	return header;
}

function checkHeader(record: unknown, path: string): Pick<Trajectory, "plan" | "every"> {
	const { format, version, plan, every } = (record ?? {}) as Record<string, unknown>;
	if (format !== FORMAT) throw new FileFormatError(path, "not the trajectory of a training");
	if (version !== VERSION)
		throw new FileFormatError(path, `trajectory of version ${version}; this isoloss reads version ${VERSION}`);
	return { plan: plan as TrainingPlan, every: Number(every) };
}

function isSnapshot(record: unknown): record is SnapshotRecord {
	const { step, trained, running, check } = (record ?? {}) as Partial<Record<keyof SnapshotRecord, unknown>>;
	if (typeof step !== "number" || !(trained instanceof Uint8Array && running instanceof Uint8Array)) return false;
	return check === checksum(trained, running);
}

/** A trajectory open for appending. */
export interface OpenTrajectory {
	append(snapshot: Snapshot): Promise<void>;
	close(): Promise<void>;
}

/** A new trajectory in place of whatever the file holds. */
export async function startTrajectory(path: string, plan: TrainingPlan, every: number): Promise<OpenTrajectory> {
	await makeDirectory(dirname(path));
	await writeHeader(path, { format: FORMAT, version: VERSION, plan, every });
	return appendable(await open(path, "a"));
}

/**
 * Opens the trajectory of a training that stopped, up to a step; snapshots of later steps will come again, and are dropped.
 *
 * @returns undefined where the file lacks a snapshot up to there
 * @throws {FileFormatError} when the file is no trajectory
 */
export async function continueTrajectory(
	path: string,
	every: number,
	step: number,
): Promise<OpenTrajectory | undefined> {
	const bytes = await readIfPresent(path);
	if (bytes === undefined) return undefined;
	let [kept, whole] = [0, 0];
	parse(bytes, path, (record, end) => {
		if (record.step > step) return;
		kept += 1;
		whole = end;
	});
	// One for the start; the end's, where it is none of the others, is the last thing a training appends.
	if (kept < 1 + Math.floor(step / every)) return undefined;
	await truncateFile(path, whole);
	return appendable(await open(path, "a"));
}

function appendable(file: FileHandle): OpenTrajectory {
	return {
		async append({ step, state }) {
			const [trained, running] = [toBytes(state.parameters), toBytes(state.statistics)];
			await file.write(packRecord({ step, trained, running, check: checksum(trained, running) }));
		},
		close: () => file.close(),
	};
}
