/** Reads one number from bytes, little-endian, whose type the name of its reader tells. */
export interface NumberReader {
	readonly bytes: number;
	read(view: DataView, offset: number): number;
}

/** The numeric types that files of weights and data hold. 64-bit integers lose what a double can't hold. */
export const numberReaders = {
	float64: { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
	float32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
	float16: { bytes: 2, read: (view, offset) => halfToNumber(view.getUint16(offset, true)) },
	bfloat16: { bytes: 2, read: (view, offset) => bfloatToNumber(view.getUint16(offset, true)) },
	int64: { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
	uint64: { bytes: 8, read: (view, offset) => Number(view.getBigUint64(offset, true)) },
	int32: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
	uint32: { bytes: 4, read: (view, offset) => view.getUint32(offset, true) },
	int16: { bytes: 2, read: (view, offset) => view.getInt16(offset, true) },
	uint16: { bytes: 2, read: (view, offset) => view.getUint16(offset, true) },
	int8: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
	uint8: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
	bool: { bytes: 1, read: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1) },
} as const satisfies Record<string, NumberReader>;

export type NumberType = keyof typeof numberReaders;

/** How many bytes a number of a type takes in a file. */
export function bytesOf(type: NumberType): number {
	return numberReaders[type].bytes;
}

/** Typed arrays are in the order of the machine, files in that of nearly all machines. */
export const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * All numbers of some bytes as float32. Bytes that lie as the machine wants them are not copied: what comes is to be read,
 * not written.
 */
export function readFloats(type: NumberType, bytes: Uint8Array): Float32Array {
	const { bytes: width, read } = numberReaders[type];
	const size = Math.floor(bytes.length / width);
	if (type === "float32" && isLittleEndian) return asFloats(bytes, size);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const values = new Float32Array(size);
	for (let index = 0; index < size; index++) values[index] = read(view, index * width);
	return values;
}

function asFloats(bytes: Uint8Array, size: number): Float32Array {
	const { buffer, byteOffset } = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
	return new Float32Array(buffer, byteOffset, size);
}

export function isFloat(type: NumberType): boolean {
	return type === "float64" || type === "float32" || type === "float16" || type === "bfloat16";
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
export function halfToNumber(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
	return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
export function bfloatToNumber(bits: number): number {
	word.setUint32(0, bits << 16);
	return word.getFloat32(0);
}
