import { type FileHandle, open, stat } from "node:fs/promises";
import { StorageError } from "../errors.js";
import { describeSystemError } from "./read.js";

/** Between two times that what has been written is flushed to the disk: a crash of the machine loses no more. */
const FLUSH_INTERVAL_MS = 5000;

/**
 * A file that is only appended to. What is appended is written whole, or not at all: after an error the file is cut back to
 * where it was.
 */
export class AppendFile {
	readonly #path: string;
	readonly #file: FileHandle;
	#length: number;
	#flushed = performance.now();

	private constructor(path: string, file: FileHandle, length: number) {
		this.#path = path;
		this.#file = file;
		this.#length = length;
	}

	/**
	 * @param length where it is gone on; what follows is cut off
	 * @throws {StorageError} when it can't be written
	 */
	static async open(path: string, length: number): Promise<AppendFile> {
		return storing(path, async () => {
			const file = await open(path, "r+");
			await file.truncate(length);
			await file.sync();
			return new AppendFile(path, file, length);
		});
	}

	/** @throws {StorageError} when there is no room, or the file is gone */
	async append(bytes: Uint8Array): Promise<void> {
		await storing(this.#path, async () => {
			try {
				await this.#write(bytes);
			} catch (error) {
				await this.#file.truncate(this.#length);
				throw error;
			}
			this.#length += bytes.length;
			if (performance.now() - this.#flushed > FLUSH_INTERVAL_MS) await this.#flush();
		});
	}

	/** A write may take less than it is given, and that is no error of the system's. */
	async #write(bytes: Uint8Array): Promise<void> {
		for (let at = 0; at < bytes.length; ) {
			const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, this.#length + at);
			if (bytesWritten === 0) throw new StorageError(this.#path, "nothing more can be written");
			at += bytesWritten;
		}
	}

	async #flush(): Promise<void> {
		await this.#file.datasync();
		this.#flushed = performance.now();
		const [here, there] = await Promise.all([this.#file.stat(), stat(this.#path)]);
		if (here.ino !== there.ino || here.dev !== there.dev)
			throw new StorageError(this.#path, "another file has taken its place while it was written");
	}

	async close(): Promise<void> {
		try {
			await storing(this.#path, () => this.#flush());
		} finally {
			await this.#file.close();
		}
	}
}

/** Does something with a file, and says of the system's errors what and where. */
export async function storing<T>(path: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof StorageError) throw error;
		throw new StorageError(path, describeSystemError(error), { cause: error });
	}
}
