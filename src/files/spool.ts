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
		const bytes = bytesOf(vector);
		const start = this.#count * bytes.length;
		for (let done = 0; done < bytes.length; ) {
			const { bytesWritten } = await this.#file
				.write(bytes, done, bytes.length - done, start + done)
				.catch(fail(tmpdir(), ROOM));
			done += bytesWritten;
		}
		this.#count += 1;
	}

	/** The same stretch of every vector, in views of a room for `count` times `size` numbers. */
	async stretch(first: number, size: number, room: Float32Array): Promise<Float32Array[]> {
		const parts = Array.from({ length: this.#count }, (_, row) => room.subarray(row * size, (row + 1) * size));
		for (const [row, part] of parts.entries()) await this.#fill(part, row * this.length + first);
		return parts;
	}

	/** Puts one vector, whole, into an array. */
	async read(number: number, into: Float32Array): Promise<void> {
		await this.#fill(into, number * this.length);
	}

	async #fill(part: Float32Array, first: number): Promise<void> {
		const bytes = bytesOf(part);
		for (let done = 0; done < bytes.length; ) {
			const { bytesRead } = await this.#file
				.read(bytes, done, bytes.length - done, 4 * first + done)
				.catch(fail(this.#directory));
			if (bytesRead === 0) throw new StorageError(this.#directory, "a temporary file has become shorter");
			done += bytesRead;
		}
	}

	async close(): Promise<void> {
		await this.#file.close();
		await rm(this.#directory, { recursive: true, force: true });
	}
}

/** What to do about it where the disk is full. */
const ROOM = "; networks that don't fit into memory wait there, and TMPDIR=DIRECTORY puts them elsewhere";

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
	return new Uint8Array(buffer, byteOffset, byteLength);
}

function fail(path: string, advice = "") {
	return (error: unknown): never => {
		throw new StorageError(path, `${describeSystemError(error)}${advice}`);
	};
}
