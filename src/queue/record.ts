import { Packr, Unpackr } from "msgpackr";
import { isRecord } from "../check/record.js";
import { sha256 } from "../exact/digest.js";
import { toDoubles } from "../files/vectors.js";
import { canonicalBytes } from "../surface/digest.js";
import type { BatchResult } from "../surface/surface.js";
import type { Batch } from "../sweep/executor.js";

/** A result as it travels: a MessagePack map. What came another way, or changed on it, has another check. */
export interface ResultRecord extends Batch {
	/** The name of the worker. */
	readonly worker: string;
	/** Its machine. */
	readonly host: string;
	/** How long it took, in milliseconds. */
	readonly elapsed: number;
	/** Whether the points were computed before, by another. */
	readonly second: boolean;
	/** float64, little-endian, every NaN as 0x7ff8000000000000. */
	readonly values: Uint8Array;
	/** SHA-256 over what the values are of, and them. */
	readonly check: string;
}

/** A task that failed, as it travels likewise. */
export interface FailureRecord extends Batch {
	readonly worker: string;
	readonly failure: string;
}

const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** Bytes of the longest record that is read. */
export const LONGEST_RECORD = 256 << 20;

/** Bytes of it that what is not values takes at most. */
export const RECORD_FACTS = 4096;

/**
 * @param origin what the values are of: the sweep, and the identity of the machine
 */
export function packResult(
	origin: string,
	{ first, count, values }: BatchResult,
	facts: Pick<ResultRecord, "worker" | "host" | "elapsed" | "second">,
): Buffer {
	const bytes = canonicalBytes(values);
	const record: ResultRecord = { ...facts, first, count, values: bytes, check: checkOf(origin, first, count, bytes) };
	return packr.pack(record);
}

export function packFailure(record: FailureRecord): Buffer {
	return packr.pack(record);
}

function checkOf(origin: string, first: number, count: number, bytes: Uint8Array): string {
	return sha256(`${origin} ${first} ${count} `, bytes);
}

/** A record that has come, and who sent it; what is wrong with it, where something is. */
export type Received =
	| { readonly kind: "result"; readonly record: ResultRecord; readonly values: Float64Array }
	| { readonly kind: "failure"; readonly record: FailureRecord }
	| { readonly kind: "garbage"; readonly worker: string; readonly reason: string };

/**
 * Reads what has come over the queue, which nobody vouches for.
 *
 * @param width how many values a point has; not looked at where it is not known yet
 */
export function unpackRecord(bytes: Uint8Array, origin: string, width: number | undefined): Received {
	const record = unpacked(bytes);
	if (!isRecord(record)) return { kind: "garbage", worker: "somebody", reason: "it is no record" };
	const worker = typeof record.worker === "string" ? record.worker.slice(0, 200) : "somebody";
	const garbage = (reason: string): Received => ({ kind: "garbage", worker, reason });
	const { first, count, values, check, failure } = record;
	if (!isCount(first, 0) || !isCount(count, 1)) return garbage("it does not say of which points it is");
	if (typeof failure === "string")
		return { kind: "failure", record: { worker, first, count, failure: failure.slice(0, 2000) } };
	if (!(values instanceof Uint8Array)) return garbage("it has no values");
	if (values.length === 0 || values.length % (8 * count) !== 0)
		return garbage(`it has ${values.length} bytes for ${count} points`);
	if (width !== undefined && values.length !== 8 * count * width)
		return garbage(`it has ${values.length / 8} values for ${count} points of ${width} each`);
	if (check !== checkOf(origin, first, count, values)) return garbage("its check is another");
	const doubles = toDoubles(values);
	if (!Buffer.from(canonicalBytes(doubles)).equals(values)) return garbage("it has a NaN of other bits");
	const host = typeof record.host === "string" ? record.host.slice(0, 200) : "";
	const elapsed = typeof record.elapsed === "number" && record.elapsed >= 0 ? record.elapsed : 0;
	const second = record.second === true;
	return { kind: "result", record: { worker, host, elapsed, second, first, count, values, check }, values: doubles };
}

function unpacked(bytes: Uint8Array): unknown {
	if (bytes.length > LONGEST_RECORD) return undefined;
	try {
		return unpackr.unpack(bytes);
	} catch {
		return undefined;
	}
}

function isCount(value: unknown, least: number): value is number {
	return Number.isSafeInteger(value) && (value as number) >= least;
}
