import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isRecord } from "../check/record.js";
import type { Entry, Notebook } from "../curvature/notebook.js";
import { FileFormatError, RunMismatchError } from "../errors.js";
import { AppendFile, storing } from "../files/append.js";
import { packFrame, readFrames } from "../files/frames.js";
import { readInput } from "../files/read.js";

const FORMAT = "isoloss curvature";

/** A notebook in a file, and how much of it an earlier start has left. */
export interface StoredNotebook extends Notebook {
	/** How many steps were there. */
	readonly found: number;
	close(): Promise<void>;
}

/**
 * Opens the notebook of a computation: a new one, or the one that an earlier start of the same computation left. Frames as those of
 * a run file; the first holds what the computation is of, each further one a step's key, its numbers and its vector.
 *
 * @param digest of all that the steps depend on
 * @throws {RunMismatchError} when the file belongs to another computation
 * @throws {FileFormatError}  when it is no notebook, or damaged
 */
export async function openNotebook(path: string, digest: string, fresh: boolean): Promise<StoredNotebook> {
	const bytes = fresh || !existsSync(path) ? new Uint8Array() : readInput(path);
	const { frames, rest } = readFrames(bytes);
	if (rest === "damaged") throw new FileFormatError(path, "damaged; --fresh starts over");
	const [header, ...steps] = frames;
	let { end = 0, check = 0 } = frames.at(-1) ?? {};
	const entries = new Map<string, Entry>();
	if (header === undefined) {
		const first = packFrame({ format: FORMAT, version: 1, digest }, 0);
		await storing(path, () => writeFile(path, first.bytes));
		[end, check] = [first.bytes.length, first.check];
	} else {
		checkHeader(header.record, digest, path);
		for (const { record } of steps) entries.set(...entryOf(record, path));
	}
	const file = await AppendFile.open(path, end);
	return {
		found: entries.size,
		find: (key) => entries.get(key),
		async note(key, { numbers, vector }) {
			const frame = packFrame(
				{ key, numbers: bytesOf(Float64Array.from(numbers)), ...(vector && { vector: bytesOf(vector) }) },
				check,
			);
			await file.append(frame.bytes);
			({ check } = frame);
		},
		close: () => file.close(),
	};
}

function checkHeader(record: unknown, digest: string, path: string): void {
	if (!isRecord(record) || record.format !== FORMAT)
		throw new FileFormatError(path, "is no notebook of a curvature computation");
	if (record.digest !== digest)
		throw new RunMismatchError(path, ["network, data or options"], "computation of curvature");
}

function bytesOf(array: Float32Array | Float64Array): Uint8Array {
	return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function entryOf(record: unknown, path: string): [string, Entry] {
	if (!isRecord(record) || typeof record.key !== "string" || !(record.numbers instanceof Uint8Array))
		throw new FileFormatError(path, "holds a step without key or numbers");
	const numbers = [...new Float64Array(aligned(record.numbers))];
	const { vector } = record;
	return [record.key, { numbers, ...(vector instanceof Uint8Array && { vector: new Float32Array(aligned(vector)) }) }];
}

/** A copy that begins where an array of numbers may. */
function aligned(bytes: Uint8Array): ArrayBuffer {
	return Uint8Array.from(bytes).buffer;
}
