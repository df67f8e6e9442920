import type { AddLayer } from "../network.js";
import { activate } from "./activations.js";
import { biasOf } from "./convolution.js";
import { number, only } from "./settings.js";

const dense: AddLayer = ({ config }, inputs, network) => {
	const [fanIn = 1] = network.weightShape("kernel") ?? [];
	const kernel = network.weight("kernel", { kind: "kernel", filterAxes: [1], fanIn });
	const y = network.emit("dense", [only(inputs), kernel, ...biasOf(network, config, fanIn)], {});
	return activate(network, y, config.activation);
};

const embedding: AddLayer = (_, inputs, network) => {
	const x = only(inputs);
	network.readAsTokens(x);
	const [, width = 1] = network.weightShape("embeddings") ?? [];
	const table = network.weight("embeddings", { kind: "kernel", filterAxes: [0], fanIn: width });
	return network.emit("embedding", [table, x], {});
};

const identity: AddLayer = (_, inputs) => only(inputs);

export const denseLayers: Readonly<Record<string, AddLayer>> = {
	ActivityRegularization: identity,
	AlphaDropout: identity,
	Dense: dense,
	Dropout: ({ config }, inputs, network) =>
		network.emit("dropout", [only(inputs)], { rate: number(config, "rate", 0) }),
	Embedding: embedding,
	GaussianDropout: identity,
	GaussianNoise: identity,
	Identity: identity,
	InputLayer: (layer, _, network) => network.input(layer),
	StochasticDepth: identity,
	SpatialDropout1D: identity,
	SpatialDropout2D: identity,
	SpatialDropout3D: identity,
};
