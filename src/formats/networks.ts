import { dirname, extname, join } from "node:path";
import { OptionError } from "../errors.js";
import { readInput } from "../files/read.js";
import { matchNames } from "../network/names.js";
import type { Network } from "../network/network.js";
import { fromNamedTensors, type NamedTensor, type State } from "../network/parameters.js";
import { importKeras } from "./keras/index.js";
import { parseNpzWeights } from "./npz-weights.js";
import { importOnnx, onnxTensors } from "./onnx/index.js";
import { parsePyTorch } from "./pytorch/state-dict.js";
import { parseSafetensors } from "./safetensors.js";

type Besides = (location: string) => Uint8Array;

/** Formats that hold a network whole: its graph and its values. One line each. */
const models: Readonly<Record<string, (bytes: Uint8Array, path: string, besides: Besides) => Network>> = {
	".json": importKeras,
	".onnx": importOnnx,
};

type ReadTensors = (bytes: Uint8Array, path: string, besides: Besides) => ReadonlyMap<string, NamedTensor>;

const safetensors: ReadTensors = (bytes, path) => parseSafetensors(bytes, path).tensors;

/** Formats of weights for a network that is known. One line each. */
const weights: Readonly<Record<string, ReadTensors>> = {
	".safetensors": safetensors,
	".pt": parsePyTorch,
	".pth": parsePyTorch,
	".npz": parseNpzWeights,
	".onnx": onnxTensors,
};

/** Whether a path is one of a file that `readModel` reads; the name of a built-in network is not. */
export function isModelFile(path: string): boolean {
	return Object.hasOwn(models, extname(path).toLowerCase());
}

/**
 * Reads a network with its values from a file, by the ending of its name.
 *
 * @throws {OptionError}     when the ending is none of a format with a graph
 * @throws {FileFormatError} when the file is missing or damaged
 * @throws {GraphError}      listing what of the network is not supported
 */
export function readModel(path: string): Network {
	const ending = extname(path).toLowerCase();
	const read = Object.hasOwn(models, ending) ? models[ending] : undefined;
	if (read === undefined) {
		const hint = Object.hasOwn(weights, ending) ? " (this format holds weights without the network)" : "";
		throw new OptionError("model", `expected a file of ${Object.keys(models).join(", ")}, got "${path}"${hint}`);
	}
	return read(readInput(path), path, besides(path));
}

/** Whether a path is one of a file that `readTensors` reads. */
export function isWeightsFile(path: string): boolean {
	return Object.hasOwn(weights, extname(path).toLowerCase());
}

/**
 * Reads the tensors of a file by name, by the ending of the file's name; without one that is known, as safetensors.
 *
 * @throws {FileFormatError} when the file is missing or damaged
 */
export function readTensors(path: string): ReadonlyMap<string, NamedTensor> {
	const read = weights[extname(path).toLowerCase()] ?? safetensors;
	return read(readInput(path), path, besides(path));
}

/**
 * Reads the values of a network that is known, by the ending of the file's name; without one that is known, as safetensors.
 *
 * @throws {FileFormatError}     when the file is missing or damaged
 * @throws {LayoutMismatchError} when its tensors are not those of the network
 */
export function readWeights(path: string, { graph, ignored }: Pick<Network, "graph" | "ignored">): State {
	const tensors = matchNames(graph, readTensors(path), path, ignored);
	return fromNamedTensors(graph, tensors, path);
}

/** Reads files that a model names, which lie in its folder. */
function besides(path: string): Besides {
	return (location) => readInput(join(dirname(path), location));
}
