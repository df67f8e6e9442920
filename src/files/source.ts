import { closeSync, openSync, readSync, statSync } from "node:fs";
import { FileFormatError } from "../errors.js";
import type { Source } from "./frames.js";
import { describeSystemError } from "./read.js";

/** A file whose parts are read as they are asked for. */
export interface FileSource extends Source {
	close(): void;
}

/**
 * Opens a file for parts of it. It is as long as it was when it was opened, and parts that are appended later can be had too.
 *
 * @throws {FileFormatError} when there is no such file, it is no plain one, or it can't be read
 */
export function openSource(path: string): FileSource {
	return reading(path, () => {
		const entry = statSync(path);
		// Asked for before it is opened: a pipe would be waited for without end.
		if (!entry.isFile()) throw new FileFormatError(path, "is no plain file");
		const file = openSync(path, "r");
		return {
			length: entry.size,
			slice: (from, to) => reading(path, () => part(file, from, to)),
			close: () => closeSync(file),
		};
	});
}

/** A read may give less than it is asked for before the end. */
function part(file: number, from: number, to: number): Uint8Array {
	const bytes = new Uint8Array(to - from);
	let filled = 0;
	while (filled < bytes.length) {
		const read = readSync(file, bytes, filled, bytes.length - filled, from + filled);
		if (read === 0) break;
		filled += read;
	}
	return bytes.subarray(0, filled);
}

function reading<T>(path: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		throw new FileFormatError(path, describeSystemError(error));
	}
}
