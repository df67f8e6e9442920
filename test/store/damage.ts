import { FileFormatError } from "../../src/errors.js";

/** The bytes with one bit changed. */
export function bitChanged(bytes: Uint8Array, bit: number): Uint8Array {
	const changed = Uint8Array.from(bytes);
	changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return changed;
}

/** The bytes once for each of their bits, with that one changed. */
export function changedBits(bytes: Uint8Array): (readonly [bit: number, changed: Uint8Array])[] {
	return Array.from({ length: 8 * bytes.length }, (_, bit) => [bit, bitChanged(bytes, bit)] as const);
}

/** Whether reading ends in a tagged error; any other is thrown on. */
export function isRefused(read: () => unknown): boolean {
	try {
		read();
		return false;
	} catch (error) {
		if (error instanceof FileFormatError) return true;
		throw error;
	}
}
