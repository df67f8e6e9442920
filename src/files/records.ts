import { open, readFile, rename } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { Packr, Unpackr } from "msgpackr";
import { FileFormatError } from "../errors.js";
import { describeSystemError } from "./read.js";

/**
 * Files that are only ever appended to: MessagePack values one after another, the first a header. A process that is killed
 * leaves at most a torn last record, which is dropped on the next opening.
 */

// Plain maps, so that any MessagePack library reads the file.
const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** A record as its bytes. */
export function packRecord(record: unknown): Uint8Array {
	return packr.pack(record);
}

/** Calls `take` with each whole record and where it ends, until it returns false or the bytes end. */
export function readRecords(bytes: Uint8Array, take: (record: unknown, end: number) => boolean): void {
	try {
		unpackr.unpackMultiple(bytes, (record: unknown, _start?: number, end?: number) => take(record, end ?? 0));
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		// What msgpackr can't decode is a torn record: all that follows the last whole one is dropped.
		if (!(error instanceof Error)) throw error;
	}
}

/** CRC-32 of byte strings one after another. */
export function checksum(...parts: readonly Uint8Array[]): number {
	return parts.reduce((sum, part) => crc32(part, sum), 0);
}

/** A new file with only its header, put in place of an older one as a whole. */
export async function writeHeader(path: string, header: unknown): Promise<void> {
	const temporary = `${path}.${process.pid}.tmp`;
	const file = await open(temporary, "w");
	await file.write(packr.pack(header));
	await file.close();
	await rename(temporary, path);
}

/** Cuts off what follows the last whole record. */
export async function truncateFile(path: string, length: number): Promise<void> {
	const file = await open(path, "r+");
	await file.truncate(length);
	await file.close();
}

/**
 * The bytes of a file; undefined where there is none.
 *
 * @throws {FileFormatError} when it can't be read
 */
export async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
	return readFile(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw new FileFormatError(path, describeSystemError(error));
	});
}
