import { inflateSync } from "node:zlib";
import * as jsfive from "jsfive";
import { FileFormatError } from "../errors.js";
import { claimBound, DEPTH_BOUND, itemBound, unpackBound } from "../files/limits.js";
import { sizeOf } from "../network/shape.js";

/** An HDF5 file as far as it is needed: attributes by the path of their group or array, arrays of numbers and texts by theirs. */
export interface Hdf5<V = Float32Array> {
	/** By the path of a group or an array of numbers; that of the file is empty. */
	readonly attributes: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
	readonly arrays: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: V }>;
	/** Single texts. */
	readonly texts: ReadonlyMap<string, string>;
}

/** What a group or array takes in memory besides its numbers, as measured with empty ones. */
const ITEM_BYTES = 4096;

/** The number of HDF5's filter that packs by deflate. */
const DEFLATE = 1;

/** What a number takes while it is read. */
const NUMBER_BYTES = 16;

/** Whether bytes begin as an HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
	return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, index) => bytes[index] === byte);
}

/**
 * Reads all arrays of numbers of an HDF5 file, as float32.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when it is damaged, or of a kind that the reader does not know
 */
export function readHdf5(bytes: Uint8Array, path: string): Hdf5 {
	return readAs(bytes, path, (_, numbers) => Float32Array.from(numbers, Number));
}

/** Reads the same to the bit: float32 as such, all others as float64. */
export function readHdf5Exactly(bytes: Uint8Array, path: string): Hdf5<Float32Array | Float64Array> {
	return readAs(bytes, path, (type, numbers) =>
		/f4$/.test(type) ? Float32Array.from(numbers, Number) : Float64Array.from(numbers, Number),
	);
}

type Keep<V> = (type: string, numbers: readonly unknown[]) => V;

function readAs<V extends ArrayLike<number>>(bytes: Uint8Array, path: string, keep: Keep<V>): Hdf5<V> {
	if (!isHdf5(bytes)) throw new FileFormatError(path, "not an HDF5 file");
	try {
		return quietly(() => new Walk(bytes, keep).read());
	} catch (error) {
		// The reader throws whatever it meets in damaged bytes.
		if (error instanceof FileFormatError) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		throw new FileFormatError(path, `damaged, or an HDF5 file of a kind that is not read (${reason.slice(0, 200)})`);
	}
}

/** A walk through the groups of a file, which counts what it meets: links may lead anywhere, back, too. */
class Walk<V extends ArrayLike<number>> {
	readonly #bytes: Uint8Array;
	readonly #keep: Keep<V>;
	readonly #attributes = new Map<string, Readonly<Record<string, unknown>>>();
	readonly #arrays = new Map<string, { readonly shape: readonly number[]; readonly values: V }>();
	readonly #texts = new Map<string, string>();
	#itemsLeft: number;
	#bytesLeft: number;
	#unpackedLeft: number;

	constructor(bytes: Uint8Array, keep: Keep<V>) {
		this.#bytes = bytes;
		this.#keep = keep;
		this.#itemsLeft = itemBound(bytes.length, ITEM_BYTES);
		this.#bytesLeft = claimBound(bytes.length) + NUMBER_BYTES * bytes.length;
		this.#unpackedLeft = unpackBound(bytes.length);
	}

	read(): Hdf5<V> {
		const { buffer, byteOffset, length } = this.#bytes;
		const whole = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
		jsfive.Filters.set(DEFLATE, (packed) => this.#inflate(packed));
		this.#group(new jsfive.File(whole, ""), "", 0);
		return { attributes: this.#attributes, arrays: this.#arrays, texts: this.#texts };
	}

	/** The reader's own would unpack a part to any size. */
	#inflate(packed: ArrayBuffer): ArrayBuffer {
		const part = inflateSync(new Uint8Array(packed), { maxOutputLength: Math.max(1, this.#unpackedLeft) });
		this.#unpackedLeft -= part.length;
		return part.buffer.slice(part.byteOffset, part.byteOffset + part.length) as ArrayBuffer;
	}

	#group(group: jsfive.Group, path: string, depth: number): void {
		if (depth > DEPTH_BOUND) throw new RangeError("its groups lie too deep in each other");
		this.#attributes.set(path, group.attrs);
		for (const key of group.keys) {
			this.#itemsLeft -= 1;
			if (this.#itemsLeft < 0) throw new RangeError("it has more groups and arrays than a file of its size may");
			const inner = path === "" ? key : `${path}/${key}`;
			const item = group.get(key);
			if (item instanceof jsfive.Group) this.#group(item, inner, depth + 1);
			else this.#array(item, inner);
		}
	}

	#array(dataset: jsfive.Dataset, path: string): void {
		const { shape, dtype } = dataset;
		if (isText(dtype) && shape.length === 0) this.#text(dataset, path);
		if (typeof dtype !== "string" || !/^[<>|]?[fiub]\d+$/.test(dtype)) return;
		const size = sizeOf(shape);
		if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || !Number.isSafeInteger(size))
			throw new RangeError(`${path} has no valid shape [${shape}]`);
		this.#bytesLeft -= NUMBER_BYTES * size;
		if (this.#bytesLeft < 0) throw new RangeError(`${path} [${shape}] is larger than a file of this size may hold`);
		const values = this.#keep(dtype, dataset.value);
		if (values.length !== size) throw new RangeError(`${path} [${shape}] holds ${values.length} numbers`);
		this.#arrays.set(path, { shape: [...shape], values });
		this.#attributes.set(path, dataset.attrs);
	}

	/** The reader gives a single text as a list of one. */
	#text(dataset: jsfive.Dataset, path: string): void {
		const [text] = dataset.value;
		if (typeof text === "string") this.#texts.set(path, text.replace(/\0+$/, ""));
	}
}

/** Of fixed length, `S10`, or of any. */
function isText(type: jsfive.Dataset["dtype"]): boolean {
	return typeof type === "string" ? /^[<>|]?S\d+$/.test(type) : type[0] === "VLEN_STRING";
}

/** The reader prints what attributes it can't read, by names from the file; who needs one says so. */
function quietly<T>(work: () => T): T {
	const { warn, log } = console;
	console.warn = () => undefined;
	console.log = () => undefined;
	try {
		return work();
	} finally {
		console.warn = warn;
		console.log = log;
	}
}
