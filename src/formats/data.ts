import { existsSync, statSync } from "node:fs";
import { extname } from "node:path";
import type { RawData } from "../data/raw.js";
import { FileFormatError, OptionError } from "../errors.js";
import { readInput } from "../files/read.js";
import type { GraphInput } from "../network/graph.js";
import { parseNpyData, parseNpzData } from "./arrays.js";
import { parseCsv } from "./csv.js";
import { readImageFolder } from "./image-folder.js";

export interface DataOptions {
	/** What the network takes; images are resized to it. */
	readonly input: GraphInput;
	/** The column of a table that is the target. */
	readonly target?: string;
}

/** Formats of data by the ending of the name. One line each. */
const formats: Readonly<Record<string, (path: string, options: DataOptions) => RawData>> = {
	".npz": (path) => parseNpzData(readInput(path), path),
	".npy": (path) => parseNpyData(readInput(path), readInput(targetsBeside(path)), path),
	".csv": (path, { target }) => parseCsv(readInput(path), path, target),
	".tsv": (path, { target }) => parseCsv(readInput(path), path, target),
};

/** Whether a path is one that `readData` reads; the name of a built-in data set is not. */
export function isDataFile(path: string): boolean {
	return Object.hasOwn(formats, extname(path).toLowerCase()) || (existsSync(path) && statSync(path).isDirectory());
}

/**
 * Reads samples and targets from a file, or images from a folder; `toDataset` arranges them for a network.
 *
 * @throws {OptionError}     when the ending is none of a format of data
 * @throws {FileFormatError} when the file is missing or damaged
 */
export async function readData(path: string, options: DataOptions): Promise<RawData> {
	if (existsSync(path) && statSync(path).isDirectory()) return readImageFolder(path, options.input);
	const ending = extname(path).toLowerCase();
	const read = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
	if (read === undefined)
		throw new OptionError("data", `expected a file of ${Object.keys(formats).join(", ")} or a folder, got "${path}"`);
	return read(path, options);
}

/** The targets of x.npy are in y.npy beside it. */
function targetsBeside(path: string): string {
	const beside = path.replace(/x(?=\.npy$)/i, (x) => (x === "x" ? "y" : "Y"));
	if (beside === path) throw new FileFormatError(path, "expected a name that ends in x.npy, with y.npy beside it");
	return beside;
}
