import type { NumericArray } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { claimBound } from "../files/limits.js";
import { bytesOf, isLittleEndian, type NumberType, numberReaders, readFloats } from "../files/numbers.js";
import { sizeOf, visitStrided } from "../network/shape.js";

/** NumPy's names of the types, without the sign of the byte order. */
const types: Readonly<Record<string, NumberType>> = {
	f8: "float64",
	f4: "float32",
	f2: "float16",
	i8: "int64",
	u8: "uint64",
	i4: "int32",
	u4: "uint32",
	i2: "int16",
	u2: "uint16",
	i1: "int8",
	u1: "uint8",
	b1: "bool",
};

/** Where each type is kept: 64-bit integers as doubles, which hold them up to 2^53. */
function arrayFor(type: NumberType, size: number): Float32Array | Float64Array | Int32Array | Uint8Array {
	if (type === "float64" || type === "int64" || type === "uint64" || type === "uint32") return new Float64Array(size);
	if (type === "float32" || type === "float16" || type === "bfloat16") return new Float32Array(size);
	return type === "uint8" || type === "bool" ? new Uint8Array(size) : new Int32Array(size);
}

/**
 * Reads an array that NumPy saved: a magic word, a header (a Python dictionary as text), then the numbers.
 *
 * @param path how errors call the file
 * @param most how many bytes its numbers may take in memory
 * @throws {FileFormatError} when the bytes are no whole .npy file with numbers or texts
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(bytes: Uint8Array, path: string, most = claimBound(bytes.length)): NumericArray {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	if (bytes.length < 12 || bytes[0] !== 0x93 || new TextDecoder().decode(bytes.subarray(1, 6)) !== "NUMPY")
		return fail("not a .npy file");
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const long = (bytes[6] ?? 1) >= 2;
	const start = long ? 12 : 10;
	const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
	if (end > bytes.length) return fail("truncated: its header goes beyond the end of the file");
	const header = new TextDecoder().decode(bytes.subarray(start, end));
	const [, order = "", code = ""] = /'descr':\s*'([<>|=]?)([a-zA-Z]\d*)'/.exec(header) ?? [];
	const length = Number(/^[SU](\d+)$/.exec(code)?.[1] ?? 0);
	const type = types[code];
	if (type === undefined && length === 0) return fail(`holds ${describe(header)}, not numbers or texts`);
	const width = type === undefined ? length * (code.startsWith("U") ? 4 : 1) : bytesOf(type);
	const listed = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1] ?? fail("its header has no shape");
	const shape = listed.split(",").flatMap((item) => (item.trim() === "" ? [] : [Number(item)]));
	const size = shape.reduce((product, length) => product * length, 1);
	if (!Number.isSafeInteger(size) || end + size * width !== bytes.length)
		return fail(`[${shape}] ${type ?? code} needs ${size * width} bytes, the file has ${bytes.length - end}`);
	const isColumnMajor = /'fortran_order':\s*True/.test(header);
	const isSwapped = order === ">" && width > 1;
	const body = bytes.subarray(end);
	if (type === undefined) {
		if (isColumnMajor && shape.length > 1) return fail("holds texts in columns, which are not read");
		if (size * TEXT_BYTES > most) return fail(`${size} texts take more than ${most} bytes`);
		const texts = code.startsWith("U") ? unicode(body, size, width, isSwapped) : latin(body, size, width);
		return { shape, ...numbered(texts) };
	}
	const values =
		numbers(type, isSwapped ? swapped(body, width) : body, size, most) ??
		fail(`[${shape}] ${type} takes more than ${most} bytes`);
	return { shape, type, values: isColumnMajor ? toRowMajor(values, shape) : values };
}

/** Bytes and float32 are not copied; undefined when the others would take too much. */
function numbers(type: NumberType, bytes: Uint8Array, size: number, most: number): NumericArray["values"] | undefined {
	if (type === "uint8") return new Uint8Array(bytes.buffer, bytes.byteOffset, size);
	if (type === "float32") return readFloats(type, bytes);
	if (size * arrayFor(type, 0).BYTES_PER_ELEMENT > most) return undefined;
	const values = arrayFor(type, size);
	const { bytes: width, read } = numberReaders[type];
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let index = 0; index < size; index++) values[index] = read(view, index * width);
	return values;
}

/** Big-endian numbers in the order of all others; a copy. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
	const copy = Buffer.from(bytes);
	if (width === 2) return copy.swap16();
	return width === 4 ? copy.swap32() : copy.swap64();
}

/** What a short text takes in memory, its place in lists included. */
const TEXT_BYTES = 64;

/** Texts of a fixed length in code points of four bytes, filled up with zeros. */
function unicode(bytes: Uint8Array, size: number, width: number, isBigEndian: boolean): string[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const text = (at: number) => {
		const codes = Array.from({ length: width / 4 }, (_, i) => view.getUint32(at + 4 * i, !isBigEndian));
		return codes.map((code) => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "")).join("");
	};
	return Array.from({ length: size }, (_, i) => text(i * width));
}

/** Texts of a fixed length in bytes, filled up with zeros. */
function latin(bytes: Uint8Array, size: number, width: number): string[] {
	const text = (at: number) => new TextDecoder().decode(bytes.subarray(at, at + width)).replace(/\0+$/, "");
	return Array.from({ length: size }, (_, i) => text(i * width));
}

/** Texts as numbers in the order of the texts: names of classes. */
function numbered(texts: readonly string[]): Pick<NumericArray, "type" | "values" | "names"> {
	const names = [...new Set(texts)].sort();
	const places = new Map(names.map((name, place) => [name, place]));
	return { type: "int32", values: Int32Array.from(texts, (text) => places.get(text) ?? -1), names };
}

/** An array as NumPy is given it; float64, float32 and bytes keep their type. */
export interface NpyArray {
	readonly shape: readonly number[];
	readonly values: Float64Array | Float32Array | Uint8Array;
}

/** NumPy has the numbers begin at a multiple of this. */
const ALIGNMENT = 64;

/** The bytes of an array as `numpy.save` writes it, version 1.0; the same array gives the same bytes. */
export function formatNpy({ shape, values }: NpyArray): Uint8Array {
	const type = values instanceof Float64Array ? "<f8" : values instanceof Float32Array ? "<f4" : "|u1";
	const listed = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
	const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${listed}), }`;
	const start = Math.ceil((10 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
	const bytes = new Uint8Array(start + values.byteLength);
	bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, (start - 10) & 0xff, (start - 10) >> 8]);
	bytes.set(new TextEncoder().encode(`${header.padEnd(start - 11)}\n`), 10);
	bytes.set(littleEndian(values), start);
	return bytes;
}

/** Numbers as files have them; a view where the machine has them so. */
export function littleEndian({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: NpyArray["values"]): Uint8Array {
	const bytes = new Uint8Array(buffer, byteOffset, byteLength);
	return isLittleEndian || BYTES_PER_ELEMENT === 1 ? bytes : swapped(bytes, BYTES_PER_ELEMENT);
}

function describe(header: string): string {
	const found = /'descr':\s*('[^']{0,20}'|\[)/.exec(header)?.[1];
	return found === "[" ? "records" : (found ?? "no type");
}

function toRowMajor<V extends NumericArray["values"]>(values: V, shape: readonly number[]): V {
	const out = values.slice() as V;
	const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
	visitStrided(shape, strides, 0, (here, there) => {
		out[here] = values[there] ?? Number.NaN;
	});
	return out;
}
