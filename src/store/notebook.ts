import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isRecord } from "../check/record.js";
import type { Entry, Notebook } from "../curvature/notebook.js";
import { FileFormatError, RunMismatchError } from "../errors.js";
import { AppendFile, storing } from "../files/append.js";
import { eachFrame, packFrame, recordAt, type Source } from "../files/frames.js";
import { openSource } from "../files/source.js";

/** What a notebook is of: how its file begins, and how errors call it. */
const kinds = {
	curvature: { format: "isoloss curvature", what: "computation of curvature" },
	confidence: { format: "isoloss confidence", what: "sweep" },
} as const;

type Kind = keyof typeof kinds;

/** A notebook in a file, and how much of it an earlier start has left. */
export interface StoredNotebook extends Notebook {
	/** How many steps were there. */
	readonly found: number;
	close(): Promise<void>;
}

/** Where a step stands. */
interface Place {
	readonly start: number;
	readonly end: number;
}

/**
 * Opens the notebook of a computation: a new one, or the one that an earlier start of the same computation left. Frames as those of
 * a run file; the first holds what the computation is of, each further one a step's key, its numbers and its vector. Steps stay in the
 * file until they are asked for: all their vectors together may be more than memory holds.
 *
 * @param digest of all that the steps depend on
 * @param kind   what is computed
 * @throws {RunMismatchError} when the file belongs to another computation
 * @throws {FileFormatError}  when it is no notebook, or damaged
 */
export async function openNotebook(
	path: string,
	digest: string,
	fresh: boolean,
	kind: Kind = "curvature",
): Promise<StoredNotebook> {
	const begun = fresh || !existsSync(path) ? await begin(path, digest, kind) : undefined;
	const source = openSource(path);
	try {
		const { places, end, ...last } = begun ?? readHeld(source, digest, path, kind) ?? (await begin(path, digest, kind));
		let { check } = last;
		const file = await AppendFile.open(path, end);
		return {
			found: places.size,
			find(key) {
				const place = places.get(key);
				return place && entryOf(recordAt(source, place.start, place.end), path);
			},
			async note(key, { numbers, vector }) {
				const frame = packFrame(
					{ key, numbers: bytesOf(Float64Array.from(numbers)), ...(vector && { vector: bytesOf(vector) }) },
					check,
				);
				await file.append(frame.bytes);
				({ check } = frame);
			},
			close() {
				source.close();
				return file.close();
			},
		};
	} catch (error) {
		source.close();
		throw error;
	}
}

/** What a notebook holds: where its steps stand, where it ends, and the check there. */
interface Held {
	readonly places: ReadonlyMap<string, Place>;
	readonly end: number;
	readonly check: number;
}

async function begin(path: string, digest: string, kind: Kind): Promise<Held> {
	const { bytes, check } = packFrame({ format: kinds[kind].format, version: 1, digest }, 0);
	await storing(path, () => writeFile(path, bytes));
	return { places: new Map(), end: bytes.length, check };
}

/** Undefined where not even the header is whole. */
function readHeld(source: Source, digest: string, path: string, kind: Kind): Held | undefined {
	const places = new Map<string, Place>();
	let [end, check] = [0, 0];
	const rest = eachFrame(source, (frame) => {
		if (end === 0) checkHeader(frame.record, digest, path, kind);
		else places.set(keyOf(frame.record, path), { start: frame.start, end: frame.end });
		({ end, check } = frame);
	});
	if (rest === "damaged") throw new FileFormatError(path, "damaged; --fresh starts over");
	return end === 0 ? undefined : { places, end, check };
}

function checkHeader(record: unknown, digest: string, path: string, kind: Kind): void {
	const { format, what } = kinds[kind];
	if (!isRecord(record) || record.format !== format) throw new FileFormatError(path, `is no notebook of a ${what}`);
	if (record.digest !== digest) throw new RunMismatchError(path, ["network, data or options"], what);
}

function bytesOf(array: Float32Array | Float64Array): Uint8Array {
	return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function keyOf(record: unknown, path: string): string {
	if (!isRecord(record) || typeof record.key !== "string" || !(record.numbers instanceof Uint8Array))
		throw new FileFormatError(path, "holds a step without key or numbers");
	return record.key;
}

function entryOf(record: unknown, path: string): Entry {
	if (!isRecord(record) || !(record.numbers instanceof Uint8Array))
		throw new FileFormatError(path, "has changed while it was read");
	const numbers = [...new Float64Array(aligned(record.numbers))];
	const { vector } = record;
	return { numbers, ...(vector instanceof Uint8Array && { vector: new Float32Array(aligned(vector)) }) };
}

/** A copy that begins where an array of numbers may. */
function aligned(bytes: Uint8Array): ArrayBuffer {
	return Uint8Array.from(bytes).buffer;
}
