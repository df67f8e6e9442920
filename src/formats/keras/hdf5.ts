import { FileFormatError } from "../../errors.js";
import type { Network } from "../../network/network.js";
import type { NamedTensor } from "../../network/parameters.js";
import type { NetworkOptions } from "../format.js";
import { type Hdf5, readHdf5 } from "../hdf5.js";
import { kerasNetwork, readJson } from "./index.js";

/** What Keras 3 saves of a layer, in its order, by the kind of layer; of some there are more where options ask for them. */
const variables: Readonly<Record<string, readonly string[]>> = {
	batch_normalization: ["gamma", "beta", "moving_mean", "moving_variance"],
	conv1d: ["kernel", "bias"],
	conv1d_transpose: ["kernel", "bias"],
	conv2d: ["kernel", "bias"],
	conv2d_transpose: ["kernel", "bias"],
	conv3d: ["kernel", "bias"],
	dense: ["kernel", "bias"],
	depthwise_conv2d: ["kernel", "bias"],
	embedding: ["embeddings"],
	group_normalization: ["gamma", "beta"],
	gru_cell: ["kernel", "recurrent_kernel", "bias"],
	layer_normalization: ["gamma", "beta"],
	lstm_cell: ["kernel", "recurrent_kernel", "bias"],
	p_re_lu: ["alpha"],
	rms_normalization: ["scale"],
	separable_conv2d: ["depthwise_kernel", "pointwise_kernel", "bias"],
	simple_rnn_cell: ["kernel", "recurrent_kernel", "bias"],
};

/** How many of a layer's variables are none of those that it may be without, one or both of the first two. */
const always: Readonly<Record<string, number>> = {
	batch_normalization: 2,
	group_normalization: 0,
	layer_normalization: 0,
};

/**
 * The weights of a .h5 file of Keras 2 or 3 by the names that a model.json has them under: `dense_1/kernel`, those of layers in
 * models and wrappers after these.
 *
 * @throws {FileFormatError} when it is damaged, or holds no weights of Keras's
 */
export function kerasTensors(bytes: Uint8Array, path: string): Map<string, NamedTensor> {
	const file = readHdf5(bytes, path);
	const tensors = isThird(file) ? tensorsOfVariables(file) : tensorsOfLayers(file);
	if (tensors.size === 0) throw new FileFormatError(path, "holds no weights, as Keras saves them");
	return tensors;
}

/** Keras 3 numbers the variables of each layer. */
function isThird({ arrays }: Hdf5): boolean {
	return [...arrays.keys()].some((name) => /(^|\/)vars\/\d+$/.test(name));
}

/** Keras 2 has a group for each layer, in it the weights by their whole names. */
function tensorsOfLayers({ arrays }: Hdf5): Map<string, NamedTensor> {
	const tensors = new Map<string, NamedTensor>();
	for (const [place, tensor] of arrays) {
		if (place.startsWith("optimizer_weights/")) continue;
		const name = place.replace(/^model_weights\//, "").replace(/:\d+$/, "");
		const [layer, ...rest] = name.split("/");
		// The layer's name comes twice, for the group and in the weight's own, there at times after that of the model.
		const again = rest.indexOf(layer ?? "");
		tensors.set(again >= 0 ? rest.slice(again).join("/") : name, tensor);
	}
	return tensors;
}

/** `layers/dense_1/vars/0`, where the attributes of `vars` say what the layer is called. */
function tensorsOfVariables({ arrays, attributes }: Hdf5): Map<string, NamedTensor> {
	const tensors = new Map<string, NamedTensor>();
	for (const [place, tensor] of arrays) {
		const [, group = "", index = ""] = place.match(/^(.*?)\/?vars\/(\d+)$/) ?? [];
		if (index === "" || group.startsWith("optimizer")) continue;
		const parts = group.split("/");
		const owners = parts.flatMap((part, i) => {
			const name = attributes.get(`${parts.slice(0, i + 1).join("/")}/vars`)?.name;
			return typeof name === "string" ? [name] : part === "layers" ? [] : [part];
		});
		// A cell, and a layer in a wrapper, stand under what they are to it; then the layer's own name tells the kind.
		const kinds = [parts.at(-1) ?? "", owners.at(-1) ?? ""].map((name) => name.replace(/_\d+$/, ""));
		const kind = kinds.find((name) => Object.hasOwn(variables, name)) ?? "";
		const count = [...arrays.keys()].filter((name) => name.startsWith(`${group}/vars/`)).length;
		for (const weight of variableNames(kind, Number(index), count)) tensors.set([...owners, weight].join("/"), tensor);
	}
	return tensors;
}

/** What a variable is called: under both names where a scale or a shift was left out, and it is not said which. */
function variableNames(kind: string, index: number, count: number): readonly string[] {
	const names = variables[kind];
	if (names === undefined) return [`vars/${index}`];
	const kept = always[kind];
	const missing = kept === undefined ? 0 : names.length - count;
	if (missing === 1 && index === 0) return names.slice(0, 2);
	return [names[index + missing] ?? `vars/${index}`];
}

/**
 * Reads a whole model that Keras saved as .h5.
 *
 * @throws {FileFormatError} when it is damaged, or holds weights without a model
 * @throws {GraphError}      listing all layers that can't be carried out
 */
export function importKerasHdf5(bytes: Uint8Array, path: string, options: NetworkOptions): Network {
	const { attributes } = readHdf5(bytes, path);
	const { model_config: config, keras_version: version } = attributes.get("") ?? {};
	if (typeof config !== "string")
		throw new FileFormatError(
			path,
			"holds weights without the network they are of; give it as --weights, with a --model",
		);
	const topology = readJson(new TextEncoder().encode(config), (message) => {
		throw new FileFormatError(path, `its model_config ${message}`);
	});
	const isThird = !/^[12]\./.test(String(version ?? "2."));
	return kerasNetwork(topology, kerasTensors(bytes, path), path, { options, isThird });
}
