import { rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeDirectory } from "./directory.js";

/** Writes a file, and the directories it lies in, under a temporary name and then renames it, so that no half-written file ever has the final name. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
	const temporary = `${path}.${process.pid}.tmp`;
	await makeDirectory(dirname(path));
	try {
		await writeFile(temporary, content);
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
}
