import { readFileSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { FileFormatError } from "../errors.js";

/**
 * Reads a file that the caller named.
 *
 * @throws {FileFormatError} when there is no such file, it is no plain one (a pipe would be waited for without end), or it
 *   can't be read
 */
export function readInput(path: string): Uint8Array {
	try {
		const entry = statSync(path);
		if (!entry.isFile() && !entry.isDirectory()) throw new FileFormatError(path, "is no plain file");
		return readFileSync(path);
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		throw new FileFormatError(path, describeSystemError(error));
	}
}

const descriptions: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	EISDIR: "is a directory; expected a file",
	ENOTDIR: "a part of the path is no directory",
	EEXIST: "exists and is no directory",
	EACCES: "no permission",
	EPERM: "no permission",
	EROFS: "the file system is read-only",
	ENOSPC: "no space left on the device",
	EDQUOT: "no space left within the quota",
	EFBIG: "larger than a file may be here",
	EIO: "the device has failed",
};

/** What a file-system error means, in words; errors of other kinds are thrown on. */
export function describeSystemError(error: unknown): string {
	if (!(error instanceof Error) || !("code" in error)) throw error;
	return descriptions[String(error.code)] ?? error.message;
}

/**
 * The bytes of a file; undefined where there is none.
 *
 * @throws {FileFormatError} when it is no plain file (a pipe would be waited for without end), or can't be read
 */
export async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
	try {
		const entry = await stat(path);
		if (!entry.isFile() && !entry.isDirectory()) throw new FileFormatError(path, "is no plain file");
		return await readFile(path);
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
		throw new FileFormatError(path, describeSystemError(error));
	}
}
