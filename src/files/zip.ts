import { crc32 } from "node:zlib";
import { unzipSync } from "fflate";
import { FileFormatError } from "../errors.js";
import { unpackBound } from "./limits.js";

/** Deflate packs at most 1032 bytes into one: a claim beyond that is a lie, told to make a reader reserve memory. */
const MAX_RATIO = 1032;

/** The shortest record that the directory of an archive holds for an entry. */
const ENTRY_BYTES = 46;

/**
 * The entries of a zip archive by name.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are no whole zip archive, or its entries would take more than it may unpack to
 */
export function unzip(bytes: Uint8Array, path: string): Map<string, Uint8Array> {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	if (bytes.length < 22) return fail("truncated: too short for a zip archive");
	const most = unpackBound(bytes.length);
	let total = 0;
	let count = 0;
	const check = ({ name, size, originalSize }: { name: string; size: number; originalSize: number }) => {
		total += originalSize;
		count += 1;
		// fflate believes the count at the end of the file, and reads on beyond it.
		if (count * ENTRY_BYTES > bytes.length) fail("damaged: it claims more entries than it has room for");
		if (originalSize > size * MAX_RATIO + 64 || size > bytes.length)
			fail(`entry ${name} claims ${originalSize} bytes, which its ${size} can't hold`);
		if (total > most) fail(`its entries would take more than ${most} bytes; save them unpacked`);
		return true;
	};
	try {
		const entries = unzipSync(bytes, {
			filter: ({ name, size, originalSize }) => check({ name, size, originalSize }),
		});
		checkEntries(bytes, entries, fail);
		return new Map(Object.entries(entries));
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		return fail(`not a zip archive, or damaged (${error instanceof Error ? error.message : String(error)})`);
	}
}

/** What the directory at the end of an archive says of an entry: its CRC-32, which unpacking does not look at. */
function checkEntries(
	bytes: Uint8Array,
	entries: Readonly<Record<string, Uint8Array>>,
	fail: (message: string) => never,
): void {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const seen = new Set<string>();
	let at = directoryAt(view, fail);
	while (at + ENTRY_BYTES <= bytes.length && view.getUint32(at, true) === 0x02014b50) {
		const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
		const [nameLength = 0] = lengths;
		const raw = bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
		// Bit 11 says that the name is UTF-8; else each byte is a character, as fflate reads it.
		const isUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
		const name = isUtf8 ? new TextDecoder().decode(raw) : String.fromCharCode(...raw);
		const content = entries[name];
		if (seen.has(name)) fail(`holds two entries called ${name}`);
		seen.add(name);
		if (content !== undefined && crc32(content) !== view.getUint32(at + 16, true))
			fail(`entry ${name} is damaged: its CRC-32 does not fit`);
		at += ENTRY_BYTES + lengths.reduce((sum, length) => sum + length, 0);
	}
	const missing = Object.keys(entries).find((name) => !seen.has(name));
	if (missing !== undefined) fail(`entry ${missing} is not in the archive's directory`);
}

/** Where the directory begins: the end of the archive says so, in four bytes or, before it, in eight. */
function directoryAt(view: DataView, fail: (message: string) => never): number {
	let end = view.byteLength - 22;
	while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
	if (end < 0) return fail("not a zip archive: its end is missing");
	const at = view.getUint32(end + 16, true);
	if (at !== 0xffffffff) return at;
	if (end < 20 || view.getUint32(end - 20, true) !== 0x07064b50) return fail("damaged: its directory is missing");
	const record = Number(view.getBigUint64(end - 12, true));
	if (!(record + 56 <= view.byteLength)) return fail("damaged: its directory is missing");
	return Number(view.getBigUint64(record + 48, true));
}

/** Whether bytes begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}
