import type { RecurrentInput } from "../../../network/ops/recurrence.js";
import type { UnaryAttributes } from "../../../network/ops/unary.js";
import type { AddLayer, KerasGraph } from "../network.js";
import type { KerasLayer } from "../topology.js";
import { unaryOf } from "./activations.js";
import type { Config } from "./settings.js";

const cells = { lstm: 4, gru: 3, rnn: 1 } as const;

type Cell = keyof typeof cells;

function functionOf(network: KerasGraph, config: Config, name: string, usual: string): UnaryAttributes {
	const found = unaryOf(config[name] ?? usual, network.isThird);
	if (found === undefined) throw new RangeError(`its ${name} ${String(config[name])} is not supported`);
	return found;
}

/** All steps of a layer, [time, hidden]; a layer that goes backwards has its last step first, as Keras gives it. */
function states(cell: Cell, config: Config, inputs: readonly string[], network: KerasGraph): string {
	const [x, ...starts] = inputs;
	if (x === undefined) throw new RangeError("it reads no value");
	if (config.stateful === true)
		throw new RangeError("a layer that keeps its state from batch to batch is not supported");
	const [into = 1] = network.weightShape("kernel") ?? [];
	const [hidden = 1] = network.weightShape("recurrent_kernel") ?? [];
	const kernel = network.weight("kernel", { kind: "kernel", filterAxes: [1], fanIn: into });
	const recurrent = network.weight("recurrent_kernel", { kind: "kernel", filterAxes: [1], fanIn: hidden });
	const takes: RecurrentInput[] = [];
	const further: string[] = [];
	const take = (name: RecurrentInput, tensor: string) => {
		takes.push(name);
		further.push(tensor);
	};
	const resetAfter = cell === "gru" && config.reset_after === true;
	if (config.use_bias !== false) {
		const bias = network.weight("bias", { kind: "bias", fanIn: hidden });
		if (resetAfter) {
			// The rows are those of the values and of the states.
			for (const [row, name] of (["bias", "recurrentBias"] as const).entries()) {
				const one = network.emit("slice", [bias], { axis: -2, start: row, length: 1, step: 1 });
				take(name, network.emit("reshape", [one], { rank: 2, shape: [cells[cell] * hidden] }));
			}
		} else take("bias", bias);
	}
	for (const [index, name] of (["hidden", "cell"] as const).entries()) {
		const start = starts[index];
		if (start !== undefined) take(name, start);
	}
	const own = functionOf(network, config, "activation", "tanh");
	// TensorFlow.js has a hard sigmoid where nothing is said, Keras a smooth one; both say it in what they save.
	const gate = cell === "rnn" ? undefined : functionOf(network, config, "recurrent_activation", "sigmoid");
	const common = { takes, reverse: config.go_backwards === true };
	const tensors = [x, kernel, recurrent, ...further];
	switch (cell) {
		case "lstm": {
			const activations = [gate ?? own, own, own];
			const attributes = { ...common, activations, gates: "ifco", result: "hidden", coupled: false } as const;
			return network.emit("lstm", tensors, attributes);
		}
		case "gru":
			return network.emit("gru", tensors, { ...common, activations: [gate ?? own, own], resetAfter });
		case "rnn":
			return network.emit("rnn", tensors, { ...common, activations: [own] });
	}
}

function recurrent(cell: Cell): AddLayer {
	return ({ config }, inputs, network) => {
		if (config.return_state === true) throw new RangeError("return_state is not supported");
		const all = states(cell, config, inputs, network);
		const [time = 1, hidden = 1] = network.shapeOf(all);
		const isBackwards = config.go_backwards === true;
		if (config.return_sequences === true)
			return isBackwards ? network.emit("slice", [all], { axis: -2, start: time - 1, length: time, step: -1 }) : all;
		const last = network.emit("slice", [all], { axis: -2, start: isBackwards ? 0 : time - 1, length: 1, step: 1 });
		return network.emit("reshape", [last], { rank: 2, shape: [hidden] });
	};
}

/** A layer forwards and again backwards, with weights of their own. */
const bidirectional: AddLayer = ({ config }, inputs, network) => {
	const layer = network.layerIn(config.layer);
	const returns = layer.config.return_sequences === true;
	const named = (prefix: string, backwards: boolean): KerasLayer => ({
		...layer,
		name: `${prefix}_${layer.name.replace(/^(forward|backward)_/, "")}`,
		config: { ...layer.config, go_backwards: backwards },
	});
	const [x = "", ...starts] = inputs;
	const half = starts.length / 2;
	const forward = network.apply(named("forward", false), [x, ...starts.slice(0, half)]);
	const given =
		config.backward_layer === undefined || config.backward_layer === null
			? undefined
			: network.layerIn(config.backward_layer);
	const backwards =
		given === undefined ? named("backward", true) : { ...given, config: { ...given.config, go_backwards: true } };
	const turned = network.apply(backwards, [x, ...starts.slice(half)]);
	const [time = 1] = network.shapeOf(turned);
	const backward = returns
		? network.emit("slice", [turned], { axis: -2, start: time - 1, length: time, step: -1 })
		: turned;
	switch (config.merge_mode ?? "concat") {
		case "concat":
			return network.emit("concat", [forward, backward], { axis: -1 });
		case "sum":
			return network.emit("binary", [forward, backward], { function: "add" });
		case "mul":
			return network.emit("binary", [forward, backward], { function: "mul" });
		case "ave": {
			const sum = network.emit("binary", [forward, backward], { function: "add" });
			return network.emit("unary", [sum], { function: "affine", alpha: 0.5, beta: 0 });
		}
		default:
			throw new RangeError(`merge_mode ${String(config.merge_mode)} is not supported`);
	}
};

/** What of a layer does the same to each step as to all of them at once. */
const anyLength: ReadonlySet<string> = new Set([
	"Activation",
	"Dense",
	"Dropout",
	"ELU",
	"LayerNormalization",
	"LeakyReLU",
	"ReLU",
]);

/** A layer for each step, all with the same weights. */
const timeDistributed: AddLayer = ({ config }, inputs, network) => {
	const [x = ""] = inputs;
	const layer = network.layerIn(config.layer);
	if (anyLength.has(layer.kind)) return network.apply(layer, [x]);
	const [time = 1, ...shape] = network.shapeOf(x);
	const steps = Array.from({ length: time }, (_, at) => {
		const one = network.emit("slice", [x], { axis: -1 - shape.length, start: at, length: 1, step: 1 });
		const y = network.apply(layer, [network.emit("reshape", [one], { rank: shape.length + 1, shape })]);
		const own = network.shapeOf(y);
		return network.emit("reshape", [y], { rank: own.length, shape: [1, ...own] });
	});
	return network.emit("concat", steps, { axis: -network.shapeOf(steps[0] ?? "").length });
};

export const recurrentLayers: Readonly<Record<string, AddLayer>> = {
	Bidirectional: bidirectional,
	GRU: recurrent("gru"),
	LSTM: recurrent("lstm"),
	SimpleRNN: recurrent("rnn"),
	TimeDistributed: timeDistributed,
};
