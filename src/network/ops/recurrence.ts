import {
	add,
	matMul,
	reshape,
	slice,
	split,
	stack,
	type Tensor,
	type Tensor2D,
	tidy,
	zeros,
} from "@tensorflow/tfjs-core";
import { type Axes, type Axis, axisAt } from "./axes.js";
import { type Mode, type Op, required, type Shape } from "./op.js";
import { type UnaryAttributes, unary } from "./unary.js";

/** What a recurrent layer may read besides its values and its two kernels; biases are [gates · hidden]. */
export type RecurrentInput = "bias" | "recurrentBias" | "hidden" | "cell" | "peepholes";

/** What recurrent layers share. Inputs: x [..., time, in], kernel [in, gates · hidden], recurrent kernel [hidden, gates · hidden]. */
export interface RecurrentAttributes {
	/** What the further inputs are, in their order. */
	readonly takes: readonly RecurrentInput[];
	/** Whether it starts at the last step; its output has the steps in their order all the same. */
	readonly reverse: boolean;
	/** Of the gates, then of the values, in the order of the cell's own file. */
	readonly activations: readonly UnaryAttributes[];
	/** What goes into the gates and new values is cut off below its negative and above it. */
	readonly clip?: number;
}

/** The inputs of a recurrent layer by what they are for. */
export interface RecurrentTensors {
	readonly kernel: Tensor2D;
	readonly recurrent: Tensor2D;
	readonly others: Partial<Record<RecurrentInput, Tensor>>;
	/** How many numbers a step hands on. */
	readonly hidden: number;
	/** Of all sequences. */
	readonly sequences: number;
}

/** A function of the gates' inputs by its place among the activations. */
export type Activate = (index: number, x: Tensor) => Tensor2D;

/** How a kind of layer walks through its sequences. */
export interface Walk {
	/** What each step hands on to the next; the first is handed the inputs of these names, or zeros. */
	readonly states: readonly ("hidden" | "cell")[];
	/** Gets what goes in, [sequences, gates · hidden], and what the step before handed on; gives what this one does. */
	readonly step: (input: Tensor2D, ...states: Tensor2D[]) => readonly Tensor2D[];
	/** Added to what goes in, before the steps. */
	readonly bias: Tensor | undefined;
	/** Which of the states makes the output. */
	readonly result: "hidden" | "cell";
}

/**
 * An op for a kind of recurrent layer.
 *
 * @param gates how many gates' columns its kernels have
 */
export function recurrent<Attributes extends RecurrentAttributes>(
	gates: number,
	walkOf: (tensors: RecurrentTensors, attributes: Attributes, activate: Activate) => Walk,
): Op<Attributes> {
	return {
		shape: (inputs) => recurrentShape(inputs, gates),

		run(inputs, attributes, mode) {
			const tensors = tensorsOf(inputs, attributes);
			const walk = walkOf(tensors, attributes, activator(attributes, mode));
			return walked(required(inputs, 0), tensors, walk, attributes.reverse);
		},

		axes: ([x = [], kernel = [], recurrentKernel = [], ...others], axes, { takes }) => {
			const hidden = axisAt(recurrentKernel, 0);
			axes.join(axisAt(x, -1), axisAt(kernel, 0));
			for (const columns of [axisAt(kernel, 1), axisAt(recurrentKernel, 1)]) joinParts(columns, hidden, axes);
			for (const own of others) joinParts(axisAt(own, -1), hidden, axes);
			axes.fix(axisAt(x, -2), "");
			// Which sequence a state is of, its axes don't say.
			const states = others.filter((_, i) => takes[i] === "hidden" || takes[i] === "cell");
			for (const state of states) for (const axis of [...x.slice(0, -2), ...state.slice(0, -1)]) axes.fix(axis, "");
			return [...x.slice(0, -1), hidden];
		},

		multiplyAdds: recurrentWork,
	};
}

/** Gates lie one after another, each in the order of what a step hands on. */
function joinParts(columns: Axis, hidden: Axis, axes: Axes): void {
	const gates = columns.length / hidden.length;
	for (const gate of axes.parts(columns, Array<number>(gates).fill(hidden.length))) axes.join(gate, hidden);
}

/** @throws {RangeError} when kernels and values don't fit together */
function recurrentShape(inputs: readonly Shape[], gates: number): Shape {
	const x = required(inputs, 0);
	const [into = 0, columns = 0] = required(inputs, 1);
	const [hidden = 0, recurrentColumns = 0] = required(inputs, 2);
	if (x.length < 2) throw new RangeError(`[${x}] is no sequence`);
	if (x.at(-1) !== into) throw new RangeError(`features [${x}] meet a kernel for ${into}`);
	if (columns !== gates * hidden || recurrentColumns !== columns)
		throw new RangeError(`${gates} gates of ${hidden} meet kernels of ${columns} and ${recurrentColumns} columns`);
	return [...x.slice(0, -1), hidden];
}

function recurrentWork(inputs: readonly Shape[]): number {
	const steps = required(inputs, 0)
		.slice(0, -1)
		.reduce((product, length) => product * length, 1);
	const [into = 0, columns = 0] = required(inputs, 1);
	const [hidden = 0] = required(inputs, 2);
	return steps * columns * (into + hidden);
}

function tensorsOf(inputs: readonly Tensor[], { takes }: RecurrentAttributes): RecurrentTensors {
	const [x, kernel, recurrent] = [0, 1, 2].map((index) => required(inputs, index)) as [Tensor, Tensor2D, Tensor2D];
	const [into, hidden] = [kernel.shape[0], recurrent.shape[0]];
	return {
		kernel,
		recurrent,
		others: Object.fromEntries(takes.map((name, index) => [name, required(inputs, index + 3)])),
		hidden,
		sequences: x.size / into / (x.shape.at(-2) ?? 1),
	};
}

/** A state to start with: zeros, the same for all sequences, or one for each. */
function startOf({ others, hidden, sequences }: RecurrentTensors, name: "hidden" | "cell"): Tensor2D {
	const given = others[name];
	const none = zeros([sequences, hidden]) as Tensor2D;
	if (given === undefined) return none;
	return given.size === sequences * hidden ? reshape(given, [sequences, hidden]) : (add(none, given) as Tensor2D);
}

/**
 * Walks through sequences: what goes into the gates is one product for all steps, then the steps follow each other.
 *
 * @returns [..., time, hidden]
 */
function walked(x: Tensor, tensors: RecurrentTensors, { states, step, bias, result }: Walk, reverse: boolean): Tensor {
	const { kernel, hidden, sequences } = tensors;
	const time = x.shape.at(-2) ?? 1;
	const [into, columns] = kernel.shape;
	const product = matMul(reshape(x, [sequences * time, into]) as Tensor2D, kernel);
	const projected = reshape(bias === undefined ? product : add(product, bias), [sequences, time, columns]);
	const outputs: Tensor2D[] = [];
	let handed = states.map((name) => startOf(tensors, name));
	for (let count = 0; count < time; count++) {
		const at = reverse ? time - 1 - count : count;
		const before = handed;
		// What a step computes goes at once, but for what a gradient needs.
		handed = tidy(() => {
			const input = reshape(slice(projected, [0, at, 0], [sequences, 1, columns]), [sequences, columns]) as Tensor2D;
			return [...step(input, ...before)];
		});
		outputs[at] = required(handed, states.indexOf(result));
	}
	return reshape(stack(outputs, 1), [...x.shape.slice(0, -1), hidden]);
}

/** The parts of a gate each, of [sequences, gates · hidden] or of a bias [gates · hidden]. */
export function gatesOf(tensor: Tensor, count: number): Tensor[] {
	return split(tensor, count, -1);
}

/** The biases that can be added before the steps. */
export function sumOf(...biases: readonly (Tensor | undefined)[]): Tensor | undefined {
	const given = biases.filter((bias) => bias !== undefined);
	return given.length === 0 ? undefined : given.reduce((sum, bias) => add(sum, bias));
}

function activator({ activations, clip }: RecurrentAttributes, mode: Mode): Activate {
	const bounded = (x: Tensor) =>
		clip === undefined ? x : unary.run([x], { function: "clip", alpha: -clip, beta: clip }, mode);
	// What a cell hands out, by the third, is not cut off: onnxruntime has it so.
	return (index, x) => unary.run([index < 2 ? bounded(x) : x], required(activations, index), mode) as Tensor2D;
}
