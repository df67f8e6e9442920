import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, extname, join, sep } from "node:path";
import type { RawData } from "../data/raw.js";
import { FileFormatError, OptionError } from "../errors.js";
import { describeSystemError, readInput } from "../files/read.js";
import { openSource } from "../files/source.js";
import { matchNames } from "../network/names.js";
import type { Network } from "../network/network.js";
import { fromNamedTensors, type NamedTensor, type State } from "../network/parameters.js";
import type { DataOptions, FileFormat, NetworkOptions, ReadBeside, ReadTensors, WeightsOptions } from "./format.js";
import { recognise } from "./recognise.js";

export type { NumericArray, RawData } from "../data/raw.js";
export type { Source } from "../files/frames.js";
export type { NamedTensor } from "../network/parameters.js";
export type {
	Apart,
	DataOptions,
	FileFormat,
	LeftInFile,
	NetworkOptions,
	ReadBeside,
	ReadData,
	ReadNetwork,
	ReadTensors,
	WeightsOptions,
} from "./format.js";
export { fromLayersModel, type LayersModelLike } from "./keras/layers-model.js";
export { readMetadata, writeWeights } from "./safetensors.js";

const onnx = () => import("./onnx/index.js");
const onnxParts = () => import("./onnx/apart.js");
const keras = () => import("./keras/index.js");
const kerasHdf5 = () => import("./keras/hdf5.js");
const kerasArchive = () => import("./keras/archive.js");
const pytorch = () => import("./pytorch/state-dict.js");
const safetensors = () => import("./safetensors.js");
const safetensorsIndex = () => import("./safetensors-index.js");
const npzWeights = () => import("./npz-weights.js");
const arrays = () => import("./arrays.js");
const csv = () => import("./csv.js");
const imageFolder = () => import("./images/folder.js");

/** Every format there is; a new one is a file of its own and a line here. */
const formats: FileFormat[] = [
	{ name: "Keras", endings: [".json"], network: async () => (await keras()).importKeras },
	{
		name: "Keras HDF5",
		endings: [".h5", ".hdf5"],
		network: async () => {
			const { importKerasHdf5 } = await kerasHdf5();
			return (bytes, path, _, options = {}) => importKerasHdf5(bytes, path, options);
		},
		weights: async () => (await kerasHdf5()).kerasTensors,
	},
	{
		name: "Keras archive",
		endings: [".keras"],
		network: async () => {
			const { importKerasArchive } = await kerasArchive();
			return (bytes, path, _, options = {}) => importKerasArchive(bytes, path, options);
		},
		weights: async () => (await kerasArchive()).kerasArchiveTensors,
	},
	{
		name: "ONNX",
		endings: [".onnx"],
		apart: async () => (await onnxParts()).onnxApart,
		network: async () => (await onnx()).importOnnx,
		weights: async () => (await onnx()).onnxTensors,
	},
	{
		name: "index of safetensors",
		endings: [".json"],
		weights: async () => (await safetensorsIndex()).readShardedSafetensors,
	},
	{ name: "safetensors", endings: [".safetensors"], weights: async () => (await safetensors()).safetensorsWeights },
	{ name: "PyTorch", endings: [".pt", ".pth", ".ckpt"], weights: async () => (await pytorch()).parsePyTorch },
	{
		name: "npz",
		endings: [".npz"],
		weights: async () => (await npzWeights()).parseNpzWeights,
		data: async () => (await arrays()).readNpzData,
		isAlone: true,
	},
	{ name: "npy", endings: [".npy"], data: async () => (await arrays()).readNpyData, isAlone: true },
	{ name: "table", endings: [".csv", ".tsv"], data: async () => (await csv()).readCsvData, isAlone: true },
	{ name: "folder of images", endings: ["/"], data: async () => (await imageFolder()).readImageFolder },
];

/** What a format can be read as. */
export type Reading = "network" | "weights" | "data";

/**
 * Makes a format one of those that are read by the ending of a file's name; one that has been there for an ending before
 * goes without it.
 *
 * @throws {OptionError} when it has no ending, or nothing can be read of it
 */
export function registerFormat(format: FileFormat): void {
	if (format.endings.length === 0 || !format.endings.every((ending) => ending === "/" || /^\.[^A-Z/]+$/.test(ending)))
		throw new OptionError("endings", `expected endings in lower case with their dot, got "${format.endings}"`);
	if (!(["network", "weights", "data"] as const).some((reading) => format[reading] !== undefined))
		throw new OptionError("format", `expected a reader of networks, weights or data for ${format.name}`);
	formats.unshift(format);
}

/** The endings of the files that can be read as networks, weights or data. */
export function endingsOf(reading: Reading): string[] {
	return [...new Set(formats.filter((format) => format[reading] !== undefined).flatMap(({ endings }) => endings))];
}

function find(path: string, reading: Reading): FileFormat | undefined {
	const ending = isDirectory(path) ? "/" : extname(path).toLowerCase();
	return formats.find((format) => format[reading] !== undefined && format.endings.includes(ending));
}

function isDirectory(path: string): boolean {
	return existsSync(path) && statSync(path).isDirectory();
}

/** Whether a path is one of a file that `readNetwork` reads; the name of a built-in network is not. */
export function isNetworkFile(path: string): boolean {
	return find(path, "network") !== undefined;
}

/** Whether a path is one of a file that `readTensors` reads. */
export function isWeightsFile(path: string): boolean {
	return find(path, "weights") !== undefined;
}

/** Whether a path is one that `readData` reads; the name of a built-in data set is not. */
export function isDataFile(path: string): boolean {
	return find(path, "data") !== undefined;
}

/**
 * Reads a network with its values from a file, by the ending of its name.
 *
 * @throws {OptionError}     when the ending is none of a format with a graph
 * @throws {FileFormatError} when the file is missing or damaged
 * @throws {GraphError}      listing what of the network is not supported
 */
export async function readNetwork(path: string, options?: NetworkOptions): Promise<Network> {
	const format = find(path, "network");
	const read = await format?.network?.();
	if (read === undefined) {
		const hint = isWeightsFile(path) ? " (this format holds weights without the network)" : "";
		throw new OptionError("model", `expected a file of ${endingsOf("network").join(", ")}, got "${path}"${hint}`);
	}
	return reading(path, format, (bytes, beside) => read(bytes, path, beside, options));
}

/**
 * Reads the tensors of a file by name, by the ending of the file's name; without one that is known, by what the file is.
 *
 * @throws {FileFormatError} when the file is missing or damaged, or is none of weights
 */
export async function readTensors(path: string, options?: WeightsOptions): Promise<ReadonlyMap<string, NamedTensor>> {
	const format = find(path, "weights");
	const known = await format?.weights?.();
	if (known !== undefined) return reading(path, format, (bytes, beside) => known(bytes, path, beside, options));
	const bytes = readInput(path);
	return (await readerOf(bytes, path))(bytes, path, besides(path), options);
}

/** Bytes from which on a file is read in parts, where its format can be. */
const LARGE = 16 << 20;

/** Gives a reader the bytes of a file, all of them or without what it finds in the file when it wants it. */
async function reading<T>(
	path: string,
	format: FileFormat | undefined,
	read: (bytes: Uint8Array, beside: ReadBeside) => T,
): Promise<T> {
	const apart = await format?.apart?.();
	if (apart === undefined || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) < LARGE)
		return read(readInput(path), besides(path));
	const source = openSource(path);
	try {
		const found = apart(source);
		return found === undefined
			? read(readInput(path), besides(path))
			: read(found.bytes, Object.assign(besides(path), { left: found.left }));
	} finally {
		source.close();
	}
}

/** A reader by the first bytes of a file: `.ckpt`, `.bin`, `.pkl` and the like hold weights of several kinds. */
async function readerOf(bytes: Uint8Array, path: string): Promise<ReadTensors> {
	const { kind, format } = recognise(bytes);
	const known = formats.find(({ name }) => name === format);
	const read = await known?.weights?.();
	if (read !== undefined) return read;
	const wanted = `weights are read from ${endingsOf("weights").join(", ")}`;
	throw new FileFormatError(
		path,
		kind === undefined ? `of a kind that is not known here; ${wanted}` : `is ${kind}; ${wanted}`,
	);
}

/**
 * Reads the values of a network that is known, by the ending of the file's name; without one that is known, by what it is.
 *
 * @throws {FileFormatError}     when the file is missing or damaged
 * @throws {LayoutMismatchError} when its tensors are not those of the network
 */
export async function readWeights(
	path: string,
	{ graph, ignored }: Pick<Network, "graph" | "ignored">,
	options?: WeightsOptions,
): Promise<State> {
	const tensors = matchNames(graph, await readTensors(path, options), path, ignored);
	return fromNamedTensors(graph, tensors, path);
}

/**
 * Reads samples and targets from a file, or images from a folder.
 *
 * @throws {OptionError}     when the ending is none of a format of data
 * @throws {FileFormatError} when the file is missing or damaged
 */
export async function readData(path: string, options: DataOptions): Promise<RawData> {
	const read = await find(path, "data")?.data?.();
	if (read === undefined) {
		const endings = endingsOf("data").filter((ending) => ending !== "/");
		throw new OptionError("data", `expected a file of ${endings.join(", ")} or a folder, got "${path}"`);
	}
	return read(path, options);
}

/** Data that are read alike whatever a network takes, before it is known; undefined of others. */
export async function readDataAlone(path: string, options: Omit<DataOptions, "input">): Promise<RawData | undefined> {
	return find(path, "data")?.isAlone === true
		? readData(path, { ...options, input: { name: "x", shape: [] } })
		: undefined;
}

/** Reads files that a model names, which lie in its folder. */
function besides(path: string): ReadBeside {
	return (location) => {
		const beside = join(dirname(path), location);
		const file = realPath(beside);
		// A link may lead elsewhere, as long as the model's own link leads to the same folder.
		const folders = [realPath(dirname(path)), dirname(realPath(path))];
		if (!folders.some((folder) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep)))
			throw new FileFormatError(beside, `leads to ${file}, which is not in the folder of ${path}`);
		return readInput(beside);
	};
}

/** @throws {FileFormatError} when there is no such file */
function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch (error) {
		throw new FileFormatError(path, describeSystemError(error));
	}
}
