import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StorageError } from "../errors.js";
import { describeSystemError } from "./read.js";

/** Vectors of one length in a file for the time being, for when they would not fit into memory together. */
export class Spool {
	readonly length: number;
	readonly #directory: string;
	readonly #file: FileHandle;
	#count = 0;

	private constructor(length: number, directory: string, file: FileHandle) {
		this.length = length;
		this.#directory = directory;
		this.#file = file;
	}

	/** @throws {StorageError} when it can't be written */
	static async open(length: number): Promise<Spool> {
		const directory = await mkdtemp(join(tmpdir(), "isoloss-")).catch(fail(tmpdir()));
		const file = await open(join(directory, "vectors"), "w+").catch(fail(directory));
		// Where a file that is open may lose its name, nothing of it outlives the process, however that ends.
		if (process.platform !== "win32") await rm(directory, { recursive: true });
		return new Spool(length, directory, file);
	}

	get count(): number {
		return this.#count;
	}

	/** @throws {StorageError} when there is no room left */
	async append(vector: Float32Array): Promise<void> {
		const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
		await this.#file.write(bytes, 0, bytes.length, this.#count * bytes.length).catch(fail(this.#directory));
		this.#count += 1;
	}

	/** The same stretch of every vector. */
	async stretch(first: number, size: number): Promise<Float32Array[]> {
		const parts: Float32Array[] = [];
		for (let row = 0; row < this.#count; row++) {
			const part = new Float32Array(size);
			const bytes = new Uint8Array(part.buffer);
			await this.#file.read(bytes, 0, bytes.length, 4 * (row * this.length + first)).catch(fail(this.#directory));
			parts.push(part);
		}
		return parts;
	}

	/** One vector, whole. */
	async row(number: number): Promise<Float32Array> {
		const vector = new Float32Array(this.length);
		const bytes = new Uint8Array(vector.buffer);
		await this.#file.read(bytes, 0, bytes.length, 4 * number * this.length).catch(fail(this.#directory));
		return vector;
	}

	async close(): Promise<void> {
		await this.#file.close();
		await rm(this.#directory, { recursive: true, force: true });
	}
}

function fail(path: string) {
	return (error: unknown): never => {
		throw new StorageError(path, describeSystemError(error));
	};
}
