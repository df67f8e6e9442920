import { readFileSync } from "node:fs";
import { FileFormatError } from "../errors.js";

/**
 * Reads a file that the caller named.
 *
 * @throws {FileFormatError} when there is no such file, or it can't be read
 */
export function readInput(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch (error) {
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
};

/** What a file-system error means, in words; errors of other kinds are thrown on. */
export function describeSystemError(error: unknown): string {
	if (!(error instanceof Error) || !("code" in error)) throw error;
	return descriptions[String(error.code)] ?? error.message;
}
