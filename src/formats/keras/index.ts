import { FileFormatError, OptionError } from "../../errors.js";
import { parseJson } from "../../files/json.js";
import { inferShapes } from "../../network/infer-shapes.js";
import type { Network } from "../../network/network.js";
import { fromNamedTensors, type NamedTensor } from "../../network/parameters.js";
import type { NetworkOptions } from "../format.js";
import { build } from "./build.js";
import { readShards } from "./shards.js";
import { parseModel, record } from "./topology.js";

/**
 * Reads a TensorFlow.js LayersModel: `model.json` with a Sequential or functional network, and the shards of its weights
 * beside it. Parameters keep Keras's names and layouts (channels last, filters on the last axis).
 *
 * @param path   how errors call the file
 * @param beside reads a shard, a file beside the model
 * @throws {FileFormatError} when the file or a shard is not whole
 * @throws {GraphError} listing all layers that can't be carried out
 */
export function importKeras(
	bytes: Uint8Array,
	path: string,
	beside: (location: string) => Uint8Array,
	options: NetworkOptions = {},
): Network {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	const document = record(readJson(bytes, fail));
	if (record(document?.modelTopology) === undefined)
		return fail("not a TensorFlow.js LayersModel: it has no modelTopology");
	if (document?.format === "graph-model")
		return fail("is a GraphModel, of which the layers are gone; save it as a LayersModel");
	const tensors = readShards(document?.weightsManifest, path, beside);
	return kerasNetwork(document?.modelTopology, tensors, path, { options });
}

/**
 * The network of a topology and its weights.
 *
 * @param topology `modelTopology` of a model.json
 * @param setting  which of several outputs, and whether it is of Keras 3
 * @throws {FileFormatError} when it is damaged
 * @throws {GraphError} listing all layers that can't be carried out
 */
export function kerasNetwork(
	topology: unknown,
	tensors: ReadonlyMap<string, NamedTensor>,
	path: string,
	{ options: { output: asked } = {}, isThird = false }: { options?: NetworkOptions; isThird?: boolean } = {},
): Network {
	const model = parseModel(topology, (message) => {
		throw new FileFormatError(path, message);
	});
	const { network, outputs } = build(model, { tensors, isThird });
	const names = [...outputs.keys()];
	const chosen = asked ?? names[0] ?? "";
	const output = outputs.get(chosen);
	if (output === undefined)
		throw new OptionError("output", `expected one of ${names.join(", ")}, the outputs of ${path}, got "${chosen}"`);
	const graph = network.finish(model.name === "" ? path : model.name, output);
	inferShapes(graph);
	const used = new Set(graph.parameters.map(({ name }) => name));
	const own = new Map([...tensors].filter(([name]) => used.has(name)));
	const ignored = [...tensors.keys()].filter((name) => !used.has(name));
	const several = names.length > 1 ? { outputs: names, output: chosen } : {};
	return { graph, state: fromNamedTensors(graph, own, path), ignored, ...several };
}

export function readJson(bytes: Uint8Array, fail: (message: string) => never): unknown {
	try {
		return parseJson(bytes);
	} catch (error) {
		if (error instanceof RangeError) return fail(`holds ${error.message}`);
		return fail(`not JSON (${error instanceof Error ? error.message : String(error)})`);
	}
}
