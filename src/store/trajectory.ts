import { dirname } from "node:path";
import { isWhole } from "../check/values.js";
import { FileFormatError } from "../errors.js";
import { AppendFile } from "../files/append.js";
import { makeDirectory } from "../files/directory.js";
import { packFrame, readFrames } from "../files/frames.js";
import { readIfPresent } from "../files/read.js";
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

/** A snapshot, where its frame ends, and the check there. */
interface Place {
	readonly step: number;
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

interface Parsed {
	/** Undefined where not even the header is whole. */
	readonly header: Pick<Trajectory, "plan" | "every"> | undefined;
	readonly snapshots: readonly Snapshot[];
	readonly places: readonly Place[];
}

/** @throws {FileFormatError} when the bytes are damaged, or no trajectory of this version */
function parse(bytes: Uint8Array, path: string): Parsed {
	const { frames, rest } = readFrames(bytes);
	const [first, ...others] = frames;
	const damaged = (at: number) => new FileFormatError(path, `damaged from byte ${at} on; --fresh starts over`);
	if (first === undefined) {
		if (rest === "damaged") throw new FileFormatError(path, "not the trajectory of a training, or damaged");
		return { header: undefined, snapshots: [], places: [] };
	}
	const header = checkHeader(first.record, path);
	const snapshots = others.map(({ record, end }) => {
		checkRecord(path, `snapshot up to byte ${end}`, record, snapshotChecks);
		const { step, trained, running } = record as SnapshotRecord;
		return { step, state: { parameters: toFloats(trained), statistics: toFloats(running) } };
	});
	if (rest === "damaged") throw damaged(frames.at(-1)?.end ?? 0);
	const places = others.map(({ end, check }, i) => ({ step: snapshots[i]?.step ?? 0, end, check }));
	return { header, snapshots, places };
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
