import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { OptionError, StorageError } from "../errors.js";
import { describeSystemError } from "./read.js";

/**
 * Makes a directory and those it lies in, where they are missing. Node's own way never returns where a parent is there and
 * yet takes none, as /proc.
 *
 * @throws {Error} the system's, with its code
 */
export async function makeDirectory(path: string): Promise<void> {
	try {
		await mkdir(path);
	} catch (error) {
		const code = codeOf(error);
		if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
		if (code !== "ENOENT" || (await exists(dirname(path))) || dirname(path) === path) throw error;
		await makeDirectory(dirname(path));
		await mkdir(path).catch((again: unknown) => {
			// Another process may have made it in between.
			if (codeOf(again) !== "EEXIST") throw again;
		});
	}
}

/** The directory itself where it is there, or the nearest of those it would lie in. */
export async function nearestDirectory(path: string): Promise<string> {
	const whole = resolve(path);
	const isThere = await stat(whole).then(
		(found) => found.isDirectory(),
		() => false,
	);
	return isThere || dirname(whole) === whole ? whole : nearestDirectory(dirname(whole));
}

async function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		(error: unknown) => {
			if (codeOf(error) === "ENOENT") return false;
			throw error;
		},
	);
}

function codeOf(error: unknown): unknown {
	return error instanceof Error && "code" in error ? error.code : undefined;
}

/** What is no fault of the name that was given: it may do another time. */
const noRoom = new Set(["EROFS", "ENOSPC", "EDQUOT", "EIO"]);

/**
 * Makes sure that there is a directory to write to, before work goes into what is to lie there.
 *
 * @param out what the caller named: the directory, or a file in it
 * @throws {OptionError}  when it can't be made or written
 * @throws {StorageError} when its device takes nothing
 */
export async function prepareDirectory(directory: string, out = directory): Promise<void> {
	try {
		await makeDirectory(directory);
		await access(directory, constants.W_OK);
	} catch (error) {
		if (noRoom.has(String(codeOf(error)))) throw new StorageError(out, describeSystemError(error), { cause: error });
		const what = out === directory ? "directory" : "file";
		throw new OptionError(
			"out",
			`expected a ${what} that can be written, got "${out}" (${describeSystemError(error)})`,
		);
	}
}
