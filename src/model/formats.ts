import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { FileFormatError, OptionError } from "../errors.js";
import { matchNames } from "./names.js";
import { parseNpzWeights } from "./npz.js";
import { importOnnx, type Model, onnxTensors } from "./onnx.js";
import { fromNamedTensors, type NamedTensor, type Parameters } from "./params.js";
import { parsePyTorch } from "./pytorch.js";
import { parseSafetensors } from "./safetensors.js";

type Besides = (location: string) => Uint8Array;

/** Formats that hold a network whole: its graph and its values. One line each. */
const models: Readonly<Record<string, (bytes: Uint8Array, path: string, besides: Besides) => Model>> = {
	".onnx": importOnnx,
};

/** Formats of weights for a network that is known. One line each. */
const weights: Readonly<
	Record<string, (bytes: Uint8Array, path: string, besides: Besides) => ReadonlyMap<string, NamedTensor>>
> = {
	".safetensors": (bytes, path) => parseSafetensors(bytes, path).tensors,
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
export function readModel(path: string): Model {
	const ending = extname(path).toLowerCase();
	const read = Object.hasOwn(models, ending) ? models[ending] : undefined;
	if (read === undefined) {
		const hint = Object.hasOwn(weights, ending) ? " (this format holds weights without the network)" : "";
		throw new OptionError("--model", `expected a file of ${Object.keys(models).join(", ")}, got "${path}"${hint}`);
	}
	return read(readBytes(path), path, besides(path));
}

/**
 * Reads the values of a network that is known, by the ending of the file's name.
 *
 * @throws {OptionError}         when the ending is none of a format of weights
 * @throws {FileFormatError}     when the file is missing or damaged
 * @throws {LayoutMismatchError} when its tensors are not those of the network
 */
export function readWeights(path: string, { graph, ignored }: Pick<Model, "graph" | "ignored">): Parameters {
	const ending = extname(path).toLowerCase();
	const read = Object.hasOwn(weights, ending) ? weights[ending] : undefined;
	if (read === undefined)
		throw new OptionError("--weights", `expected a file of ${Object.keys(weights).join(", ")}, got "${path}"`);
	const tensors = matchNames(graph, read(readBytes(path), path, besides(path)), path, ignored);
	return fromNamedTensors(graph, tensors, path);
}

function readBytes(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch (error) {
		throw new FileFormatError(path, `can't be read (${(error as NodeJS.ErrnoException).code ?? error})`);
	}
}

/** Reads files that a model names, which lie in its folder. */
function besides(path: string): Besides {
	return (location) => readBytes(join(dirname(path), location));
}
