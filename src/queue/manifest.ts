import { isRecord } from "../check/record.js";
import { FileFormatError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { isLittleEndian } from "../files/numbers.js";

/**
 * Plain data with arrays of numbers in it as a text, a manifest, and beside it the arrays, named by their SHA-256: what is the same is
 * the same wherever it occurs, and travels once. JSON holds every double but a few, which are written as texts.
 *
 *   { "$array": "Float32Array", "digest": "…", "length": 1199882 }      an array that travels by itself
 *   { "$array": "Int32Array", "bytes": "base64" }                       a small one
 *   { "$number": "-0" }                                                 what JSON can't say: -0, NaN, Infinity, -Infinity
 */
export interface Dismantled {
	readonly manifest: string;
	readonly arrays: ReadonlyMap<string, NumberArray>;
}

export type NumberArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

const kinds = { Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

/** An array that a manifest names, by its digest. */
export interface NamedArray {
	readonly kind: Kind;
	readonly digest: string;
	readonly length: number;
	readonly byteLength: number;
}

/** Arrays of fewer bytes lie in the manifest: asking for one costs as much as a few kilobytes do. */
const SMALL = 4096;

/** How deep a manifest goes at most. */
const DEEPEST = 64;

/** @throws {TypeError} for what is no plain data */
export function dismantle(value: unknown): Dismantled {
	if (!isLittleEndian) throw new TypeError("a machine whose numbers lie big end first can't take part in a queue");
	const arrays = new Map<string, NumberArray>();
	const digests = new Map<NumberArray, string>();
	const digestOf = (array: NumberArray): string => {
		const digest = digests.get(array) ?? sha256(array);
		digests.set(array, digest);
		return digest;
	};
	const taken = (part: unknown): unknown => {
		if (typeof part === "number")
			return Number.isFinite(part) && !Object.is(part, -0) ? part : { $number: Object.is(part, -0) ? "-0" : `${part}` };
		if (part === null || part === undefined || typeof part === "string" || typeof part === "boolean") return part;
		if (Array.isArray(part)) return part.map(taken);
		const kind = kindOf(part);
		if (kind !== undefined) {
			const array = part as NumberArray;
			if (array.byteLength < SMALL) return { $array: kind, bytes: Buffer.from(bytesOf(array)).toString("base64") };
			const digest = digestOf(array);
			arrays.set(digest, array);
			return { $array: kind, digest, length: array.length };
		}
		if (Object.getPrototypeOf(part) !== Object.prototype) throw new TypeError(`expected plain data, got ${part}`);
		return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, taken(inner)]));
	};
	return { manifest: JSON.stringify(taken(value)), arrays };
}

function kindOf(value: unknown): Kind | undefined {
	return (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind]);
}

/** The bytes of an array where they lie. */
export function bytesOf({ buffer, byteOffset, byteLength }: NumberArray): Uint8Array {
	return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * The arrays that a manifest names, each once.
 *
 * @throws {FileFormatError} when it is none
 */
export function arraysOf(manifest: string): NamedArray[] {
	const found = new Map<string, NamedArray>();
	read(manifest, (named) => {
		found.set(named.digest, named);
		return undefined;
	});
	return [...found.values()];
}

/**
 * What a manifest stands for.
 *
 * @param array gives those that it names
 * @throws {FileFormatError} when it is none
 */
export function assemble(manifest: string, array: (named: NamedArray) => NumberArray): unknown {
	return read(manifest, array);
}

function read(manifest: string, array: (named: NamedArray) => unknown): unknown {
	const given = (part: unknown, depth: number): unknown => {
		if (depth > DEEPEST) return fail("it is too deep");
		if (Array.isArray(part)) return part.map((each) => given(each, depth + 1));
		if (!isRecord(part)) return part;
		if ("$number" in part) return Number(part.$number);
		if ("$array" in part) return arrayFrom(part, array);
		return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, given(inner, depth + 1)]));
	};
	try {
		return given(JSON.parse(manifest), 0);
	} catch (error) {
		if (error instanceof SyntaxError) return fail(error.message);
		throw error;
	}
}

function arrayFrom(part: Readonly<Record<string, unknown>>, array: (named: NamedArray) => unknown): unknown {
	const { $array: kind, bytes, digest, length } = part;
	if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) return fail(`there are no arrays of kind ${kind}`);
	const Kind = kinds[kind as Kind];
	if (typeof bytes === "string") {
		const copy = Uint8Array.from(Buffer.from(bytes, "base64"));
		if (copy.length % Kind.BYTES_PER_ELEMENT !== 0) return fail("an array is cut off");
		return new Kind(copy.buffer);
	}
	if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest) || !Number.isSafeInteger(length))
		return fail("an array has no digest or length");
	const byteLength = Number(length) * Kind.BYTES_PER_ELEMENT;
	return array({ kind: kind as Kind, digest, length: Number(length), byteLength });
}

/** An array of a kind over some bytes. */
export function arrayOver(kind: Kind, memory: SharedArrayBuffer): NumberArray {
	return new (kinds[kind] as new (buffer: SharedArrayBuffer) => NumberArray)(memory);
}

function fail(reason: string): never {
	throw new FileFormatError("queue", `expected the manifest of a sweep: ${reason}`);
}
