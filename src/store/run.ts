import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isText } from "../check/values.js";
import { FileFormatError, RunMismatchError, StorageError } from "../errors.js";
import { AppendFile } from "../files/append.js";
import { makeDirectory } from "../files/directory.js";
import { readIfPresent } from "../files/read.js";
import { writeWhole } from "../files/write.js";
import { planDifferences } from "../surface/provenance.js";
import { type BatchResult, batchOf, type Surface } from "../surface/surface.js";
import { packBatch, packHeader, parseRun, type StoredRun } from "./run-format.js";

export type { StoredRun } from "./run-format.js";

/** Where the values of a sweep are kept as they come. */
export interface Store {
	/** The sweep's surface, with what an earlier start has left. */
	readonly surface: Surface;
	/** Bytes of an unfinished record that an earlier, killed start had left and that were dropped. */
	readonly tornBytes: number;
	/** Keeps the values of a run of points. */
	append(result: BatchResult): Promise<void>;
	close(): Promise<void>;
}

/**
 * Reads a run file.
 *
 * @throws {FileFormatError} when it is missing or not a run file
 */
export async function readRun(path: string): Promise<StoredRun> {
	isText("path", path);
	const bytes = await readIfPresent(path);
	if (bytes === undefined) throw new FileFormatError(path, "no such file; expected the run.msgpack of a sweep");
	const run = parseRun(bytes, path);
	if (run === undefined) throw new FileFormatError(path, "the header is cut off; the sweep stopped before it began");
	return run;
}

/** A run that is kept in memory only. */
export function storeInMemory(surface: Surface): Store {
	return { surface, tornBytes: 0, append: async () => undefined, close: async () => undefined };
}

/**
 * Opens the run file of a sweep: a new one, or the one that an earlier start of the same sweep left, with what it holds.
 *
 * @param empty the surface of the sweep, with nothing done; it says what a file must hold to be taken up
 * @param fresh start over, whatever the file holds
 * @throws {RunMismatchError} when the file belongs to another sweep, naming what differs
 * @throws {FileFormatError} when it is no run file, or can't be written
 */
export async function openRun(path: string, empty: Surface, fresh: boolean): Promise<Store> {
	await makeDirectory(dirname(path));
	if ((await stat(path).catch(() => undefined))?.isDirectory())
		throw new StorageError(path, "is a directory; expected a file");
	const bytes = fresh ? undefined : await readIfPresent(path);
	const stored = bytes && parseRun(bytes, path, empty.done.length);
	if (stored === undefined || bytes === undefined) return startFile(path, empty, 0);
	const differences = planDifferences(stored.surface.provenance.plan, empty.provenance.plan);
	if (differences.length > 0) throw new RunMismatchError(path, differences);
	// A file of the older version is written anew, whole, before anything is added to it.
	if (stored.version === 1) return startFile(path, takenUp(stored.surface, empty), stored.tornBytes);
	const end = bytes.length - stored.tornBytes;
	return appendTo(await AppendFile.open(path, end), stored.surface, stored.tornBytes, stored.check);
}

/** The values of a stored surface with the names and facts of today. */
function takenUp({ fields, done }: Surface, empty: Surface): Surface {
	const values = empty.fields.map((field, i) => ({ ...field, values: fields[i]?.values ?? field.values }));
	return { ...empty, fields: values, done };
}

/** A new file that holds what of a surface is done. */
async function startFile(path: string, surface: Surface, tornBytes: number): Promise<Store> {
	let { bytes, check } = packHeader(surface);
	const parts = [bytes];
	for (const batch of batchesDone(surface)) {
		({ bytes, check } = packBatch(batch, check));
		parts.push(bytes);
	}
	const whole = Buffer.concat(parts);
	await writeWhole(path, whole);
	return appendTo(await AppendFile.open(path, whole.length), surface, tornBytes, check);
}

/** What of a surface is done, in runs of points that are all computed or all interpolated. */
function batchesDone(surface: Surface): BatchResult[] {
	const { done, interpolated: marks } = surface;
	const batches: BatchResult[] = [];
	for (let first = 0; first < done.length; ) {
		let count = 0;
		while (done[first + count] === 1 && marks?.[first + count] === marks?.[first]) count++;
		if (count > 0) batches.push({ ...batchOf(surface, first, count), interpolated: marks?.[first] === 1 });
		first += Math.max(1, count);
	}
	return batches;
}

function appendTo(file: AppendFile, surface: Surface, tornBytes: number, checkBefore: number): Store {
	let check = checkBefore;
	return {
		surface,
		tornBytes,
		async append(result) {
			const frame = packBatch(result, check);
			await file.append(frame.bytes);
			check = frame.check;
		},
		close: () => file.close(),
	};
}
