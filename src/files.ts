import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FileFormatError } from "./errors.js";

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

/** Writes a file, and the directories it lies in, under a temporary name and then renames it, so that no half-written file ever has the final name. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
	const temporary = `${path}.${process.pid}.tmp`;
	await mkdir(dirname(path), { recursive: true });
	try {
		await writeFile(temporary, content);
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
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
