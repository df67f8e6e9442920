import { GraphError } from "../../errors.js";
import { kerasLayers } from "./layers/index.js";
import { checkSettings } from "./layers/known.js";
import { type AddLayer, KerasGraph, type KerasMaterial } from "./network.js";
import { inOrder } from "./order.js";
import type { KerasCall, KerasLayer, KerasModel, KerasSource } from "./topology.js";

/** A network as far as it is built: the values that come out of it, by the names of their layers. */
export interface Built {
	readonly network: KerasGraph;
	readonly outputs: ReadonlyMap<string, string>;
}

/**
 * Carries out a model layer by layer.
 *
 * @throws {GraphError} listing all layers that can't be carried out
 */
export function build(model: KerasModel, material: Omit<KerasMaterial, "addLayer">): Built {
	const unsupported = allLayers(model).filter(
		({ kind, model: inner }) => inner === undefined && !kerasLayers.has(kind),
	);
	if (unsupported.length > 0)
		throw new GraphError(unsupported.map((layer) => `${named(layer)}: this layer is not supported`));
	const network = new KerasGraph({ ...material, addLayer });
	return { network, outputs: run(model, undefined, network) };
}

function named({ kind, name }: KerasLayer): string {
	return `layer ${name} (${kind})`;
}

/** Layers with those of the models among them, and those that wrappers have in their settings. */
function allLayers({ layers }: KerasModel): KerasLayer[] {
	return layers.flatMap((layer) => (layer.model === undefined ? [layer] : allLayers(layer.model)));
}

const addLayer: AddLayer = (layer, inputs, network) => {
	if (layer.model !== undefined) {
		const [output, ...others] = run(layer.model, inputs, network).values();
		if (output === undefined || others.length > 0)
			throw new RangeError("a model within with several outputs is not supported");
		return output;
	}
	const add = kerasLayers.get(layer.kind);
	if (add === undefined) throw new RangeError(`${layer.kind} is not supported`);
	checkSettings(layer);
	return add(layer, inputs, network);
};

/**
 * The outputs of a model, by the names of their layers.
 *
 * @param given what goes in, where it lies in another model; else it has inputs of its own
 */
function run(model: KerasModel, given: readonly string[] | undefined, network: KerasGraph): Map<string, string> {
	return model.isSequential ? oneByOne(model, given, network) : byCalls(model, given, network);
}

function oneByOne(
	{ layers }: KerasModel,
	given: readonly string[] | undefined,
	network: KerasGraph,
): Map<string, string> {
	let last: readonly string[] = given ?? [];
	let name = "";
	for (const layer of layers) {
		if (layer.kind === "InputLayer" && given !== undefined) continue;
		const inputs = last.length === 0 && layer.kind !== "InputLayer" ? [firstInput(layer, network)] : last;
		last = [attempt(layer, () => network.apply(layer, inputs))];
		name = layer.name;
	}
	return new Map(last.map((output) => [name, output]));
}

/** The first layer of a Sequential may be a model that has the shape of the input in its own first layer. */
function firstInput(layer: KerasLayer, network: KerasGraph): string {
	const [first] = layer.model?.layers ?? [];
	return first === undefined
		? attempt(layer, () => network.input(layer))
		: firstInput({ ...first, name: layer.name }, network);
}

/** A layer may be called before a layer that stands before it in the file. */
function byCalls(model: KerasModel, given: readonly string[] | undefined, network: KerasGraph): Map<string, string> {
	const values = new Map<string, string>();
	const shifts = shiftsOf(model);
	const keyOf = ({ layer, call }: KerasSource) => `${call - (shifts.get(layer) ?? 0)} ${layer}`;
	const inputLayers = model.inputs.map(({ layer }) => layer);
	const calls = model.layers.flatMap((layer) =>
		callsOf(layer).map((reads, index) => {
			const needs = reads.filter(({ constant }) => constant === undefined).map(keyOf);
			return { layer, reads, needs, key: `${index} ${layer.name}` };
		}),
	);
	const order = inOrder(calls);
	for (const { layer, reads, key } of order) {
		const inputs = reads.flatMap((source) =>
			source.constant === undefined
				? (values.get(keyOf(source)) ?? [])
				: network.constant([], Float32Array.of(source.constant)),
		);
		const own = layer.kind === "InputLayer" ? given?.[inputLayers.indexOf(layer.name)] : undefined;
		values.set(key, own ?? attempt(layer, () => network.apply(layer, inputs)));
	}
	const done = new Set(order);
	const left = calls.find((call) => !done.has(call));
	if (left !== undefined) {
		const missing = left.reads.find((source) => source.constant === undefined && !values.has(keyOf(source)));
		throw new GraphError([`layer ${left.layer.name}: nothing comes from layer ${missing?.layer}, which it reads`]);
	}
	const last = model.layers.at(-1)?.name ?? "";
	const outputs = model.outputs.length === 0 ? [{ layer: last, call: shifts.get(last) ?? 0 }] : model.outputs;
	return new Map(
		outputs.map((source) => {
			const output = values.get(keyOf(source));
			if (output === undefined) throw new GraphError([`its output, "${source.layer}", is no layer`]);
			return [source.layer, output];
		}),
	);
}

/** An input is called once, though nothing calls it. */
function callsOf({ calls = [] }: KerasLayer): readonly KerasCall[] {
	return calls.length === 0 ? [[]] : calls;
}

/** By how many the calls of a layer are counted too high: a model counts the one that made it, too. */
function shiftsOf({ layers, outputs }: KerasModel): Map<string, number> {
	const highest = new Map<string, number>();
	const sources = [...layers.flatMap(({ calls = [] }) => calls.flat()), ...outputs];
	for (const { layer, call } of sources) highest.set(layer, Math.max(call, highest.get(layer) ?? 0));
	return new Map(
		layers.map((layer) => [layer.name, Math.max(0, (highest.get(layer.name) ?? 0) - callsOf(layer).length + 1)]),
	);
}

function attempt<T>(layer: KerasLayer, work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof RangeError) throw new GraphError([`${named(layer)}: ${error.message}`]);
		throw error;
	}
}
