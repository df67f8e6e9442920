/** The bytes of a .npy file, for tests. */
export function toNpy(descr: string, shape: readonly number[], values: NodeJS.TypedArray, order = "False"): Uint8Array {
	const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
	const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }`;
	const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11).concat("\n");
	const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8);
	return Buffer.concat([start, Buffer.from(padded), Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}
