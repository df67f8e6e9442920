import { FileFormatError, GraphError } from "../../errors.js";
import { parseJson } from "../../files/json.js";
import type { Graph } from "../../network/graph.js";
import { inferShapes } from "../../network/infer-shapes.js";
import type { Network } from "../../network/network.js";
import { fromNamedTensors, type NamedTensor } from "../../network/parameters.js";
import { kerasLayers } from "./layers.js";
import { KerasGraph, type KerasLayer } from "./network.js";
import { readShards } from "./shards.js";

/**
 * Reads a TensorFlow.js LayersModel: `model.json` with a Sequential or functional network, and the shards of its weights
 * beside it. Parameters keep Keras's names and layouts (channels last, filters on the last axis).
 *
 * @param path   how errors call the file
 * @param beside reads a shard, a file beside the model
 * @throws {FileFormatError} when the file or a shard is not whole
 * @throws {GraphError} listing all layers that can't be carried out
 */
export function importKeras(bytes: Uint8Array, path: string, beside: (location: string) => Uint8Array): Network {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	const document = record(read(bytes, fail));
	if (record(document?.modelTopology) === undefined)
		return fail("not a TensorFlow.js LayersModel: it has no modelTopology");
	if (document?.format === "graph-model")
		return fail("is a GraphModel, of which the layers are gone; save it as a LayersModel");
	const tensors = readShards(document?.weightsManifest, path, beside);
	return kerasNetwork(document?.modelTopology, tensors, path);
}

/**
 * The network of a topology and its weights.
 *
 * @param topology `modelTopology` of a model.json
 * @throws {FileFormatError} when it is damaged
 * @throws {GraphError} listing all layers that can't be carried out
 */
export function kerasNetwork(topology: unknown, tensors: ReadonlyMap<string, NamedTensor>, path: string): Network {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	const model = record(record(topology)?.model_config) ?? record(topology) ?? {};
	const config = record(model.config) ?? { layers: model.config };
	const layers = Array.isArray(config.layers) ? config.layers : fail("its model_config has no layers");
	const isSequential = model.class_name === "Sequential";
	const graph = build(String(config.name ?? path), layers.map(parseLayer(fail)), isSequential, config, tensors);
	inferShapes(graph);
	const used = new Set(graph.parameters.map(({ name }) => name));
	const own = new Map([...tensors].filter(([name]) => used.has(name)));
	return { graph, state: fromNamedTensors(graph, own, path) };
}

function read(bytes: Uint8Array, fail: (message: string) => never): unknown {
	try {
		return parseJson(bytes);
	} catch (error) {
		if (error instanceof RangeError) return fail(`holds ${error.message}`);
		return fail(`not JSON (${error instanceof Error ? error.message : String(error)})`);
	}
}

export function record(value: unknown): Record<string, unknown> | undefined {
	return value !== null && typeof value === "object" && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}

function parseLayer(fail: (message: string) => never): (layer: unknown) => KerasLayer {
	return (layer) => {
		const { class_name: kind, config, inbound_nodes: inbound } = record(layer) ?? {};
		const settings = record(config);
		if (typeof kind !== "string" || settings === undefined) return fail("a layer has no class_name or no config");
		return {
			kind,
			name: String(settings.name ?? record(layer)?.name ?? kind),
			config: settings,
			sources: sourcesOf(inbound),
		};
	};
}

/** The names of the layers that a layer reads; undefined where the next simply reads the last, as in Sequential. */
function sourcesOf(inbound: unknown): readonly string[] | undefined {
	if (!Array.isArray(inbound)) return undefined;
	// Keras 2: a list of calls, each a list of [layer, node, tensor, arguments].
	const [call, ...others] = inbound;
	if (others.length > 0) return ["a layer called twice"];
	if (call === undefined) return [];
	return Array.isArray(call) ? call.map((source) => String(Array.isArray(source) ? source[0] : source)) : undefined;
}

function build(
	name: string,
	layers: readonly KerasLayer[],
	isSequential: boolean,
	config: Record<string, unknown>,
	tensors: ReadonlyMap<string, { shape: readonly number[] }>,
): Graph {
	const problems = layers
		.filter(({ kind }) => !Object.hasOwn(kerasLayers, kind))
		.map(({ kind, name }) => `layer ${name} (${kind}): this layer is not supported`);
	if (problems.length > 0) throw new GraphError(problems);
	const network = new KerasGraph(tensors);
	let last: string | undefined;
	for (const layer of layers) {
		const sources = isSequential || layer.sources === undefined ? (last === undefined ? [] : [last]) : layer.sources;
		try {
			network.add(layer, sources, kerasLayers[layer.kind] ?? (() => ""));
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			problems.push(`layer ${layer.name} (${layer.kind}): ${error.message}`);
			break;
		}
		last = layer.name;
	}
	if (problems.length > 0) throw new GraphError(problems);
	const [listed] = Array.isArray(config.output_layers) ? config.output_layers.flat() : [];
	const output = isSequential ? (last ?? "") : String(listed ?? last ?? "");
	const graph = network.finish(name, output);
	if (graph === undefined) throw new GraphError([`its output, "${output}", is no layer`]);
	return graph;
}
