import { FileFormatError } from "../../errors.js";
import { unzip } from "../../files/zip.js";
import type { Network } from "../../network/network.js";
import type { NamedTensor } from "../../network/parameters.js";
import type { NetworkOptions } from "../format.js";
import { kerasTensors } from "./hdf5.js";
import { kerasNetwork, readJson } from "./index.js";

/** The parts of a .keras file: a zip archive of the model and its weights. */
function partsOf(bytes: Uint8Array, path: string): ReadonlyMap<string, Uint8Array> {
	const parts = new Map(unzip(bytes, path));
	if (!parts.has("model.weights.h5"))
		throw new FileFormatError(path, "not a model of Keras 3: it has no model.weights.h5");
	return parts;
}

/**
 * Reads a model that Keras 3 saved as .keras.
 *
 * @throws {FileFormatError} when it is damaged
 * @throws {GraphError}      listing all layers that can't be carried out
 */
export function importKerasArchive(bytes: Uint8Array, path: string, options: NetworkOptions): Network {
	const parts = partsOf(bytes, path);
	const topology = readJson(parts.get("config.json") ?? new Uint8Array(), (message) => {
		throw new FileFormatError(path, `its config.json is ${message}`);
	});
	return kerasNetwork(topology, weightsIn(parts, path), path, { options, isThird: true });
}

/** Its weights by their names. */
export function kerasArchiveTensors(bytes: Uint8Array, path: string): ReadonlyMap<string, NamedTensor> {
	return weightsIn(partsOf(bytes, path), path);
}

function weightsIn(parts: ReadonlyMap<string, Uint8Array>, path: string): ReadonlyMap<string, NamedTensor> {
	return kerasTensors(parts.get("model.weights.h5") ?? new Uint8Array(), `${path}: model.weights.h5`);
}
