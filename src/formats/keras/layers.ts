import type { BinaryFunction } from "../../network/ops/binary.js";
import type { Padding } from "../../network/ops/window.js";
import { sizeOf } from "../../network/shape.js";
import type { AddLayer, KerasGraph, KerasLayer } from "./network.js";

type Config = KerasLayer["config"];

/** Keras's activations by name, as nodes. */
function activate(network: KerasGraph, x: string, name: unknown): string {
	const activation = typeof name === "string" ? name : "linear";
	switch (activation) {
		case "linear":
			return x;
		case "relu":
			return network.emit("relu", [x], {});
		case "softmax":
			return network.emit("softmax", [x], {});
		case "relu6":
			return network.emit("unary", [x], { function: "clip", alpha: 0, beta: 6 });
		case "hardSigmoid":
		case "hard_sigmoid":
			return network.emit("unary", [x], { function: "hardSigmoid", alpha: 0.2, beta: 0.5 });
		case "swish":
			return network.emit("unary", [x], { function: "silu", alpha: 1 });
		case "gelu":
		case "sigmoid":
		case "tanh":
		case "elu":
		case "selu":
		case "softplus":
		case "softsign":
		case "mish":
		case "exp":
			return network.emit("unary", [x], { function: activation });
		case "gelu_new":
			return network.emit("unary", [x], { function: "geluTanh" });
		default:
			throw new RangeError(`its activation ${activation} is not supported`);
	}
}

function only(inputs: readonly string[]): string {
	const [x, ...others] = inputs;
	if (x === undefined || others.length > 0) throw new RangeError(`it reads ${inputs.length} values, expected one`);
	return x;
}

function number(config: Config, name: string, fallback: number): number {
	const value = config[name];
	return typeof value === "number" ? value : fallback;
}

function pair(config: Config, name: string, fallback: number): [number, number] {
	const value = config[name] ?? fallback;
	const [a = fallback, b = a] = Array.isArray(value) ? value.map(Number) : [Number(value)];
	return [a, b];
}

function channelsLast(config: Config): void {
	const format = config.data_format ?? "channels_last";
	if (format !== "channels_last") throw new RangeError("channels first is not supported");
}

function paddingOf(config: Config): Padding {
	if (config.padding === "same" || config.padding === "valid" || config.padding === undefined)
		return config.padding ?? "valid";
	throw new RangeError(`padding ${config.padding} is not supported`);
}

/** A sequence as an image of one row, and back. */
function asRow(network: KerasGraph, x: string): string {
	const [length = 1, channels = 1] = network.shapeOf(x);
	return network.emit("reshape", [x], { rank: 2, shape: [1, length, channels] });
}

function asSequence(network: KerasGraph, x: string): string {
	const [, length = 1, channels = 1] = network.shapeOf(x);
	return network.emit("reshape", [x], { rank: 3, shape: [length, channels] });
}

function biasOf(network: KerasGraph, { use_bias: used = true }: Config, fanIn: number): string[] {
	return used === false ? [] : [network.weight("bias", { kind: "bias", fanIn })];
}

function convolution(rank: 1 | 2): AddLayer {
	return ({ config }, inputs, network) => {
		channelsLast(config);
		const x = only(inputs);
		const native = network.weightShape("kernel") ?? [];
		const shape = rank === 1 ? [1, ...native] : native;
		const [height = 1, width = 1, into = 1] = shape;
		const fanIn = height * width * into;
		const kernel = network.weight("kernel", { kind: "kernel", filterAxes: [3], fanIn, shape });
		const channels = network.shapeOf(x).at(-1) ?? 1;
		const [strides, dilations] = [pair(config, "strides", 1), pair(config, "dilation_rate", 1)];
		const y = network.emit("conv2d", [rank === 1 ? asRow(network, x) : x, kernel, ...biasOf(network, config, fanIn)], {
			strides: rank === 1 ? [1, strides[0]] : strides,
			padding: paddingOf(config),
			dilations: rank === 1 ? [1, dilations[0]] : dilations,
			...(channels === into ? {} : { groups: channels / into }),
		});
		return activate(network, rank === 1 ? asSequence(network, y) : y, config.activation);
	};
}

const depthwise: AddLayer = ({ config }, inputs, network) => {
	channelsLast(config);
	const [height = 1, width = 1] = network.weightShape("depthwise_kernel") ?? [];
	const fanIn = height * width;
	const kernel = network.weight("depthwise_kernel", { kind: "kernel", filterAxes: [2, 3], fanIn });
	const attributes = {
		strides: pair(config, "strides", 1),
		padding: paddingOf(config),
		dilations: pair(config, "dilation_rate", 1),
	};
	const y = network.emit("depthwiseConv2d", [only(inputs), kernel, ...biasOf(network, config, fanIn)], attributes);
	return activate(network, y, config.activation);
};

const separable: AddLayer = ({ config }, inputs, network) => {
	channelsLast(config);
	const [height = 1, width = 1, into = 1, multiplier = 1] = network.weightShape("depthwise_kernel") ?? [];
	const depth = network.weight("depthwise_kernel", { kind: "kernel", filterAxes: [2, 3], fanIn: height * width });
	const attributes = {
		strides: pair(config, "strides", 1),
		padding: paddingOf(config),
		dilations: pair(config, "dilation_rate", 1),
	};
	const middle = network.emit("depthwiseConv2d", [only(inputs), depth], attributes);
	const fanIn = into * multiplier;
	const point = network.weight("pointwise_kernel", { kind: "kernel", filterAxes: [3], fanIn });
	const y = network.emit("conv2d", [middle, point, ...biasOf(network, config, fanIn)], {
		strides: [1, 1],
		padding: "valid",
	});
	return activate(network, y, config.activation);
};

const transposed: AddLayer = ({ config }, inputs, network) => {
	channelsLast(config);
	const x = only(inputs);
	const [height = 1, width = 1, , into = 1] = network.weightShape("kernel") ?? [];
	const strides = pair(config, "strides", 1);
	const fanIn = height * width * into;
	const kernel = network.weight("kernel", { kind: "kernel", filterAxes: [2], fanIn });
	const padding = paddingOf(config);
	// "same" gives length · stride, "valid" whatever the windows reach: at least length · stride.
	const cut = ([height, width] as const).map((window, axis): [number, number] => {
		const stride = strides[axis] ?? 1;
		if (padding === "valid") return [0, Math.min(0, window - stride)];
		const total = window - stride;
		const before = Math.floor(Math.max(0, total) / 2);
		return [before, total - before];
	});
	const attributes = { strides, cut: [cut[0] ?? [0, 0], cut[1] ?? [0, 0]] as const, groups: 1 };
	const y = network.emit("convTranspose2d", [x, kernel, ...biasOf(network, config, fanIn)], attributes);
	return activate(network, y, config.activation);
};

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
	return network.emit(
		"embedding",
		[network.weight("embeddings", { kind: "kernel", filterAxes: [0], fanIn: width }), x],
		{},
	);
};

const batchNormalization: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const rank = network.shapeOf(x).length;
	const [axis = -1] = [config.axis].flat().map(Number);
	if (axis !== -1 && axis !== rank) throw new RangeError(`axis ${axis} is not the last`);
	const fanIn = network.shapeOf(x).at(-1) ?? 1;
	const epsilon = number(config, "epsilon", 1e-3);
	const weight = (name: string, kind: "scale" | "shift" | "running-mean" | "running-variance") =>
		network.weight(name, { kind, fanIn });
	if (config.scale === false || config.center === false)
		throw new RangeError("a batch normalisation without scale or center is not supported");
	const tensors = [
		weight("gamma", "scale"),
		weight("beta", "shift"),
		weight("moving_mean", "running-mean"),
		weight("moving_variance", "running-variance"),
	];
	return network.emit("batchNorm", [x, ...tensors], { epsilon });
};

const layerNormalization: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const rank = network.shapeOf(x).length;
	const axes = [config.axis ?? -1].flat().map((axis) => (Number(axis) < 0 ? Number(axis) : Number(axis) - rank - 1));
	if (axes.length !== 1 || axes[0] !== -1) throw new RangeError("only a normalisation over the last axis is supported");
	const fanIn = network.shapeOf(x).at(-1) ?? 1;
	const y = network.emit("standardize", [x], { axes, epsilon: number(config, "epsilon", 1e-3) });
	const scaled =
		config.scale === false
			? y
			: network.emit("binary", [y, network.weight("gamma", { kind: "scale", fanIn })], { function: "mul" });
	if (config.center === false) return scaled;
	return network.emit("binary", [scaled, network.weight("beta", { kind: "shift", fanIn })], { function: "add" });
};

function pool(op: "maxPool" | "averagePool", rank: 1 | 2): AddLayer {
	return ({ config }, inputs, network) => {
		channelsLast(config);
		const x = only(inputs);
		const size = pair(config, "pool_size", 2);
		const strides = config.strides === null || config.strides === undefined ? size : pair(config, "strides", 2);
		const padding = paddingOf(config);
		if (rank === 2) return network.emit(op, [x], { window: size, strides, padding });
		const attributes = { window: [1, size[0]], strides: [1, strides[0]], padding } as const;
		return asSequence(network, network.emit(op, [asRow(network, x)], attributes));
	};
}

function globalPool(name: "mean" | "max"): AddLayer {
	return ({ config }, inputs, network) => {
		channelsLast(config);
		const x = only(inputs);
		const axes = network
			.shapeOf(x)
			.slice(0, -1)
			.map((_, axis, all) => axis - all.length - 1);
		const y = network.emit("reduce", [x], { function: name, axes });
		if (config.keepdims !== true) return y;
		return network.emit("reshape", [y], { rank: 1, shape: [...axes.map(() => 1), ...network.shapeOf(y)] });
	};
}

function merge(name: BinaryFunction, finish?: (network: KerasGraph, sum: string, count: number) => string): AddLayer {
	return (_, inputs, network) => {
		const [first, ...rest] = inputs;
		if (first === undefined || rest.length === 0) throw new RangeError("it merges fewer than two values");
		const merged = rest.reduce((sum, input) => network.emit("binary", [sum, input], { function: name }), first);
		return finish === undefined ? merged : finish(network, merged, inputs.length);
	};
}

const concatenate: AddLayer = ({ config }, inputs, network) => {
	const rank = network.shapeOf(inputs[0] ?? "").length;
	const axis = number(config, "axis", -1);
	return network.emit("concat", inputs, { axis: axis < 0 ? axis : axis - rank - 1 });
};

const reshape: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const shape = network.shapeOf(x);
	const target = Array.isArray(config.target_shape) ? config.target_shape.map(Number) : [];
	const open = sizeOf(shape) / sizeOf(target.filter((length) => length !== -1));
	return network.emit("reshape", [x], {
		rank: shape.length,
		shape: target.map((length) => (length === -1 ? open : length)),
	});
};

const permute: AddLayer = ({ config }, inputs, network) => {
	const dims = Array.isArray(config.dims) ? config.dims.map(Number) : [];
	return network.emit("transpose", [only(inputs)], { permutation: dims.map((axis) => axis - 1) });
};

/** [[top, bottom], [left, right]] from one number, two, or four. */
function margins(value: unknown): [[number, number], [number, number]] {
	const [rows, columns] = Array.isArray(value) ? value : [value, value];
	const both = (item: unknown): [number, number] =>
		Array.isArray(item) ? [Number(item[0]), Number(item[1])] : [Number(item), Number(item)];
	return [both(rows ?? 1), both(columns ?? rows ?? 1)];
}

const zeroPadding: AddLayer = ({ config }, inputs, network) =>
	network.emit("pad", [only(inputs)], { padding: [...margins(config.padding), [0, 0]], mode: "constant", value: 0 });

const cropping: AddLayer = ({ config }, inputs, network) =>
	margins(config.cropping).reduce((x, [before, after], axis) => {
		const length = (network.shapeOf(x)[axis] ?? 0) - before - after;
		return network.emit("slice", [x], { axis: axis - 3, start: before, length, step: 1 });
	}, only(inputs));

const upSampling: AddLayer = ({ config }, inputs, network) => {
	channelsLast(config);
	const linear = config.interpolation === "bilinear";
	return pair(config, "size", 2).reduce((x, factor, axis) => {
		const from = network.shapeOf(x)[axis] ?? 1;
		const places = Array.from({ length: from * factor }, (_, at) => {
			const place = (at + 0.5) / factor - 0.5;
			return Math.min(Math.max(place, 0), from - 1);
		});
		const axes = { axis: axis - 3 };
		if (!linear)
			return network.emit("resample", [x], { ...axes, terms: [places.map((_, at) => Math.floor(at / factor))] });
		const low = places.map(Math.floor);
		const high = low.map((place) => Math.min(place + 1, from - 1));
		const share = places.map((place, at) => place - (low[at] ?? 0));
		const weights = [share.map((upper) => 1 - upper), share];
		return network.emit("resample", [x], { ...axes, terms: [low, high], weights });
	}, only(inputs));
};

const prelu: AddLayer = (_, inputs, network) => {
	const x = only(inputs);
	const alpha = network.weight("alpha", { kind: "scale", fanIn: network.shapeOf(x).at(-1) ?? 1 });
	return network.emit("binary", [x, alpha], { function: "prelu" });
};

const reluLayer: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	if (number(config, "negative_slope", 0) !== 0 || number(config, "threshold", 0) !== 0)
		throw new RangeError("a slope or threshold is not supported");
	const most = config.max_value;
	return typeof most === "number"
		? network.emit("unary", [x], { function: "clip", alpha: 0, beta: most })
		: network.emit("relu", [x], {});
};

const identity: AddLayer = (_, inputs) => only(inputs);

/** Every Keras layer that can be imported: one line each. */
export const kerasLayers: Readonly<Record<string, AddLayer>> = {
	Activation: ({ config }, inputs, network) => activate(network, only(inputs), config.activation),
	ActivityRegularization: identity,
	Add: merge("add"),
	Average: merge("add", (network, sum, count) =>
		network.emit("unary", [sum], { function: "affine", alpha: 1 / count, beta: 0 }),
	),
	AveragePooling1D: pool("averagePool", 1),
	AveragePooling2D: pool("averagePool", 2),
	BatchNormalization: batchNormalization,
	Concatenate: concatenate,
	Conv1D: convolution(1),
	Conv2D: convolution(2),
	Conv2DTranspose: transposed,
	Cropping2D: cropping,
	Dense: dense,
	DepthwiseConv2D: depthwise,
	Dropout: ({ config }, inputs, network) =>
		network.emit("dropout", [only(inputs)], { rate: number(config, "rate", 0) }),
	ELU: ({ config }, inputs, network) =>
		network.emit("unary", [only(inputs)], { function: "elu", alpha: number(config, "alpha", 1) }),
	Embedding: embedding,
	Flatten: (_, inputs, network) => network.emit("flatten", [only(inputs)], {}),
	GaussianDropout: identity,
	GaussianNoise: identity,
	GlobalAveragePooling1D: globalPool("mean"),
	GlobalAveragePooling2D: globalPool("mean"),
	GlobalMaxPooling1D: globalPool("max"),
	GlobalMaxPooling2D: globalPool("max"),
	InputLayer: (layer, _, network) => network.input(layer),
	LayerNormalization: layerNormalization,
	LeakyReLU: ({ config }, inputs, network) =>
		network.emit("unary", [only(inputs)], {
			function: "leakyRelu",
			alpha: number(config, "alpha", number(config, "negative_slope", 0.3)),
		}),
	MaxPooling1D: pool("maxPool", 1),
	MaxPooling2D: pool("maxPool", 2),
	Maximum: merge("maximum"),
	Minimum: merge("minimum"),
	Multiply: merge("mul"),
	PReLU: prelu,
	Permute: permute,
	ReLU: reluLayer,
	Reshape: reshape,
	SeparableConv2D: separable,
	Softmax: (_, inputs, network) => network.emit("softmax", [only(inputs)], {}),
	SpatialDropout1D: identity,
	SpatialDropout2D: identity,
	Subtract: merge("sub"),
	UpSampling2D: upSampling,
	ZeroPadding2D: zeroPadding,
};
