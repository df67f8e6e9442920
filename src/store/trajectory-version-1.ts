import { Unpackr } from "msgpackr";
import { isWhole } from "../check/values.js";
import { FileFormatError } from "../errors.js";
import { crc32 } from "../files/frames.js";
import { toFloats } from "../files/vectors.js";
import { checkRecord, isBytes, isFacts } from "./record.js";
import type { Snapshot, Trajectory } from "./snapshots.js";

/**
 * The trajectory of isoloss 0.1: MessagePack values one after another.
 *
 *   { format: "isoloss trajectory", version: 1, plan, every }
 *   { step, trained: bin, running: bin, check }     float32 little-endian in graph order; check: CRC-32 of the two bins
 */
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** Whether bytes begin as those files do: with a map. */
export function isVersion1(bytes: Uint8Array): boolean {
	return ((bytes[0] ?? 0) & 0xf0) === 0x80;
}

/** @throws {FileFormatError} when it is no trajectory, or a whole record is none */
export function parseVersion1(bytes: Uint8Array, path: string): Trajectory {
	let header: Pick<Trajectory, "plan" | "every"> | undefined;
	const snapshots: Snapshot[] = [];
	const take = (found: unknown): boolean => {
		// Zeros are what a file system may leave after a crash, and read as the number 0.
		if (found === 0) return false;
		const record = (found ?? {}) as Record<string, unknown>;
		if (header === undefined) {
			if (record.format !== "isoloss trajectory" || record.version !== 1)
				throw new FileFormatError(path, "not the trajectory of a training");
			checkRecord(path, "header", found, { plan: isFacts, every: isWhole(1) });
			header = { plan: record.plan as Trajectory["plan"], every: Number(record.every) };
			return true;
		}
		checkRecord(path, `snapshot ${snapshots.length}`, found, {
			step: isWhole(0),
			trained: isBytes(4),
			running: isBytes(4),
		});
		const { step, trained, running } = record as { step: number; trained: Uint8Array; running: Uint8Array };
		if (record.check !== crc32(running, crc32(trained)))
			throw new FileFormatError(path, `snapshot ${snapshots.length} is damaged: its checksum does not fit`);
		snapshots.push({ step, state: { parameters: toFloats(trained), statistics: toFloats(running) } });
		return true;
	};
	try {
		unpackr.unpackMultiple(bytes, (found: unknown) => take(found));
	} catch (error) {
		// What msgpackr can't decode is a torn record.
		if (error instanceof FileFormatError || !(error instanceof Error)) throw error;
	}
	if (header === undefined) throw new FileFormatError(path, "the header is cut off");
	return { ...header, snapshots };
}
