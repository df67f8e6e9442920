import { unzipSync } from "fflate";
import { FileFormatError } from "../errors.js";

/** What the entries of an archive may take together; a small file can claim any size. */
const MAX_BYTES = 2 ** 30;

/** Deflate packs at most 1032 bytes into one: a claim beyond that is a lie, told to make a reader reserve memory. */
const MAX_RATIO = 1032;

/** The shortest record that the directory of an archive holds for an entry. */
const ENTRY_BYTES = 46;

/**
 * The entries of a zip archive by name.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are no whole zip archive, or its entries would take more than 1 GiB
 */
export function unzip(bytes: Uint8Array, path: string): Map<string, Uint8Array> {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	if (bytes.length < 22) return fail("truncated: too short for a zip archive");
	let total = 0;
	let count = 0;
	const check = ({ name, size, originalSize }: { name: string; size: number; originalSize: number }) => {
		total += originalSize;
		count += 1;
		// fflate believes the count at the end of the file, and reads on beyond it.
		if (count * ENTRY_BYTES > bytes.length) fail("damaged: it claims more entries than it has room for");
		if (originalSize > size * MAX_RATIO + 64 || size > bytes.length)
			fail(`entry ${name} claims ${originalSize} bytes, which its ${size} can't hold`);
		if (total > MAX_BYTES) fail(`its entries would take more than ${MAX_BYTES} bytes`);
		return true;
	};
	try {
		const entries = unzipSync(bytes, {
			filter: ({ name, size, originalSize }) => check({ name, size, originalSize }),
		});
		return new Map(Object.entries(entries));
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		return fail(`not a zip archive, or damaged (${error instanceof Error ? error.message : String(error)})`);
	}
}

/** Whether bytes begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}
