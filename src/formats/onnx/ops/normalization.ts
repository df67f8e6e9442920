import { isUnnamed } from "../contents.js";
import { type Axis, axis, deal, hasBatch, lengthOf, resolve, withoutBatch } from "../factors.js";
import { known } from "../fold.js";
import { axisIndex, float, type ImportOp, int, ints, type NodeContext, operand } from "../node.js";
import { isBatched, isValue, problem, shapeOf, type Value } from "../value.js";
import { applyBinary, applyUnary } from "./elementwise.js";
import { reduceValue, separated } from "./reduction.js";

const batchNormalization: ImportOp = (context) => {
	const { builder, node } = context;
	const x = builder.value(operand(context, 0));
	if (int(context, "training_mode", 0) === 1) return [normalizedByItself(context, x)];
	const channels = x.axes[1] ?? [];
	const rest = separated(builder.groupsOf(x), resolve(channels)).filter(
		(group) => !group.some((item) => resolve(channels).includes(item)) && group.length > 0,
	);
	const kinds = ["scale", "shift", "running-mean", "running-variance"] as const;
	const tensors = kinds.map((kind, index) => {
		const input = operand(context, index + 1);
		// A layer without parameters comes with constants, ones and zeros; its statistics are tensors all the same.
		const isStatistic = index >= 2;
		const value = isStatistic ? builder.layerWeights(input, node.inputs[index + 1] ?? "") : builder.value(input);
		if (lengthOf(resolve(value.axes.flat())) !== lengthOf(resolve(channels)))
			return problem(`${lengthOf(resolve(channels))} channels meet [${shapeOf(value)}]`);
		return builder.weights(value, kind, [value.axes.flat()], [], lengthOf(resolve(channels)));
	});
	const groups = [...rest, resolve(channels)];
	const attributes = { epsilon: float(context, "epsilon", 1e-5) };
	return [builder.emit("batchNorm", [builder.arrange(x, groups), ...tensors], attributes, groups, x.axes)];
};

/** Weights that are standardised before a layer takes them are so by a normalisation in training mode: by their own statistics. */
function normalizedByItself(context: NodeContext, x: Value): Value {
	if (isBatched(x)) return problem("was exported in training mode; export it in eval mode");
	const over = x.axes.filter((_, index) => index !== 1);
	const y = standardize(context, x, over, float(context, "epsilon", 1e-5));
	return scaleAndShift(context, y, [1, 2], alongChannels(x));
}

/** (x - mean) / √(variance + ε) over the given factors. */
function standardize({ builder }: NodeContext, x: Value, over: readonly Axis[], epsilon: number): Value {
	const set = over.flatMap((item) => resolve(item));
	if (hasBatch(set)) return problem("a normalisation over the samples is not supported");
	const groups = separated(builder.groupsOf(x), set);
	const axes = [...groups.keys()]
		.filter((index) => groups[index]?.some((item) => set.includes(item)))
		.map((index) => index - groups.length);
	return builder.emit("standardize", [builder.arrange(x, groups)], { axes, epsilon }, groups, x.axes);
}

/** The mean and variance of the axes named, which samples have in common where it says so: then it is no network's to take. */
const meanVariance: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const listed = ints(context, "axes") ?? [0, 2, 3];
	// √variance + ε in the standard, with an ε of 1e-9 that no float32 sees.
	return [
		standardize(
			context,
			x,
			listed.map((index) => x.axes[axisIndex(index, x.axes.length)] ?? []),
			0,
		),
	];
};

/** Scale and shift after a normalisation, their axes lined up with those of x as the standard says. */
function scaleAndShift(
	context: NodeContext,
	x: Value,
	inputs: readonly [number, number],
	lineUp: (tensor: Value) => Value,
): Value {
	const { builder } = context;
	return inputs.reduce((y, index, place) => {
		const input = context.inputs[index];
		if (input === undefined || isIdentity(context, index, place === 0 ? 1 : 0)) return y;
		const tensor = lineUp(builder.value(input));
		builder.decide(tensor, place === 0 ? "scale" : "shift", [], lengthOf(resolve(tensor.axes.flat())));
		return applyBinary(context, y, tensor, place === 0 ? "mul" : "add");
	}, x);
}

/** Whether a scale or shift changes nothing: exporters put ones and zeros where a layer has no parameters. */
function isIdentity({ builder, node, inputs }: NodeContext, index: number, value: number): boolean {
	const input = inputs[index];
	if (input === undefined) return true;
	const tensor = isValue(input) ? (isUnnamed(node.inputs[index] ?? "") ? builder.contentsOf(input) : undefined) : input;
	return tensor?.values.every((number) => number === value) === true;
}

const layerNormalization: ImportOp = (context) => {
	if (context.isRead(1) || context.isRead(2))
		return problem("mean and deviation of LayerNormalization are not supported");
	const x = context.builder.value(operand(context, 0));
	const from = axisIndex(int(context, "axis", -1), x.axes.length);
	const y = standardize(context, x, x.axes.slice(from), float(context, "epsilon", 1e-5));
	return [scaleAndShift(context, y, [1, 2], (tensor) => tensor)];
};

/** Lines a tensor [channels] up with the second axis of x. */
function alongChannels(x: Value): (tensor: Value) => Value {
	return (tensor) => ({ ...tensor, axes: [tensor.axes.flat(), ...x.axes.slice(2).map(() => [])] });
}

const instanceNormalization: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const y = standardize(context, x, x.axes.slice(2), float(context, "epsilon", 1e-5));
	return [scaleAndShift(context, y, [1, 2], alongChannels(x))];
};

const groupNormalization: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const count = int(context, "num_groups", 1);
	const channels = lengthOf(resolve(x.axes[1] ?? []));
	const [groups = [], within = []] =
		deal(x.axes[1] ?? [], [count, channels / count]) ?? problem(`${channels} channels in ${count}`);
	const y = standardize(context, x, [within, ...x.axes.slice(2)], float(context, "epsilon", 1e-5));
	// Up to opset 20 there was one number a group, since then there is one a channel.
	if (context.opset >= 21) return [scaleAndShift(context, y, [1, 2], alongChannels(x))];
	const apart: Value = { ...y, axes: [y.axes[0] ?? [], groups, within, ...y.axes.slice(2)] };
	const lineUp = (tensor: Value): Value => ({
		...tensor,
		axes: [tensor.axes.flat(), ...apart.axes.slice(2).map(() => [])],
	});
	const scaled = scaleAndShift(context, apart, [1, 2], lineUp);
	const [batch = [], own = [], rest = [], ...space] = scaled.axes;
	return [{ ...scaled, axes: [batch, [...resolve(own), ...resolve(rest)], ...space] }];
};

/** x / √(mean of squares + ε), times a scale. */
const rmsNormalization: ImportOp = (context) => {
	const { builder } = context;
	const x = builder.value(operand(context, 0));
	const from = axisIndex(int(context, "axis", -1), x.axes.length);
	const over = x.axes.slice(from).map((_, index) => from + index);
	const power = reduceValue(context, applyUnary(context, x, "square"), "mean", over, true);
	const epsilon = builder.value(known([], [float(context, "epsilon", 1e-5)], "float"));
	const root = applyUnary(context, applyBinary(context, power, epsilon, "add"), "sqrt");
	return [scaleAndShift(context, applyBinary(context, x, root, "div"), [1, 2], (tensor) => tensor)];
};

/** x / (bias + alpha / size · sum of squares over neighbouring channels)^beta */
const localResponse: ImportOp = (context) => {
	const { builder } = context;
	const x = builder.value(operand(context, 0));
	const size = int(context, "size", 1);
	const squares = applyUnary(context, x, "square");
	const channels = x.axes[1] ?? [];
	const rest = x.axes.slice(2).map(withoutBatch);
	const groups = [...rest, resolve(channels)];
	const length = lengthOf(resolve(channels));
	const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
	const wide = axis(length + before + after);
	const padded = builder.emit(
		"pad",
		[builder.arrange(squares, groups)],
		{ padding: [...rest.map(() => [0, 0] as const), [before, after]], mode: "constant", value: 0 },
		[...rest, wide],
		x.axes.map((item, index) => (index === 1 ? wide : item)),
	);
	const parts = Array.from({ length: size }, (_, shift) => {
		const attributes = { axis: -1, start: shift, length, step: 1 };
		return builder.emit("slice", [builder.arrange(padded, [...rest, wide])], attributes, groups, x.axes);
	});
	const sum = parts.reduce((a, b) => applyBinary(context, a, b, "add"));
	const numbers = { alpha: float(context, "alpha", 1e-4) / size, beta: float(context, "bias", 1) };
	const power = builder.value(known([], [float(context, "beta", 0.75)], "float"));
	return [
		applyBinary(context, x, applyBinary(context, applyUnary(context, sum, "affine", numbers), power, "pow"), "div"),
	];
};

export const normalizationOps: Readonly<Record<string, ImportOp>> = {
	BatchNormalization: batchNormalization,
	GroupNormalization: groupNormalization,
	InstanceNormalization: instanceNormalization,
	LRN: localResponse,
	LayerNormalization: layerNormalization,
	MeanVarianceNormalization: meanVariance,
	RMSNormalization: rmsNormalization,
};
