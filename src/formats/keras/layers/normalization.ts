import type { AddLayer, KerasGraph } from "../network.js";
import { type Config, number, only, reshaped, toChannelsFirst, toChannelsLast } from "./settings.js";

/** An axis of a layer, which counts the samples, from the last. */
function fromLast(axis: unknown, rank: number): number {
	return Number(axis) < 0 ? Number(axis) : Number(axis) - rank - 1;
}

const batchNormalization: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const rank = network.shapeOf(x).length;
	const axis = fromLast([config.axis ?? -1].flat()[0], rank);
	if (axis === -1) return normalizeByBatch(network, config, x);
	if (axis !== -rank) throw new RangeError(`axis ${config.axis} is neither the first nor the last`);
	return toChannelsFirst(network, normalizeByBatch(network, config, toChannelsLast(network, x)));
};

function normalizeByBatch(network: KerasGraph, config: Config, x: string): string {
	const channels = network.shapeOf(x).at(-1) ?? 1;
	const weight = (name: string, kind: "scale" | "shift" | "running-mean" | "running-variance") =>
		network.weight(name, { kind, fanIn: channels });
	// A layer without them multiplies by 1 and adds 0.
	const fixed = (value: number) => network.constant([channels], new Float32Array(channels).fill(value));
	const tensors = [
		config.scale === false ? fixed(1) : weight("gamma", "scale"),
		config.center === false ? fixed(0) : weight("beta", "shift"),
		weight("moving_mean", "running-mean"),
		weight("moving_variance", "running-variance"),
	];
	return network.emit("batchNorm", [x, ...tensors], { epsilon: number(config, "epsilon", 1e-3) });
}

function scaleAndShift(network: KerasGraph, config: Config, y: string, gamma = "gamma"): string {
	const fanIn = network.shapeOf(y).at(-1) ?? 1;
	const scaled =
		config.scale === false
			? y
			: network.emit("binary", [y, network.weight(gamma, { kind: "scale", fanIn })], { function: "mul" });
	if (config.center === false) return scaled;
	return network.emit("binary", [scaled, network.weight("beta", { kind: "shift", fanIn })], { function: "add" });
}

const layerNormalization: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const rank = network.shapeOf(x).length;
	const axes = [config.axis ?? -1].flat().map((axis) => fromLast(axis, rank));
	const isLast = axes.toSorted((a, b) => b - a).every((axis, i) => axis === -1 - i);
	if (!isLast) throw new RangeError("only a normalisation over the last axes is supported");
	const y = network.emit("standardize", [x], { axes, epsilon: number(config, "epsilon", 1e-3) });
	return scaleAndShift(network, config, y);
};

/** Groups of channels, each with the space, over mean and deviation of each sample. */
const groupNormalization: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const shape = network.shapeOf(x);
	if (fromLast(config.axis ?? -1, shape.length) !== -1) throw new RangeError("only the last axis is supported");
	const channels = shape.at(-1) ?? 1;
	const asked = number(config, "groups", 32);
	const groups = asked === -1 ? channels : asked;
	const apart = reshaped(network, x, [...shape.slice(0, -1), groups, channels / groups]);
	const axes = [-1, ...shape.slice(0, -1).map((_, i) => -3 - i)];
	const y = network.emit("standardize", [apart], { axes, epsilon: number(config, "epsilon", 1e-3) });
	return scaleAndShift(network, config, reshaped(network, y, shape));
};

/** x / √(mean of squares + ε) over the last axis, times a scale. */
const rmsNormalization: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const shape = network.shapeOf(x);
	if (fromLast(config.axis ?? -1, shape.length) !== -1) throw new RangeError("only the last axis is supported");
	const squares = network.emit("unary", [x], { function: "square" });
	const mean = reshaped(network, network.emit("reduce", [squares], { function: "mean", axes: [-1] }), [
		...shape.slice(0, -1),
		1,
	]);
	const shifted = network.emit("unary", [mean], {
		function: "affine",
		alpha: 1,
		beta: number(config, "epsilon", 1e-6),
	});
	const root = network.emit("unary", [shifted], { function: "sqrt" });
	const y = network.emit("binary", [x, root], { function: "div" });
	return scaleAndShift(network, { ...config, center: false, scale: true }, y, "scale");
};

/** The mean and variance of the layer's own, subtracted and divided by. */
const normalization: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const rank = network.shapeOf(x).length;
	if (fromLast([config.axis ?? -1].flat()[0], rank) !== -1) throw new RangeError("only the last axis is supported");
	const given = (name: string): string => {
		const values = [config[name]].flat(8).map(Number);
		const held = network.valuesOf(name) ?? Float32Array.from(values);
		if (held.length === 0 || held.some(Number.isNaN)) throw new RangeError(`its ${name} is missing`);
		return network.constant([held.length], held);
	};
	const centered = network.emit("binary", [x, given("mean")], { function: "sub" });
	const deviation = network.emit("unary", [given("variance")], { function: "sqrt" });
	return network.emit("binary", [centered, deviation], { function: "div" });
};

const rescaling: AddLayer = ({ config }, inputs, network) =>
	network.emit("unary", [only(inputs)], {
		function: "affine",
		alpha: number(config, "scale", 1),
		beta: number(config, "offset", 0),
	});

export const normalizationLayers: Readonly<Record<string, AddLayer>> = {
	BatchNormalization: batchNormalization,
	GroupNormalization: groupNormalization,
	LayerNormalization: layerNormalization,
	LayerScale: (_, inputs, network) => {
		const x = only(inputs);
		const gamma = network.weight("gamma", { kind: "scale", fanIn: network.shapeOf(x).at(-1) ?? 1 });
		return network.emit("binary", [x, gamma], { function: "mul" });
	},
	Normalization: normalization,
	RMSNormalization: rmsNormalization,
	Rescaling: rescaling,
};
