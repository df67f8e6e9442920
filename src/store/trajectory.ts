import { dirname } from "node:path";
import { isWhole } from "../check/values.js";
import { FileFormatError } from "../errors.js";
import { AppendFile } from "../files/append.js";
import { makeDirectory } from "../files/directory.js";
import { eachFrame, packFrame, recordAt, type Source } from "../files/frames.js";
import { readIfPresent } from "../files/read.js";
import { openSource } from "../files/source.js";
import { toBytes, toFloats } from "../files/vectors.js";
import { writeWhole } from "../files/write.js";
import { checkRecord, isBytes, isFacts } from "./record.js";
import type { Snapshot, TrainingPlan, Trajectory } from "./snapshots.js";
import { isVersion1, parseVersion1 } from "./trajectory-version-1.js";

/**
 * The trajectory of a training, version 2: frames (files/frames.ts), with the network every so many steps, the start and the
 * end among them.
 *
 *   { format: "isoloss trajectory", version: 2, plan, every }
 *   { step, trained: bin, running: bin }     float32 little-endian in graph order
 */
const FORMAT = "isoloss trajectory";
const VERSION = 2;

/** A snapshot, where its frame starts and ends, and the check there. */
interface Place {
	readonly step: number;
	readonly start: number;
	readonly end: number;
	readonly check: number;
}

/**
 * Reads a trajectory; a torn last record is left out.
 *
 * @throws {FileFormatError} when it is missing, damaged or no trajectory
 */
export async function readTrajectory(path: string): Promise<Trajectory> {
	const bytes = await readIfPresent(path);
	if (bytes === undefined) throw new FileFormatError(path, "no such file; expected the trajectory of a training");
	if (isVersion1(bytes)) return parseVersion1(bytes, path);
	const { header, snapshots } = parse(bytes, path);
	if (header === undefined) throw new FileFormatError(path, "the header is cut off");
	return { ...header, snapshots };
}

/**
 * The networks of a trajectory, each in memory only as it comes; a torn last one is left out. All of the file is checked before the
 * first.
 *
 * @throws {FileFormatError} when it is missing, damaged or no trajectory
 */
export function* eachSnapshot(path: string): Generator<Snapshot> {
	const source = openSource(path);
	try {
		if (isVersion1(source.slice(0, 1))) {
			yield* parseVersion1(source.slice(0, source.length), path).snapshots;
			return;
		}
		const { header, places } = look(source, path);
		if (header === undefined) throw new FileFormatError(path, "the header is cut off");
		for (const { start, end } of places) yield snapshotOf(recordAt(source, start, end));
	} finally {
		source.close();
	}
}

interface Parsed {
	/** Undefined where not even the header is whole. */
	readonly header: Pick<Trajectory, "plan" | "every"> | undefined;
	readonly snapshots: readonly Snapshot[];
	readonly places: readonly Place[];
}

/** @throws {FileFormatError} when the bytes are damaged, or no trajectory of this version */
function parse(bytes: Uint8Array, path: string): Parsed {
	const source = { length: bytes.length, slice: (from: number, to: number) => bytes.subarray(from, to) };
	const { header, places } = look(source, path);
	return { header, snapshots: places.map(({ start, end }) => snapshotOf(recordAt(source, start, end))), places };
}

/** Where the snapshots are, each of them checked; none is kept. */
function look(source: Source, path: string): Omit<Parsed, "snapshots"> {
	let header: Parsed["header"];
	const places: Place[] = [];
	let last = 0;
	const rest = eachFrame(source, ({ record, start, end, check }) => {
		last = end;
		if (header === undefined) {
			header = checkHeader(record, path);
			return;
		}
		checkRecord(path, `snapshot up to byte ${end}`, record, snapshotChecks);
		places.push({ step: (record as SnapshotRecord).step, start, end, check });
	});
	if (header === undefined && rest === "damaged")
		throw new FileFormatError(path, "not the trajectory of a training, or damaged");
	if (rest === "damaged") throw new FileFormatError(path, `damaged from byte ${last} on; --fresh starts over`);
	return { header, places };
}

function snapshotOf(record: unknown): Snapshot {
	const { step, trained, running } = record as SnapshotRecord;
	return { step, state: { parameters: toFloats(trained), statistics: toFloats(running) } };
}

function checkHeader(record: unknown, path: string): Pick<Trajectory, "plan" | "every"> {
	const { format, version, plan, every } = (record ?? {}) as Record<string, unknown>;
	if (format !== FORMAT) throw new FileFormatError(path, "not the trajectory of a training");
	if (version !== VERSION)
		throw new FileFormatError(path, `trajectory of version ${version}; this isoloss reads versions 1 and ${VERSION}`);
	checkRecord(path, "header", record, { plan: isFacts, every: isWhole(1) });
	return { plan: plan as TrainingPlan, every: every as number };
}

interface SnapshotRecord {
	readonly step: number;
	readonly trained: Uint8Array;
	readonly running: Uint8Array;
}

const snapshotChecks = { step: isWhole(0), trained: isBytes(4), running: isBytes(4) };

/** A trajectory open for appending. */
export interface OpenTrajectory {
	/** @throws {StorageError} when it can't be written */
	append(snapshot: Snapshot): Promise<void>;
	close(): Promise<void>;
}

/** A new trajectory in place of whatever the file holds. */
export async function startTrajectory(path: string, plan: TrainingPlan, every: number): Promise<OpenTrajectory> {
	await makeDirectory(dirname(path));
	const { bytes, check } = packFrame({ format: FORMAT, version: VERSION, plan, every }, 0);
	await writeWhole(path, bytes);
	return appendable(await AppendFile.open(path, bytes.length), check);
}

/**
 * Opens the trajectory of a training that stopped, up to a step; snapshots of later steps will come again, and are dropped.
 *
 * @returns undefined where the file lacks a snapshot up to there
 * @throws {FileFormatError} when the file is damaged, or no trajectory
 */
export async function continueTrajectory(
	path: string,
	every: number,
	step: number,
): Promise<OpenTrajectory | undefined> {
	const bytes = await readIfPresent(path);
	if (bytes === undefined) return undefined;
	const places = parse(bytes, path).places.filter((place) => place.step <= step);
	const last = places.at(-1);
	// One for the start; the end's, where it is none of the others, is the last thing a training appends.
	if (last === undefined || places.length < 1 + Math.floor(step / every)) return undefined;
	return appendable(await AppendFile.open(path, last.end), last.check);
}

function appendable(file: AppendFile, checkBefore: number): OpenTrajectory {
	let check = checkBefore;
	return {
		async append({ step, state }) {
			const { parameters, statistics } = state;
			const frame = packFrame({ step, trained: toBytes(parameters), running: toBytes(statistics) }, check);
			await file.append(frame.bytes);
			check = frame.check;
		},
		close: () => file.close(),
	};
}
