import { readdir, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isOneOf, isText } from "../check/values.js";
import { type Normalisation, toDataset } from "../data/arrange.js";
import type { Dataset, SampleCount } from "../data/dataset.js";
import type { RawData, Split } from "../data/raw.js";
import { LayoutMismatchError, OptionError } from "../errors.js";
import { imagesToDataset, type Moments, readIdxDirectory } from "../formats/idx.js";
import type { Fitting } from "../formats/images/fit.js";
import { type DataOptions, isDataFile, readData, readDataAlone } from "../formats/index.js";
import type { Graph } from "../network/graph.js";

interface NamedData extends Moments {
	directory(): string;
}

/** The data sets isoloss knows by name. */
const named: Readonly<Record<string, NamedData>> = {
	mnist: {
		directory: () => fileURLToPath(new URL("../data/mnist", import.meta.url)),
		mean: 0.1307,
		deviation: 0.3081,
	},
};

export const dataNames = Object.keys(named);

/** Whether a text is the name of a data set, and not a path. */
export function isNamed(source: string): boolean {
	return Object.hasOwn(named, source);
}

/** Which samples, and how they are read. */
export interface DataRequest extends Normalisation {
	/** Of data that have several parts; the training part where nothing is said. */
	readonly split?: Split | undefined;
	/** How many of the seeded shuffle, or all of them (in the same order). */
	readonly samples: SampleCount;
	/** How images come to the network's size; `stretch` where nothing is said. */
	readonly resize?: Fitting;
	/** The column of a table that is the target; the last one where nothing is said. */
	readonly target?: string;
}

/**
 * Loads data for a network: a data set by name, a directory of IDX files, a folder of images, or a file.
 *
 * @param source one of `dataNames`, or a path
 * @param known  what is in the file, where it has been read already
 * @throws {OptionError} when there is no such name or path, or there are not enough samples
 * @throws {FileFormatError} when a file is missing or damaged
 * @throws {LayoutMismatchError} when samples or targets don't fit the network
 */
export async function loadDataFor(
	graph: Graph,
	source: string,
	request: DataRequest,
	known?: RawData,
): Promise<Dataset> {
	const { split, samples } = request;
	const [input] = graph.inputs;
	if (input === undefined) throw new LayoutMismatchError(`${graph.name} has no input`);
	if (await isFile(source)) {
		const raw = known ?? (await readData(source, { input, ...reading(request) }));
		return toDataset({ ...raw, name: basename(resolve(source)) }, graph, samples, request);
	}
	const data = await loadData(source, split ?? "train", samples, request);
	checkSamples(graph, data);
	return data;
}

/** How a file of data is read, whatever the network. */
function reading({ split, target, resize }: DataRequest): Omit<DataOptions, "input"> {
	return {
		...(target !== undefined && { target }),
		...(split !== undefined && { split }),
		...(resize !== undefined && { resize }),
	};
}

/** The data of a file, which can be read before the network is known; undefined of all other sources. */
export async function readBefore(source: string, request: DataRequest): Promise<RawData | undefined> {
	return (await isFile(source)) ? readDataAlone(source, reading(request)) : undefined;
}

/** Whether a source is read for the network it is for: a file, or a folder of images, and not a data set by name or IDX files. */
export async function isFile(source: string): Promise<boolean> {
	return !isNamed(source) && isDataFile(source) && !(await looksLikeIdx(source));
}

/** IDX files lie in the directory itself, the images of an image folder in folders within it. */
async function looksLikeIdx(path: string): Promise<boolean> {
	if (!(await isDirectory(path))) return false;
	const entries = await readdir(path, { withFileTypes: true });
	return entries.some(({ name }) => /-images.idx3-ubyte/.test(name)) || !entries.some((entry) => entry.isDirectory());
}

/**
 * Loads a data set by name, or a directory of IDX files by path.
 *
 * @throws {OptionError} when there is no such name or directory, there are not enough samples, or the numbers to normalise
 *   with are not one each
 * @throws {FileFormatError} when a file is missing or damaged
 */
export async function loadData(
	source: string,
	split: Split,
	samples: SampleCount,
	{ mean, std }: Normalisation = {},
): Promise<Dataset<Float32Array>> {
	isText("data", source);
	isOneOf(["train", "test"])("split", split);
	for (const [option, numbers] of Object.entries({ mean, std }))
		if (numbers !== undefined && numbers.length !== 1)
			throw new OptionError(option, `expected one number for images of one channel, got ${numbers.length}`);
	const known = isNamed(source) ? named[source] : undefined;
	const directory = known?.directory() ?? source;
	if (!(await isDirectory(directory)))
		throw new OptionError(
			"data",
			`expected ${dataNames.join(", ")}, a directory of IDX files, a folder of images or a file (.npz, .npy, .csv), got "${source}"`,
		);
	const name = directory === source ? basename(resolve(source)) : source;
	const moments = known && { mean: known.mean, deviation: known.deviation };
	const images = await readIdxDirectory(directory, split, moments);
	return imagesToDataset(
		name,
		{ ...images, mean: mean?.[0] ?? images.mean, deviation: std?.[0] ?? images.deviation },
		samples,
	);
}

function checkSamples(graph: Graph, data: Dataset): void {
	const expected = graph.inputs[0]?.shape ?? [];
	if (String(expected) !== String(data.sampleShape))
		throw new LayoutMismatchError(
			`${graph.name} takes samples of [${expected}], ${data.name} has [${data.sampleShape}]`,
		);
}

async function isDirectory(path: string): Promise<boolean> {
	const entry = await stat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
		throw error;
	});
	return entry?.isDirectory() ?? false;
}
