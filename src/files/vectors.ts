/** Vectors as the bytes that files hold: little-endian, one number after another. Runs in browsers too. */

/** A copy, for the values may change while it is written; typed arrays lie in memory little-endian wherever Node runs. */
export function toBytes(values: Float32Array | Float64Array): Uint8Array {
	return Uint8Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function toFloats(bytes: Uint8Array): Float32Array {
	return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** Wherever the bytes begin. */
export function toDoubles(bytes: Uint8Array): Float64Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Float64Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => view.getFloat64(8 * i, true));
}
