import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeDirectory, prepareDirectory } from "../files/directory.js";
import { removeLitter } from "../files/litter.js";

/** Bytes that are read from a file at a time. */
const PIECE = 4 << 20;

const DIGEST = /^[0-9a-f]{64}$/;

/** Where payloads are kept where nothing is said. */
export function usualCache(): string {
	return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "isoloss");
}

/**
 * Payloads on disk, each a file with the name of its SHA-256, so that a worker has them at the next sweep of the same network. Together
 * they take no more than a limit: those that have gone unused for longest make room. Several workers of a machine may share a directory.
 */
export class PayloadCache {
	readonly directory: string;
	/** In bytes. */
	readonly limit: number;
	/** Payloads that are in memory for as long as somebody uses them. */
	readonly #inUse = new Map<string, WeakRef<SharedArrayBuffer>>();

	private constructor(directory: string, limit: number) {
		this.directory = directory;
		this.limit = limit;
	}

	/** @throws {OptionError} when the directory can't be made or written */
	static async open(directory: string, limit: number): Promise<PayloadCache> {
		await prepareDirectory(directory);
		await removeLitter(directory, DIGEST);
		return new PayloadCache(directory, limit);
	}

	/**
	 * Reads a payload.
	 *
	 * @param into as long as it is
	 * @returns false where there is none, or its bytes are not those that its name says; such a file is removed
	 */
	async read(digest: string, into: Uint8Array): Promise<boolean> {
		const path = join(this.directory, digest);
		const file = await open(path).catch(() => undefined);
		if (file === undefined) return false;
		const hash = createHash("sha256");
		const whole = await readAll(file, into, hash).finally(() => file.close());
		if (!whole || hash.digest("hex") !== digest) {
			await rm(path, { force: true });
			return false;
		}
		const now = new Date();
		await utimes(path, now, now).catch(() => undefined);
		return true;
	}

	/** The memory that a payload was read into, where it is still in use: the next job of a computation needs the same data. */
	inUse(digest: string): SharedArrayBuffer | undefined {
		const memory = this.#inUse.get(digest)?.deref();
		if (memory === undefined) this.#inUse.delete(digest);
		return memory;
	}

	/** Remembers where a whole payload lies, which nobody writes to any more. */
	use(digest: string, memory: SharedArrayBuffer): void {
		this.#inUse.set(digest, new WeakRef(memory));
	}

	/** Starts to keep a payload that comes part by part. Where the disk takes no more, it is not kept. */
	async write(digest: string, bytes: number): Promise<PayloadWriter> {
		await this.#makeRoom(bytes);
		const path = join(this.directory, digest);
		const temporary = `${path}.${process.pid}.tmp`;
		await makeDirectory(this.directory).catch(() => undefined);
		return new PayloadWriter(path, temporary, await open(temporary, "w").catch(() => undefined));
	}

	async #makeRoom(bytes: number): Promise<void> {
		const names = (await readdir(this.directory).catch(() => [])).filter((name) => DIGEST.test(name));
		const files = (
			await Promise.all(
				names.map(async (name) => {
					const path = join(this.directory, name);
					const entry = await stat(path).catch(() => undefined);
					return entry && { path, bytes: entry.size, used: entry.mtimeMs };
				}),
			)
		).filter((file) => file !== undefined);
		let taken = files.reduce((sum, file) => sum + file.bytes, 0);
		for (const file of files.sort((a, b) => a.used - b.used)) {
			if (taken + bytes <= this.limit) return;
			await rm(file.path, { force: true });
			taken -= file.bytes;
		}
	}
}

async function readAll(file: FileHandle, into: Uint8Array, hash: Hash): Promise<boolean> {
	const room = new Uint8Array(Math.min(PIECE, into.length));
	let at = 0;
	while (at < into.length) {
		const { bytesRead } = await file.read(room, 0, Math.min(room.length, into.length - at), at);
		if (bytesRead === 0) return false;
		hash.update(room.subarray(0, bytesRead));
		into.set(room.subarray(0, bytesRead), at);
		at += bytesRead;
	}
	return (await file.stat()).size === into.length;
}

/** A payload on its way to the disk, under a temporary name until it is whole. */
export class PayloadWriter {
	readonly #path: string;
	readonly #temporary: string;
	#file: FileHandle | undefined;

	constructor(path: string, temporary: string, file: FileHandle | undefined) {
		this.#path = path;
		this.#temporary = temporary;
		this.#file = file;
	}

	async add(bytes: Uint8Array): Promise<void> {
		await this.#file?.appendFile(bytes).catch(() => this.drop());
	}

	async keep(): Promise<void> {
		const file = this.#file;
		this.#file = undefined;
		if (file === undefined) return;
		await file.close();
		await rename(this.#temporary, this.#path).catch(() => rm(this.#temporary, { force: true }));
	}

	async drop(): Promise<void> {
		const file = this.#file;
		this.#file = undefined;
		await file?.close().catch(() => undefined);
		await rm(this.#temporary, { force: true });
	}
}
