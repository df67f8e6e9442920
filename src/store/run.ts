import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { FileFormatError, RunMismatchError } from "../errors.js";
import {
	checksum as checksumOf,
	packRecord,
	readIfPresent,
	readRecords,
	truncateFile,
	writeHeader,
} from "../files/records.js";
import { canonicalBytes } from "../surface/digest.js";
import { type Provenance, planDifferences } from "../surface/provenance.js";
import { type Axis, columns, emptySurface, type Quantity, quantities, rows, type Surface } from "../surface/surface.js";

/**
 * The run file: MessagePack values one after another, only ever appended to. The first is the header; every other holds
 * the values of a finished row, or of a part of one where rows were split, or the value at the origin.
 *
 *   { format: "isoloss run", version: 1, provenance, x: Axis, y: Axis | null }
 *   { row, from, loss: bin, metric: bin, check }     float64 little-endian; check: CRC-32 of the two bins
 *   { origin: { loss, metric } }
 *
 * A process that is killed leaves at most a torn last record, which is dropped on the next opening.
 */
const FORMAT = "isoloss run";
const VERSION = 1;

interface Header {
	readonly format: typeof FORMAT;
	readonly version: typeof VERSION;
	readonly provenance: Provenance;
	readonly x: Axis;
	readonly y: Axis | null;
}

interface RowRecord extends Record<Quantity, Uint8Array> {
	readonly row: number;
	readonly from: number;
	readonly check: number;
}

interface OriginRecord {
	readonly origin: Readonly<Record<Quantity, number>>;
}

/** What a run file holds. */
export interface StoredRun {
	readonly surface: Surface;
	/** The values at (0, 0), where they were computed apart from the grid. */
	readonly origin: Readonly<Record<Quantity, number>> | null;
	/** How many bytes at the end belong to no whole record. */
	readonly tornBytes: number;
}

/**
 * Reads a run file.
 *
 * @throws {FileFormatError} when it is missing or not a run file
 */
export async function readRun(path: string): Promise<StoredRun> {
	const bytes = await readIfPresent(path);
	if (bytes === undefined) throw new FileFormatError(path, "no such file; expected the run.msgpack of a sweep");
	const run = parseRun(bytes, path);
	if (run === undefined) throw new FileFormatError(path, "the header is cut off; the sweep stopped before it began");
	return run;
}

/** Undefined where not even the header is whole. */
function parseRun(bytes: Uint8Array, path: string): StoredRun | undefined {
	let header: Header | undefined;
	let surface: Surface | undefined;
	let origin: OriginRecord["origin"] | null = null;
	let end = 0;
	readRecords(bytes, (record, recordEnd) => {
		if (header === undefined || surface === undefined) {
			header = checkHeader(record, path);
			surface = emptySurface(header.x, header.y, header.provenance);
		} else if (isOriginRecord(record)) origin = record.origin;
		else if (isRowRecord(record, surface)) copyRow(record, surface);
		else return false;
		end = recordEnd;
		return true;
	});
	return surface && { surface, origin, tornBytes: bytes.length - end };
}

function checkHeader(record: unknown, path: string): Header {
	const { format, version } = (record ?? {}) as Partial<Record<keyof Header, unknown>>;
	if (format !== FORMAT) throw new FileFormatError(path, "not an isoloss run file");
	if (version !== VERSION)
		throw new FileFormatError(path, `run file of version ${version}; this isoloss reads version ${VERSION}`);
	return record as Header;
}

function isOriginRecord(record: unknown): record is OriginRecord {
	return record !== null && typeof record === "object" && "origin" in record;
}

function isRowRecord(record: unknown, surface: Surface): record is RowRecord {
	const { row, from, loss, metric, check } = (record ?? {}) as Partial<Record<keyof RowRecord, unknown>>;
	if (!(loss instanceof Uint8Array && metric instanceof Uint8Array)) return false;
	if (typeof row !== "number" || typeof from !== "number") return false;
	const fits = row < rows(surface) && from + loss.length / 8 <= columns(surface) && loss.length === metric.length;
	return fits && check === checksum({ loss, metric });
}

function checksum(values: Readonly<Record<Quantity, Uint8Array>>): number {
	return checksumOf(...quantities.map((quantity) => values[quantity]));
}

function copyRow(record: RowRecord, surface: Surface): void {
	const start = record.row * columns(surface) + record.from;
	for (const quantity of quantities) {
		const bytes = record[quantity];
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		for (let i = 0; i < bytes.length / 8; i++) surface[quantity][start + i] = view.getFloat64(i * 8, true);
	}
	surface.done.fill(1, start, start + record.loss.length / 8);
}

/** A run file open for appending. */
export interface OpenRun extends StoredRun {
	readonly path: string;
	/** Appends the values of columns `from` to `to` - 1 of a row, and marks them done in `surface`. */
	appendRow(segment: { row: number; from: number; to: number }): Promise<void>;
	appendOrigin(origin: Readonly<Record<Quantity, number>>): Promise<void>;
	close(): Promise<void>;
}

/**
 * Opens the run file of a sweep: a new one, or the one that an earlier start of the same sweep left, with what it holds.
 *
 * @param empty the surface of the sweep, with nothing done; it says what a file must hold to be taken up
 * @param fresh start over, whatever the file holds
 * @throws {RunMismatchError} when the file belongs to another sweep, naming what differs
 * @throws {FileFormatError} when it is no run file, or can't be written
 */
export async function openRun(path: string, empty: Surface, fresh: boolean): Promise<OpenRun> {
	await mkdir(dirname(path), { recursive: true });
	const bytes = fresh ? undefined : await readIfPresent(path);
	const stored = bytes && parseRun(bytes, path);
	if (stored !== undefined && bytes !== undefined) {
		const differences = planDifferences(stored.surface.provenance.plan, empty.provenance.plan);
		if (differences.length > 0) throw new RunMismatchError(path, differences);
		await truncateFile(path, bytes.length - stored.tornBytes);
		return appendable(path, await open(path, "a"), stored);
	}
	await writeHeader(path, headerOf(empty));
	return appendable(path, await open(path, "a"), { surface: empty, origin: null, tornBytes: 0 });
}

function headerOf({ provenance, x, y }: Surface): Header {
	return { format: FORMAT, version: VERSION, provenance, x, y };
}

function appendable(path: string, file: FileHandle, stored: StoredRun): OpenRun {
	const { surface } = stored;
	return {
		...stored,
		path,
		async appendRow({ row, from, to }) {
			const [start, end] = [row * columns(surface) + from, row * columns(surface) + to];
			const loss = canonicalBytes(surface.loss.subarray(start, end));
			const metric = canonicalBytes(surface.metric.subarray(start, end));
			const record: RowRecord = { row, from, loss, metric, check: checksum({ loss, metric }) };
			await file.write(packRecord(record));
			surface.done.fill(1, start, end);
		},
		async appendOrigin(origin) {
			const record: OriginRecord = { origin };
			await file.write(packRecord(record));
		},
		async close() {
			await file.datasync();
			await file.close();
		},
	};
}
