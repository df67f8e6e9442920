import { crc32 } from "node:zlib";
import { unzipSync } from "fflate";
import { FileFormatError } from "../errors.js";
import { unpackBound } from "./limits.js";

type Fail = (message: string) => never;

/** Deflate packs at most 1032 bytes into one: a claim beyond that is a lie, told to make a reader reserve memory. */
const MAX_RATIO = 1032;

/** The shortest record that the directory of an archive holds for an entry, the one before its bytes, and the archive's end. */
const [ENTRY_BYTES, LOCAL_BYTES, END_BYTES] = [46, 30, 22];

/** What the directory at the end of an archive says of an entry. */
interface Entry {
	readonly name: string;
	readonly crc: number;
	/** Whether it lies in the archive as it is, not packed. */
	readonly stored: boolean;
	readonly size: number;
	readonly originalSize: number;
	/** Where the record before its bytes begins. */
	readonly at: number;
}

/**
 * The entries of a zip archive by name. One that is stored, as those of PyTorch are, comes as a view of the archive's bytes.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are no whole zip archive, or its entries would take more than it may unpack to
 */
export function unzip(bytes: Uint8Array, path: string): Map<string, Uint8Array> {
	const fail: Fail = (message) => {
		throw new FileFormatError(path, message);
	};
	if (bytes.length < END_BYTES) return fail("truncated: too short for a zip archive");
	const directory = readDirectory(bytes, fail);
	const check = sizeCheck(bytes.length, fail);
	for (const entry of directory) if (!isPacked(entry)) check(entry);
	const inflated = inflate(bytes, new Set(directory.filter(isPacked).map(({ name }) => name)), check, fail);
	return new Map(
		directory.map((entry) => {
			const content = isPacked(entry) ? inflated[entry.name] : contentAt(bytes, entry);
			if (content === undefined) return fail(`entry ${entry.name} lies outside of the archive`);
			if (crc32(content) !== entry.crc) return fail(`entry ${entry.name} is damaged: its CRC-32 does not fit`);
			return [entry.name, content];
		}),
	);
}

/** Archives of 4 GB and more write places in a way that is left to the library. */
function isPacked({ stored, size, at }: Entry): boolean {
	return !stored || size === 0xffffffff || at === 0xffffffff;
}

function readDirectory(bytes: Uint8Array, fail: Fail): Entry[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const entries = new Map<string, Entry>();
	let at = directoryAt(view, fail);
	while (at + ENTRY_BYTES <= bytes.length && view.getUint32(at, true) === 0x02014b50) {
		const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
		const [nameLength = 0] = lengths;
		const raw = bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
		// Bit 11 says that the name is UTF-8; else each byte is a character, as the library reads it.
		const isUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
		const name = isUtf8 ? new TextDecoder().decode(raw) : String.fromCharCode(...raw);
		if (entries.has(name)) fail(`holds two entries called ${name}`);
		const [crc = 0, size = 0, originalSize = 0, local = 0] = [16, 20, 24, 42].map((place) =>
			view.getUint32(at + place, true),
		);
		entries.set(name, {
			name,
			crc,
			stored: view.getUint16(at + 10, true) === 0,
			size,
			originalSize,
			at: local,
		});
		at += ENTRY_BYTES + lengths.reduce((sum, length) => sum + length, 0);
	}
	return [...entries.values()];
}

/** Where the directory begins: the end of the archive says so, in four bytes or, before it, in eight. */
function directoryAt(view: DataView, fail: Fail): number {
	let end = view.byteLength - END_BYTES;
	while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
	if (end < 0) return fail("not a zip archive: its end is missing");
	const at = view.getUint32(end + 16, true);
	if (at !== 0xffffffff) return at;
	if (end < 20 || view.getUint32(end - 20, true) !== 0x07064b50) return fail("damaged: its directory is missing");
	const record = Number(view.getBigUint64(end - 12, true));
	if (!(record + 56 <= view.byteLength)) return fail("damaged: its directory is missing");
	return Number(view.getBigUint64(record + 48, true));
}

type Sizes = Pick<Entry, "name" | "size" | "originalSize">;

/** A check of entries one after another, each and all together. */
function sizeCheck(fileBytes: number, fail: Fail): (entry: Sizes) => void {
	const most = unpackBound(fileBytes);
	let total = 0;
	return ({ name, size, originalSize }) => {
		total += originalSize;
		if (originalSize > size * MAX_RATIO + 64 || size > fileBytes)
			fail(`entry ${name} claims ${originalSize} bytes, which its ${size} can't hold`);
		if (total > most) fail(`its entries would take more than ${most} bytes; save them unpacked`);
	};
}

/** The bytes of an entry that is stored; undefined where they are not all there. */
function contentAt(bytes: Uint8Array, { at, size, originalSize }: Entry): Uint8Array | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (size !== originalSize || at + LOCAL_BYTES > bytes.length || view.getUint32(at, true) !== 0x04034b50)
		return undefined;
	const start = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
	return start + size <= bytes.length ? bytes.subarray(start, start + size) : undefined;
}

function inflate(
	bytes: Uint8Array,
	wanted: ReadonlySet<string>,
	check: (entry: Sizes) => void,
	fail: Fail,
): Readonly<Record<string, Uint8Array>> {
	let count = 0;
	try {
		return unzipSync(bytes, {
			filter: (entry) => {
				count += 1;
				// The library believes the count at the end of the file, and reads on beyond it.
				if (count * ENTRY_BYTES > bytes.length) fail("damaged: it claims more entries than it has room for");
				if (!wanted.has(entry.name)) return false;
				check(entry);
				return true;
			},
		});
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		return fail(`not a zip archive, or damaged (${error instanceof Error ? error.message : String(error)})`);
	}
}

/** Whether bytes begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}
