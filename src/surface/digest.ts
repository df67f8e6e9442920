import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { gridPoints } from "./grid.js";
import { isOnGrid, type Surface } from "./surface.js";

/**
 * SHA-256, in hexadecimal, over the values of each field in turn: those of the grid's points in their order, as float64,
 * little-endian, with one bit pattern for NaN. Where some are interpolated, a byte for each of the points follows, 1 for such.
 */
export function surfaceDigest(surface: Pick<Surface, "grid" | "fields" | "interpolated">): string {
	isOnGrid("surface", surface);
	const { grid, fields } = surface;
	const marks = surface.interpolated?.subarray(0, gridPoints(grid));
	const hash = sha256.create();
	for (const { values } of fields) hash.update(canonicalBytes(values.subarray(0, gridPoints(grid))));
	if (marks?.some((mark) => mark === 1)) hash.update(marks);
	return bytesToHex(hash.digest());
}

/** Float64 values as little-endian bytes, every NaN as 0x7ff8000000000000. */
export function canonicalBytes(values: Float64Array): Uint8Array {
	const view = new DataView(new ArrayBuffer(values.length * 8));
	values.forEach((value, i) => {
		if (Number.isNaN(value)) view.setBigUint64(i * 8, 0x7ff8000000000000n, true);
		else view.setFloat64(i * 8, value, true);
	});
	return new Uint8Array(view.buffer);
}
