import { zipSync } from "fflate";
import type { NumericArray } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { claimBound } from "../files/limits.js";
import { unzip } from "../files/zip.js";
import { formatNpy, type NpyArray, parseNpy } from "./npy.js";

/**
 * Reads the arrays that NumPy saved in one file: a zip archive of .npy files.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are no whole .npz file
 */
export function parseNpz(bytes: Uint8Array, path: string): Map<string, NumericArray> {
	const arrays = new Map<string, NumericArray>();
	let left = claimBound(bytes.length);
	for (const [entry, content] of unzip(bytes, path)) {
		if (!entry.endsWith(".npy")) continue;
		const name = entry.slice(0, -".npy".length);
		const array = parseNpy(content, `${path}: ${name}`, left);
		left -= array.values.buffer === content.buffer ? 0 : array.values.byteLength;
		arrays.set(name, array);
	}
	if (arrays.size === 0) throw new FileFormatError(path, "holds no arrays");
	return arrays;
}

/** The time that a zip archive gives its entries, in this machine's zone as the format wants it: always the same bytes. */
const ENTRY_TIME = new Date(1980, 0, 1);

/** The bytes of a .npz file as `numpy.savez` writes it, nothing packed; the same arrays in the same order give the same bytes. */
export function formatNpz(arrays: ReadonlyMap<string, NpyArray>): Uint8Array {
	const entries = [...arrays].map(([name, array]) => [`${name}.npy`, formatNpy(array)] as const);
	return zipSync(Object.fromEntries(entries), { level: 0, mtime: ENTRY_TIME });
}
