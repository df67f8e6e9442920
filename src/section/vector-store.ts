import { randomUUID } from "node:crypto";
import { closeSync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describeSystemError } from "../files/read.js";
import { sharedVector } from "../network/shared-memory.js";
import { arrays, type PlacedVector, type StoredVector, stretchesOf, type Vector } from "./vector.js";

/** Bytes from which on a vector is worth a file: below, what a process holds besides is more than that would save. */
const LEAST_BYTES = 64 << 20;

/** A vector of float32 that is being made, in parts. */
export interface VectorRoom {
	/** Takes numbers, rounded, from the number `at` on; where none are put there are zeros. */
	put(values: Vector, at: number): void;
	/** The vector; nothing may be put any more. */
	done(): PlacedVector;
}

/**
 * Keeps vectors in memory, and large ones in files of a folder where there is one. Those for which the folder has no room stay in
 * memory, and a warning of the process says why: no value depends on where a vector lies.
 */
export class VectorStore {
	readonly #folder: string | null;
	readonly #least: number;

	/**
	 * @param folder one that exists; null for memory alone
	 * @param least  bytes from which on a vector is large
	 */
	constructor(folder: string | null = null, least = LEAST_BYTES) {
		this.#folder = folder;
		this.#least = least;
	}

	/** A vector as it is kept. */
	keep(vector: Vector): PlacedVector {
		const file = this.#fileFor(vector instanceof Float32Array ? "float32" : "float64", vector.length);
		if (file === undefined) return vector;
		write(file, vector, 0);
		return file;
	}

	/** Room for a vector of zeros, to be filled. */
	room(length: number): VectorRoom {
		const file = this.#fileFor("float32", length);
		return file === undefined ? new RoomInMemory(length) : new RoomInFile(file);
	}

	#fileFor(type: StoredVector["type"], length: number): StoredVector | undefined {
		if (this.#folder === null || length * arrays[type].BYTES_PER_ELEMENT < this.#least) return undefined;
		try {
			return createFile(this.#folder, type, length);
		} catch (error) {
			const why = describeSystemError(error);
			process.emitWarning(`directions stay in memory, since ${this.#folder} takes no file of them (${why})`);
			return undefined;
		}
	}
}

class RoomInMemory implements VectorRoom {
	readonly #vector: Float32Array;

	constructor(length: number) {
		this.#vector = sharedVector(length);
	}

	put(values: Vector, at: number): void {
		this.#vector.set(values, at);
	}

	done(): PlacedVector {
		return this.#vector;
	}
}

class RoomInFile implements VectorRoom {
	readonly #file: StoredVector;

	constructor(file: StoredVector) {
		this.#file = file;
	}

	put(values: Vector, at: number): void {
		for (const [first, count] of stretchesOf(values.length, [this.#file]))
			write(this.#file, Float32Array.from(values.subarray(first, first + count)), at + first);
	}

	done(): PlacedVector {
		return this.#file;
	}
}

/** Closes the files of vectors that nobody refers to any more. */
const forgotten = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

/** A file of zeros that loses its name at once. They are written, so that a full disk shows before anything is put there. */
function createFile(folder: string, type: StoredVector["type"], length: number): StoredVector {
	const path = join(folder, `.isoloss-${randomUUID()}`);
	const descriptor = openSync(path, "wx+", 0o600);
	const file = { descriptor, type, length };
	try {
		unlinkSync(path);
		for (const [first, count] of stretchesOf(length, [file])) write(file, new arrays[type](count), first);
	} catch (error) {
		closeSync(descriptor);
		throw error;
	}
	forgotten.register(file, descriptor);
	return file;
}

function write({ descriptor }: StoredVector, values: Vector, first: number): void {
	const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	const start = first * values.BYTES_PER_ELEMENT;
	for (let done = 0; done < bytes.length; )
		done += writeSync(descriptor, bytes, done, bytes.length - done, start + done);
}
