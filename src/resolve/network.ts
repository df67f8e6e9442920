import { fileURLToPath } from "node:url";
import { OptionError } from "../errors.js";
import {
	fromLayersModel,
	isNetworkFile,
	type LayersModelLike,
	type NetworkOptions,
	readNetwork,
	readWeights,
	type WeightsOptions,
} from "../formats/index.js";
import { isLayersModel } from "../formats/keras/layers-model.js";
import { initialize } from "../network/initialize.js";
import type { Network } from "../network/network.js";
import type { State } from "../network/parameters.js";
import type { ImageTask } from "../network/zoo/family.js";
import { modelByName } from "../network/zoo/index.js";
import { whole } from "../options/kinds.js";

/** The networks that come with trained parameters. */
const pretrained = new Set(["mnist-cnn"]);

/** Where the parameters that come with isoloss lie: the build copies them beside what it compiles. */
function pretrainedPath(name: string): string {
	return fileURLToPath(new URL(`../network/pretrained/${name}.safetensors`, import.meta.url));
}

/** How a network and its parameters are read. */
export interface Reading extends WeightsOptions, NetworkOptions {
	/** Fresh parameters of this seed, in place of any that come with the network. */
	readonly fresh?: number;
}

/**
 * A network with its parameters.
 *
 * @param model   a name of the zoo, or a file that holds a network
 * @param weights a file of parameters in place of those that come with the network
 * @param options which of several networks in a checkpoint, or fresh parameters
 * @param task    what a network of the zoo is to tell apart
 * @throws {OptionError | FileFormatError | GraphError | LayoutMismatchError} when a name, a file or the two together can't
 *   be used
 */
export async function loadModel(
	model: string,
	weights?: string,
	task?: ImageTask,
	options?: Reading,
): Promise<Network> {
	const seed = options?.fresh;
	if (isNetworkFile(model)) {
		const read = await readNetwork(model, options);
		if (seed !== undefined) return { ...read, state: initialize(read.graph, seed) };
		return weights === undefined ? read : { ...read, state: await readWeights(weights, read, options) };
	}
	const graph = modelByName(model, task);
	if (seed !== undefined) return { graph, state: initialize(graph, seed) };
	if (weights === undefined && !pretrained.has(graph.name))
		throw new OptionError("weights", `expected a file of parameters: none come with ${graph.name}`);
	return { graph, state: await readWeights(weights ?? pretrainedPath(graph.name), { graph }, options) };
}

/**
 * The end of an interpolation: `init:SEED` for fresh parameters, or a file.
 *
 * @param option how errors call where the text comes from
 */
export async function loadEnd(model: Network, text: string, option: string, options?: WeightsOptions): Promise<State> {
	return text.startsWith("init:")
		? initialize(model.graph, whole(0).parse(option, text.slice("init:".length)))
		: readWeights(text, model, options);
}

/** A network in memory, whatever it is made with. */
export function networkInMemory(network: Network | LayersModelLike): Network {
	return isLayersModel(network) ? fromLayersModel(network) : network;
}
