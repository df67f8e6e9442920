import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { quantities, type Surface } from "./surface.js";

/** SHA-256, in hexadecimal, over the values of each quantity in turn: float64, little-endian, row order, one bit pattern for NaN. */
export function surfaceDigest(surface: Surface): string {
	const hash = sha256.create();
	for (const quantity of quantities) hash.update(canonicalBytes(surface[quantity]));
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
