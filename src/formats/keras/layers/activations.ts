import type { UnaryAttributes } from "../../../network/ops/unary.js";
import type { AddLayer, KerasGraph } from "../network.js";
import { number, only } from "./settings.js";

/** Keras 3 reaches a hard sigmoid at ±3, Keras 2 and TensorFlow.js at ±2.5. */
function hardSigmoid(isThird: boolean): UnaryAttributes {
	return { function: "hardSigmoid", alpha: isThird ? 1 / 6 : 0.2, beta: 0.5 };
}

/** The functions of one value by Keras's names, but for relu and softmax, which are ops of their own. */
export function unaryOf(name: unknown, isThird: boolean): UnaryAttributes | undefined {
	switch (nameOf(name)) {
		case "linear":
			return { function: "affine", alpha: 1, beta: 0 };
		case "relu":
			return { function: "clip", alpha: 0, beta: Number.POSITIVE_INFINITY };
		case "relu6":
			return { function: "clip", alpha: 0, beta: 6 };
		case "hardSigmoid":
		case "hard_sigmoid":
			return hardSigmoid(isThird);
		case "hard_silu":
		case "hard_swish":
			return { function: "hardSwish" };
		case "swish":
		case "silu":
			return { function: "silu", alpha: 1 };
		case "leaky_relu":
			return { function: "leakyRelu", alpha: 0.2 };
		case "gelu_new":
			return { function: "geluTanh" };
		case "exponential":
			return { function: "exp" };
		case "gelu":
		case "sigmoid":
		case "tanh":
		case "elu":
		case "selu":
		case "softplus":
		case "softsign":
		case "mish":
		case "exp":
			return { function: nameOf(name) as UnaryAttributes["function"] };
		default:
			return undefined;
	}
}

/** A name may come alone or as that of a serialised object. */
function nameOf(activation: unknown): string {
	if (typeof activation === "string") return activation;
	if (activation === null || activation === undefined) return "linear";
	const { class_name: kind, config } = activation as { class_name?: unknown; config?: unknown };
	return String(kind === "function" ? config : kind);
}

/** An activation by its name, as a node. */
export function activate(network: KerasGraph, x: string, activation: unknown): string {
	switch (nameOf(activation)) {
		case "linear":
			return x;
		case "relu":
			return network.emit("relu", [x], {});
		case "softmax":
			return network.emit("softmax", [x], {});
		case "log_softmax":
			return network.emit("logSoftmax", [x], {});
		default: {
			const attributes = unaryOf(activation, network.isThird);
			if (attributes === undefined) throw new RangeError(`its activation ${nameOf(activation)} is not supported`);
			return network.emit("unary", [x], attributes);
		}
	}
}

const prelu: AddLayer = (_, inputs, network) => {
	const x = only(inputs);
	const alpha = network.weight("alpha", { kind: "scale", fanIn: network.shapeOf(x).at(-1) ?? 1 });
	return network.emit("binary", [x, alpha], { function: "prelu" });
};

const relu: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	if (number(config, "negative_slope", 0) !== 0 || number(config, "threshold", 0) !== 0)
		throw new RangeError("a slope or threshold is not supported");
	const most = config.max_value;
	return typeof most === "number"
		? network.emit("unary", [x], { function: "clip", alpha: 0, beta: most })
		: network.emit("relu", [x], {});
};

/** Over the last axis; over another it is turned there and back. */
const softmax: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const rank = network.shapeOf(x).length;
	const axis = number(config, "axis", -1);
	const index = axis < 0 ? axis + rank : axis - 1;
	if (index === rank - 1) return network.emit("softmax", [x], {});
	const swap = [...Array(rank).keys()].map((i) => (i === index ? rank - 1 : i === rank - 1 ? index : i));
	const turned = network.emit("transpose", [x], { permutation: swap });
	return network.emit("transpose", [network.emit("softmax", [turned], {})], { permutation: swap });
};

export const activationLayers: Readonly<Record<string, AddLayer>> = {
	Activation: ({ config }, inputs, network) => activate(network, only(inputs), config.activation),
	ELU: ({ config }, inputs, network) =>
		network.emit("unary", [only(inputs)], { function: "elu", alpha: number(config, "alpha", 1) }),
	LeakyReLU: ({ config }, inputs, network) =>
		network.emit("unary", [only(inputs)], {
			function: "leakyRelu",
			alpha: number(config, "alpha", number(config, "negative_slope", 0.3)),
		}),
	PReLU: prelu,
	ReLU: relu,
	Softmax: softmax,
};
