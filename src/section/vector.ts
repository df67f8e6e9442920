import { readSync } from "node:fs";

/**
 * One value a parameter, in the layout of the parameters. Random directions are float32 like the parameters; a difference
 * of two networks is float64, which holds it exactly, so that a line between them ends exactly at both.
 */
export type Vector = Float32Array | Float64Array;

/**
 * A vector that lies in a file and is read part by part, by any thread of the process that has written it: plain data. The file has
 * no name any more, so that nothing of it is left however the process ends.
 */
export interface StoredVector {
	readonly descriptor: number;
	readonly type: "float32" | "float64";
	readonly length: number;
}

/** A vector of a section, wherever it lies. */
export type PlacedVector = Vector | StoredVector;

/** Numbers of a stored vector that are read or written at a time where nobody asks for a part: 256 kB of float32. */
const STRETCH = 1 << 16;

/** What makes room for numbers of a type. */
export const arrays = { float32: Float32Array, float64: Float64Array };

export function isStored(vector: PlacedVector): vector is StoredVector {
	return !ArrayBuffer.isView(vector);
}

/** Fills an array with a vector's numbers from the number `first` on; of a stored one it has to be of its type. */
export function readNumbers(vector: PlacedVector, first: number, target: Vector): void {
	if (!isStored(vector)) {
		target.set(vector.subarray(first, first + target.length));
		return;
	}
	const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
	const start = first * target.BYTES_PER_ELEMENT;
	for (let done = 0; done < bytes.length; ) {
		const read = readSync(vector.descriptor, bytes, done, bytes.length - done, start + done);
		if (read === 0) throw new RangeError(`a stored vector of ${vector.length} numbers ends at byte ${start + done}`);
		done += read;
	}
}

/** Some numbers of a vector: a view, or, of a stored one, a copy. */
export function partOf(vector: PlacedVector, first: number, count: number): Vector {
	if (!isStored(vector)) return vector.subarray(first, first + count);
	const part = new arrays[vector.type](count);
	readNumbers(vector, first, part);
	return part;
}

/** All numbers of a vector; itself where it is in memory. */
export function inMemory(vector: PlacedVector): Vector {
	return isStored(vector) ? partOf(vector, 0, vector.length) : vector;
}

/** Stretches [first, count] to take vectors of one length in: all at once where none is stored. */
export function* stretchesOf(length: number, vectors: readonly PlacedVector[]): Generator<[number, number]> {
	const most = vectors.some(isStored) ? STRETCH : length;
	for (let first = 0; first < length; first += most) yield [first, Math.min(most, length - first)];
}

/** The numbers of a vector, one stretch after another. */
export function* partsOf(vector: PlacedVector): Generator<Vector> {
	for (const [first, count] of stretchesOf(vector.length, [vector])) yield partOf(vector, first, count);
}
