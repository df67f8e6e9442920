import { fileURLToPath } from "node:url";
import { OptionError } from "../errors.js";
import { readInput } from "../files.js";
import { parseWhole } from "../options.js";
import type { Graph } from "./graph.js";
import { initialize } from "./initialize.js";
import { fromNamedTensors, type Parameters } from "./params.js";
import { parseSafetensors } from "./safetensors.js";

/** The networks that come with trained parameters. */
const pretrained = new Set(["mnist-cnn"]);

/** Where the parameters that come with isoloss lie: beside the sources, which are published with it. */
function pretrainedPath(name: string): string {
	return fileURLToPath(new URL(`../../../src/model/pretrained/${name}.safetensors`, import.meta.url));
}

/**
 * The parameters of a network, from a safetensors file or, without one, those that come with it.
 *
 * @throws {FileFormatError} when the file is missing or not whole
 * @throws {LayoutMismatchError} when it holds another network
 */
export async function loadParameters(graph: Graph, path?: string): Promise<Parameters> {
	if (path === undefined && !pretrained.has(graph.name))
		throw new OptionError("--weights", `expected a safetensors file: no parameters come with ${graph.name}`);
	const file = path ?? pretrainedPath(graph.name);
	return fromNamedTensors(graph, parseSafetensors(await readInput(file), file).tensors, file);
}

/**
 * The end of an interpolation: `init:SEED` for fresh parameters, or a file.
 *
 * @param option how errors call where the text comes from
 */
export async function loadEnd(graph: Graph, text: string, option: string): Promise<Parameters> {
	return text.startsWith("init:")
		? initialize(graph, parseWhole(option, text.slice("init:".length), 0))
		: loadParameters(graph, text);
}
