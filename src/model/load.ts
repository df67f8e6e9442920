import { fileURLToPath } from "node:url";
import { OptionError } from "../errors.js";
import { parseWhole } from "../options.js";
import { isModelFile, readModel, readWeights } from "./formats.js";
import { initialize } from "./initialize.js";
import type { Model } from "./onnx.js";
import type { Parameters } from "./params.js";
import type { ImageTask } from "./zoo/family.js";
import { modelByName } from "./zoo.js";

/** The networks that come with trained parameters. */
const pretrained = new Set(["mnist-cnn"]);

/** Where the parameters that come with isoloss lie: beside the sources, which are published with it. */
function pretrainedPath(name: string): string {
	return fileURLToPath(new URL(`../../../src/model/pretrained/${name}.safetensors`, import.meta.url));
}

/**
 * A network with its parameters.
 *
 * @param model   a name of the zoo, or a file that holds a network
 * @param weights a file of parameters in place of those that come with the network
 * @param task    what a network of the zoo is to tell apart
 * @throws {OptionError | FileFormatError | GraphError | LayoutMismatchError} when a name, a file or the two together can't
 *   be used
 */
export function loadModel(model: string, weights?: string, task?: ImageTask): Model {
	if (isModelFile(model)) {
		const read = readModel(model);
		return weights === undefined ? read : { ...read, parameters: readWeights(weights, read) };
	}
	const graph = modelByName(model, task);
	if (weights === undefined && !pretrained.has(graph.name))
		throw new OptionError("--weights", `expected a file of parameters: none come with ${graph.name}`);
	return { graph, parameters: readWeights(weights ?? pretrainedPath(graph.name), { graph }) };
}

/**
 * The end of an interpolation: `init:SEED` for fresh parameters, or a file.
 *
 * @param option how errors call where the text comes from
 */
export function loadEnd(model: Model, text: string, option: string): Parameters {
	return text.startsWith("init:")
		? initialize(model.graph, parseWhole(option, text.slice("init:".length), 0))
		: readWeights(text, model);
}
