import { isRecord } from "../check/record.js";
import { FileFormatError } from "../errors.js";
import { parseJson } from "../files/json.js";
import { itemBound } from "../files/limits.js";
import { bytesOf, type NumberType, numberReaders, readFloats } from "../files/numbers.js";
import { readInput } from "../files/read.js";
import { writeWhole } from "../files/write.js";
import { checkNetwork } from "../network/check.js";
import type { Network } from "../network/network.js";
import { toNamedTensors } from "../network/parameters.js";
import { sizeOf } from "../network/shape.js";
import type { ReadTensors } from "./format.js";
import { littleEndian } from "./npy.js";

/** What a safetensors file holds: tensors by name, and texts by name. */
export interface Safetensors<V extends Float32Array | Float64Array = Float32Array> {
	readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: V }>;
	readonly metadata: Readonly<Record<string, string>>;
}

/** As the registry of formats wants it. */
export const safetensorsWeights: ReadTensors = (bytes, path) => parseSafetensors(bytes, path).tensors;

/**
 * The texts that a safetensors file carries by name: of one that isoloss has trained, the facts of its training.
 *
 * @throws {FileFormatError} when it is missing or no safetensors file
 */
export function readMetadata(path: string): Readonly<Record<string, string>> {
	return parseSafetensors(readInput(path), path).metadata;
}

/**
 * Writes the values of a network as a safetensors file, in the layout of PyTorch's state_dict.
 *
 * @param metadata texts to go along
 * @throws {OptionError | LayoutMismatchError} when they are not the network's
 */
export async function writeWeights(
	path: string,
	{ graph, state }: Pick<Network, "graph" | "state">,
	metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
	checkNetwork("network", { graph, state });
	await writeWhole(path, formatSafetensors({ tensors: toNamedTensors(graph, state), metadata }));
}

/** The format's own limit on its header. */
const MAX_HEADER_BYTES = 100_000_000;

/** The numeric types of the format that can be parameters. */
const types: Readonly<Record<string, NumberType>> = {
	F64: "float64",
	F32: "float32",
	F16: "float16",
	BF16: "bfloat16",
	I64: "int64",
};

/** What a tensor without numbers takes in memory, its name and shape included; measured with 190,000 of them. */
const TENSOR_BYTES = 1300;

/**
 * Reads a safetensors file: 8 bytes with the header's length (little-endian), the header (JSON: name to dtype, shape and
 * byte range), then the tensors' bytes.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are not a whole safetensors file with numbers in it
 * @see https://github.com/huggingface/safetensors, "Format"
 */
export function parseSafetensors(bytes: Uint8Array, path: string): Safetensors {
	return parseAs(bytes, path, readFloats);
}

/** Reads the same to the bit: tensors of float64 and of 64-bit integers as float64. */
export function parseSafetensorsExactly(bytes: Uint8Array, path: string): Safetensors<Float32Array | Float64Array> {
	return parseAs(bytes, path, readExactly);
}

function readExactly(type: NumberType, bytes: Uint8Array): Float32Array | Float64Array {
	if (type !== "float64" && type !== "int64") return readFloats(type, bytes);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const { read } = numberReaders[type];
	return Float64Array.from({ length: bytes.length / 8 }, (_, i) => read(view, 8 * i));
}

type Read<V> = (type: NumberType, bytes: Uint8Array) => V;

function parseAs<V extends Float32Array | Float64Array>(
	bytes: Uint8Array,
	path: string,
	read: Read<V>,
): Safetensors<V> {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length === 0) return fail("the file is empty; expected a safetensors file");
	const headerLength = bytes.length < 8 ? Number.NaN : Number(view.getBigUint64(0, true));
	if (!(headerLength <= MAX_HEADER_BYTES) || bytes[8] !== 0x7b) return fail("not a safetensors file");
	if (8 + headerLength > bytes.length)
		return fail(`truncated: the header alone takes ${8 + headerLength} bytes, the file has ${bytes.length}`);
	const header = bytes.subarray(8, 8 + headerLength);
	const entries = Object.entries(parseHeader(header, fail));
	const most = itemBound(bytes.length, TENSOR_BYTES);
	if (entries.length > most) return fail(`holds ${entries.length} tensors; a file of its size may hold ${most}`);
	checkNames(header, fail);
	checkRanges(entries, fail);
	const data = bytes.subarray(8 + headerLength);
	const tensors = new Map<string, { readonly shape: readonly number[]; readonly values: V }>();
	let metadata: Record<string, string> = {};
	for (const [name, entry] of entries) {
		if (name === "__metadata__") metadata = textsOf(entry, fail);
		else tensors.set(name, parseTensor(name, entry, data, { fail, read }));
	}
	return { tensors, metadata };
}

type Fail = (message: string) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): object {
	try {
		const header = parseJson(bytes);
		if (isRecord(header)) return header;
	} catch (error) {
		if (error instanceof RangeError) return fail(`its header holds ${error.message}`);
		return fail(`not a safetensors file: its header is no JSON (${error instanceof Error ? error.message : error})`);
	}
	return fail("not a safetensors file: its header is no JSON object");
}

/** JSON takes the last of two entries of one name; the format allows none. */
function checkNames(header: Uint8Array, fail: Fail): void {
	const text = new TextDecoder().decode(header);
	const seen = new Set<string>();
	let depth = 0;
	for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g)) {
		if (token === "{" || token === "[") depth += 1;
		else if (token === "}" || token === "]") depth -= 1;
		else if (depth === 1 && token.endsWith(":")) {
			const name = JSON.parse(token.slice(0, -1)) as string;
			if (seen.has(name)) fail(`two tensors are called ${name}`);
			seen.add(name);
		}
	}
}

/** No byte belongs to two tensors: else a small file could be many large ones. */
function checkRanges(entries: readonly (readonly [string, unknown])[], fail: Fail): void {
	const ranges = entries.flatMap(([name, entry]) => {
		const { data_offsets: range } = (entry ?? {}) as Record<string, unknown>;
		return name !== "__metadata__" && isWholeNumbers(range) ? [{ name, start: range[0] ?? 0, end: range[1] ?? 0 }] : [];
	});
	ranges.sort((a, b) => a.start - b.start || a.end - b.end);
	for (const [i, { name, start }] of ranges.entries()) {
		const before = ranges[i - 1];
		if (before !== undefined && start < before.end) fail(`tensors ${before.name} and ${name} share bytes`);
	}
}

function textsOf(entry: unknown, fail: Fail): Record<string, string> {
	const texts = entry !== null && typeof entry === "object" ? Object.entries(entry) : fail("__metadata__ is no object");
	return Object.fromEntries(texts.map(([key, value]) => [key, String(value)]));
}

function parseTensor<V>(
	name: string,
	entry: unknown,
	data: Uint8Array,
	{ fail, read }: { readonly fail: Fail; readonly read: Read<V> },
): { readonly shape: readonly number[]; readonly values: V } {
	const { dtype, shape, data_offsets: range } = (entry ?? {}) as Record<string, unknown>;
	const type = typeof dtype === "string" && Object.hasOwn(types, dtype) ? types[dtype] : undefined;
	if (type === undefined)
		return fail(`tensor ${name} has dtype ${dtype}; expected one of ${Object.keys(types).join(", ")}`);
	if (!isWholeNumbers(shape)) return fail(`tensor ${name} has no valid shape`);
	if (!isWholeNumbers(range) || range.length !== 2) return fail(`tensor ${name} has no valid data_offsets`);
	const [start = 0, end = 0] = range;
	const size = sizeOf(shape);
	const needed = size * bytesOf(type);
	if (end - start !== needed)
		return fail(`tensor ${name} [${shape}] ${dtype} needs ${needed} bytes, its range has ${end - start}`);
	if (end > data.byteLength)
		return fail(`truncated: tensor ${name} ends at byte ${end} of the data, the file holds ${data.byteLength}`);
	return { shape, values: read(type, data.subarray(start, end)) };
}

function isWholeNumbers(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/**
 * The bytes of a safetensors file with float32 and float64 tensors, in the order given; the same input gives the same bytes.
 * The header is padded with spaces to a multiple of 8, as the reference writer does.
 */
export function formatSafetensors({ tensors, metadata }: Safetensors<Float32Array | Float64Array>): Uint8Array {
	const header: Record<string, unknown> = {};
	if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
	let end = 0;
	for (const [name, { shape, values }] of tensors) {
		const start = end;
		end += values.byteLength;
		header[name] = { dtype: values instanceof Float64Array ? "F64" : "F32", shape, data_offsets: [start, end] };
	}
	const text = new TextEncoder().encode(JSON.stringify(header));
	const headerLength = Math.ceil(text.length / 8) * 8;
	const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
	const view = new DataView(bytes.buffer);
	view.setBigUint64(0, BigInt(headerLength), true);
	bytes.set(text, 8);
	let offset = 8 + headerLength;
	for (const { values } of tensors.values()) {
		bytes.set(littleEndian(values), offset);
		offset += values.byteLength;
	}
	return bytes;
}
