import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { storing } from "./append.js";
import { makeDirectory } from "./directory.js";

/**
 * Writes a file, and the directories it lies in, under a temporary name, flushes it to the disk and then renames it, so that no
 * half-written file ever has the final name.
 *
 * @throws {StorageError} when it can't be written; what was there before is left as it was
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
	const temporary = `${path}.${process.pid}.tmp`;
	await storing(path, async () => {
		await makeDirectory(dirname(path));
		try {
			const file = await open(temporary, "w");
			try {
				await file.writeFile(content);
				await file.sync();
			} finally {
				await file.close();
			}
			await rename(temporary, path);
		} catch (error) {
			await rm(temporary, { force: true });
			throw error;
		}
	});
}

/** Writes files into a directory, each whole; their paths. */
export async function writeAll(
	directory: string,
	files: readonly { readonly name: string; readonly bytes: string | Uint8Array }[],
): Promise<string[]> {
	const paths: string[] = [];
	for (const { name, bytes } of files) {
		const path = join(directory, name);
		await writeWhole(path, bytes);
		paths.push(path);
	}
	return paths;
}
