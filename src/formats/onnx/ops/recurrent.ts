import type { RecurrentInput } from "../../../network/ops/recurrence.js";
import type { UnaryAttributes } from "../../../network/ops/unary.js";
import { isUnnamed } from "../contents.js";
import { type Axis, axis, lengthOf, refine, resolve, withoutBatch } from "../factors.js";
import { sliced } from "../isolate.js";
import type { OnnxTensor } from "../model.js";
import { float, type ImportOp, int, ints, type NodeContext, operand, strings, text } from "../node.js";
import { isValue, type Operand, problem, shapeOf, type Value } from "../value.js";
import { joinedAlong } from "./extending.js";

/** How many parts each kernel has, and the activations where none are named. */
const cells = {
	lstm: { gates: 4, activations: ["Sigmoid", "Tanh", "Tanh"] },
	gru: { gates: 3, activations: ["Sigmoid", "Tanh"] },
	rnn: { gates: 1, activations: ["Tanh"] },
} as const;

type Cell = keyof typeof cells;

/** Functions that a step may use, by as many numbers as they take, which have usual values. @see the ONNX operator LSTM */
const activations: Readonly<Record<string, (alpha?: number, beta?: number) => UnaryAttributes>> = {
	Affine: (alpha, beta) => ({ function: "affine", alpha: alpha ?? 1, beta: beta ?? 0 }),
	Elu: (alpha) => ({ function: "elu", alpha: alpha ?? 1 }),
	HardSigmoid: (alpha, beta) => ({ function: "hardSigmoid", alpha: alpha ?? 0.2, beta: beta ?? 0.5 }),
	LeakyRelu: (alpha) => ({ function: "leakyRelu", alpha: alpha ?? 0.01 }),
	Relu: () => ({ function: "clip", alpha: 0, beta: Number.POSITIVE_INFINITY }),
	Sigmoid: () => ({ function: "sigmoid" }),
	Softplus: () => ({ function: "softplus" }),
	Softsign: () => ({ function: "softsign" }),
	Tanh: () => ({ function: "tanh" }),
};

/** The activations of one direction; alphas and betas are lists for those of all directions that take some. */
function activationsOf(context: NodeContext, cell: Cell, direction: number): UnaryAttributes[] {
	const { activations: usual } = cells[cell];
	const names = strings(context, "activations") ?? [...usual, ...usual];
	const [alphas, betas] = [ints(context, "activation_alpha") ?? [], ints(context, "activation_beta") ?? []].map(
		(each) => [...each],
	);
	const all = names.map((name) => {
		const [, make] = Object.entries(activations).find(([known]) => known.toLowerCase() === name.toLowerCase()) ?? [];
		if (make === undefined) return problem(`the activation ${name} is not supported`);
		return make(make.length > 0 ? alphas?.shift() : undefined, make.length > 1 ? betas?.shift() : undefined);
	});
	const own = all.slice(direction * usual.length, (direction + 1) * usual.length);
	return own.length === usual.length ? own : problem(`${names.length} activations are too few`);
}

/** What of a tensor [directions, ...] belongs to one direction. */
function partOf({ builder }: NodeContext, tensor: Value, direction: number, along = 0): Value {
	const part = sliced(builder, tensor, along, [direction, 1, 1]);
	return { ...part, axes: part.axes.filter((_, index) => index !== along) };
}

/** A part of an axis of a value that has nothing but that axis. */
function piece({ builder }: NodeContext, vector: Value, start: number, count: number): Value {
	return sliced(builder, vector, 0, [start, count, 1]);
}

/** An input that a file may leave out; zeros are the same as none. */
function given(context: NodeContext, index: number): Value | undefined {
	const input: Operand | undefined = context.inputs[index];
	if (input === undefined) return undefined;
	const isNothing = (tensor: OnnxTensor | undefined) => tensor?.values.every((value) => value === 0) === true;
	if (!isValue(input) && isNothing(input)) return undefined;
	if (isValue(input) && isUnnamed(context.node.inputs[index] ?? "") && isNothing(context.builder.contentsOf(input)))
		return undefined;
	return isValue(input) ? input : context.builder.layerWeights(input, context.node.inputs[index] ?? "");
}

/** The axes of the sequences, which come in two orders. */
interface Sequence {
	readonly x: Value;
	readonly time: Axis;
	readonly samples: Axis;
	readonly features: Axis;
	/** Whether the samples come before the steps. */
	readonly samplesFirst: boolean;
}

function sequenceOf(context: NodeContext): Sequence {
	const x = context.builder.value(operand(context, 0));
	const samplesFirst = int(context, "layout", 0) === 1;
	const [first = [], second = [], features = []] = x.axes;
	const [time, samples] = samplesFirst ? [second, first] : [first, second];
	const lengths = context.inputs[4];
	const steps = lengthOf(resolve(time));
	const isWhole = lengths === undefined || (!isValue(lengths) && lengths.values.every((length) => length === steps));
	if (!isWhole) return problem("sequences of different lengths (sequence_lens) are not supported");
	return { x, time, samples, features, samplesFirst };
}

/** The states of all steps of one direction, with axes [time, samples, hidden]. */
function oneDirection(
	context: NodeContext,
	cell: Cell,
	sequence: Sequence,
	direction: number,
	reverse: boolean,
	result: "hidden" | "cell" = "hidden",
): Value {
	const { builder } = context;
	const { x, time, samples, features, samplesFirst } = sequence;
	const { gates } = cells[cell];
	const [w, r] = [1, 2].map((index) => {
		const weights = builder.layerWeights(operand(context, index), context.node.inputs[index] ?? "");
		const [directions = [], rows = [], into = []] = weights.axes;
		builder.decide(weights, "kernel", [...resolve(directions), ...resolve(rows)], lengthOf(resolve(into)));
		return partOf(context, weights, direction);
	}) as [Value, Value];
	const [columns = [], into = []] = w.axes;
	const hidden = lengthOf(resolve(columns)) / gates;
	if (!refine(features, into)) return problem(`features [${shapeOf(x)}] meet weights [${shapeOf(w)}]`);
	const takes: RecurrentInput[] = [];
	const further: string[] = [];
	const take = (name: RecurrentInput, tensor: string) => {
		takes.push(name);
		further.push(tensor);
	};
	const biases = given(context, 3);
	if (biases !== undefined) {
		builder.decide(biases, "bias", [], hidden);
		const both = partOf(context, biases, direction);
		take("bias", vectorOf(context, piece(context, both, 0, gates * hidden)));
		take("recurrentBias", vectorOf(context, piece(context, both, gates * hidden, gates * hidden)));
	}
	for (const [index, name] of cell === "lstm"
		? ([
				[5, "hidden"],
				[6, "cell"],
			] as const)
		: ([[5, "hidden"]] as const)) {
		const start = given(context, index);
		if (start === undefined) continue;
		const one = builder.forOneSample(start, samplesFirst ? 0 : 1);
		builder.decide(one, "bias", [], hidden);
		const own = partOf(context, one, direction, samplesFirst ? 1 : 0);
		take(name, builder.arrange(own, [...stacked(own.axes[0] ?? []), resolve(own.axes[1] ?? [])].filter(isFull)));
	}
	const peepholes = cell === "lstm" ? given(context, 7) : undefined;
	if (peepholes !== undefined) {
		builder.decide(peepholes, "scale", [], hidden);
		take("peepholes", vectorOf(context, partOf(context, peepholes, direction)));
	}
	const kernel = builder.arrange(w, [resolve(into), resolve(columns)]);
	const recurrent = builder.arrange(r, [resolve(r.axes[1] ?? []), resolve(r.axes[0] ?? [])]);
	const values = builder.arrange(x, [...stacked(samples), resolve(time), resolve(features)]);
	const inputs = [values, kernel, recurrent, ...further];
	const clip = float(context, "clip", 0);
	const common = {
		takes,
		reverse,
		activations: activationsOf(context, cell, direction),
		...(clip > 0 && { clip }),
	};
	const out = axis(hidden);
	const groups = [...stacked(samples), resolve(time), out];
	const axes = [time, samples, out];
	switch (cell) {
		case "lstm": {
			const coupled = int(context, "input_forget", 0) === 1;
			return builder.emit(cell, inputs, { ...common, gates: "iofc", result, coupled }, groups, axes);
		}
		case "gru": {
			const resetAfter = int(context, "linear_before_reset", 0) === 1;
			return builder.emit(cell, inputs, { ...common, resetAfter }, groups, axes);
		}
		case "rnn":
			return builder.emit(cell, inputs, common, groups, axes);
	}
}

/** Samples and what else is told apart like them, in memory an axis each. */
function stacked(samples: Axis): Axis[] {
	return withoutBatch(samples).map((item) => [item]);
}

function isFull(group: Axis): boolean {
	return group.length > 0;
}

function vectorOf({ builder }: NodeContext, vector: Value): string {
	return builder.arrange(vector, [vector.axes.flat()]);
}

function recurrent(cell: Cell): ImportOp {
	return (context) => {
		const named = text(context, "direction", "forward");
		const directions = named === "bidirectional" ? [false, true] : [named === "reverse"];
		const sequence = sequenceOf(context);
		const { samplesFirst } = sequence;
		const steps = lengthOf(resolve(sequence.time));
		const states = (result?: "hidden" | "cell") =>
			directions.map((reverse, index) => oneDirection(context, cell, sequence, index, reverse, result));
		const joined = (values: readonly Value[], index: number) => {
			const [first, ...others] = values;
			if (first === undefined) return problem("it has no direction");
			return others.length === 0 ? first : joinedAlong(context, values, first, index);
		};
		/** All steps: [time, directions, samples, hidden], or [samples, time, directions, hidden]. */
		const all = (values: readonly Value[]) => {
			const spread = values.map(({ axes: [time = [], samples = [], hidden = []], ...value }) => ({
				...value,
				axes: samplesFirst ? [samples, time, [], hidden] : [time, [], samples, hidden],
			}));
			return joined(spread, samplesFirst ? 2 : 1);
		};
		/** The last step of each direction: [directions, samples, hidden], or [samples, directions, hidden]. */
		const last = (values: readonly Value[]) => {
			const ends = values.map((value, index) => {
				const at = directions[index] ? 0 : steps - 1;
				const {
					axes: [, samples = [], hidden = []],
					...end
				} = sliced(context.builder, value, 0, [at, 1, 1]);
				return { ...end, axes: samplesFirst ? [samples, [], hidden] : [[], samples, hidden] };
			});
			return joined(ends, samplesFirst ? 1 : 0);
		};
		const hidden = states();
		return [
			all(hidden),
			context.isRead(1) ? last(hidden) : undefined,
			cell === "lstm" && context.isRead(2) ? last(states("cell")) : undefined,
		];
	};
}

/** Recurrent layers, a node for each direction. */
export const recurrentOps: Readonly<Record<string, ImportOp>> = {
	GRU: recurrent("gru"),
	LSTM: recurrent("lstm"),
	RNN: recurrent("rnn"),
};
