import type { GruAttributes } from "../../../src/network/ops/gru.js";
import type { LstmAttributes } from "../../../src/network/ops/lstm.js";
import type { RecurrentAttributes, RecurrentInput } from "../../../src/network/ops/recurrence.js";
import { functionOf } from "./elementwise.js";
import { at, elementAt, inputOf, type Value } from "./value.js";

/** What a step hands on to the next. */
interface State {
	readonly hidden: Float64Array;
	readonly cell: Float64Array;
}

/** What a step may use. */
interface Layer {
	readonly hidden: number;
	/** Applies one of the activations, after cutting off what goes into gates and new values. */
	readonly activate: (index: number, x: number) => number;
	/** h R + b of the recurrent kernel and its bias. */
	readonly recur: (h: Float64Array) => Float64Array;
	readonly others: Partial<Record<RecurrentInput, Value>>;
}

/** A step of one sequence, given x W + b and the state before it. */
type Step = (driven: Float64Array, state: State, layer: Layer) => State;

/** A row times a matrix, and a bias where there is one. */
function product(row: ArrayLike<number>, matrix: Value, bias: Value | undefined): Float64Array {
	return Float64Array.from({ length: matrix.shape[1] ?? 0 }, (_, column) => {
		let sum = bias === undefined ? 0 : at(bias, [column]);
		for (let k = 0; k < row.length; k++) sum += (row[k] ?? Number.NaN) * at(matrix, [k, column]);
		return sum;
	});
}

function layerOf(inputs: readonly Value[], { takes, activations, clip }: RecurrentAttributes): Layer {
	const others = Object.fromEntries(takes.map((name, index) => [name, inputOf(inputs, index + 3)]));
	const functions = activations.map(functionOf);
	const recurrent = inputOf(inputs, 2);
	const bound = (x: number) => (clip === undefined ? x : Math.min(Math.max(x, -clip), clip));
	return {
		hidden: recurrent.shape[0] ?? 1,
		// What a cell hands out, by the third, is not cut off.
		activate: (index, x) => functions[index]?.(index < 2 ? bound(x) : x) ?? Number.NaN,
		recur: (h) => product(h, recurrent, others.recurrentBias),
		others,
	};
}

/** The state that a sequence starts with: zeros, numbers of its own, or what all sequences have. */
function startOf(given: Value | undefined, hidden: number, sequence: number, sequences: number): Float64Array {
	return Float64Array.from({ length: hidden }, (_, k) => {
		if (given === undefined) return 0;
		const own = given.values.length === sequences * hidden;
		return own ? elementAt(given, sequence * hidden + k) : at(given, [sequence, k]);
	});
}

/** Walks through sequences [..., time, in], each by itself; the result is [..., time, hidden]. */
function walked(
	inputs: readonly Value[],
	attributes: RecurrentAttributes,
	step: Step,
	result: "hidden" | "cell" = "hidden",
): Value {
	const [x, kernel] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const layer = layerOf(inputs, attributes);
	const { hidden, others } = layer;
	const [time = 1, into = 1] = x.shape.slice(-2);
	const sequences = x.values.length / (time * into);
	const values = new Float64Array(sequences * time * hidden);
	for (let sequence = 0; sequence < sequences; sequence++) {
		let state: State = {
			hidden: startOf(others.hidden, hidden, sequence, sequences),
			cell: startOf(others.cell, hidden, sequence, sequences),
		};
		for (let count = 0; count < time; count++) {
			const row = sequence * time + (attributes.reverse ? time - 1 - count : count);
			const features = x.values.subarray(row * into, (row + 1) * into);
			state = step(product(features, kernel, others.bias), state, layer);
			values.set(state[result], row * hidden);
		}
	}
	return { shape: [...x.shape.slice(0, -1), hidden], values };
}

const vector = (length: number, element: (k: number) => number) => Float64Array.from({ length }, (_, k) => element(k));
const of = (values: Float64Array, index: number) => values[index] ?? Number.NaN;

export function rnn(inputs: readonly Value[], attributes: RecurrentAttributes): Value {
	return walked(inputs, attributes, (driven, state, { hidden, activate, recur }) => {
		const recurring = recur(state.hidden);
		return { ...state, hidden: vector(hidden, (k) => activate(0, of(driven, k) + of(recurring, k))) };
	});
}

export function gru(inputs: readonly Value[], attributes: GruAttributes): Value {
	return walked(inputs, attributes, (driven, state, { hidden, activate, recur }) => {
		const recurring = recur(state.hidden);
		const gate = (k: number) => activate(0, of(driven, k) + of(recurring, k));
		const update = vector(hidden, gate);
		const reset = vector(hidden, (k) => gate(hidden + k));
		const after = (k: number) => of(reset, k) * of(recurring, 2 * hidden + k);
		const kept = recur(vector(hidden, (k) => of(reset, k) * of(state.hidden, k)));
		const before = (k: number) => of(kept, 2 * hidden + k);
		const fresh = vector(hidden, (k) =>
			activate(1, of(driven, 2 * hidden + k) + (attributes.resetAfter ? after(k) : before(k))),
		);
		const mixed = (k: number) => of(update, k) * of(state.hidden, k) + (1 - of(update, k)) * of(fresh, k);
		return { ...state, hidden: vector(hidden, mixed) };
	});
}

export function lstm(inputs: readonly Value[], { gates, coupled, result, ...attributes }: LstmAttributes): Value {
	const step: Step = (driven, state, { hidden, activate, recur, others: { peepholes } }) => {
		const recurring = recur(state.hidden);
		const part = (gate: "i" | "o" | "f" | "c", k: number) => {
			const column = gates.indexOf(gate) * hidden + k;
			return of(driven, column) + of(recurring, column);
		};
		/** What a gate sees of a cell: the peepholes are those of input, output and forget gate. */
		const seen = (gate: number, cell: Float64Array, k: number) =>
			peepholes === undefined ? 0 : at(peepholes, [gate * hidden + k]) * of(cell, k);
		const cell = vector(hidden, (k) => {
			const input = activate(0, part("i", k) + seen(0, state.cell, k));
			const forget = coupled ? 1 - input : activate(0, part("f", k) + seen(2, state.cell, k));
			return forget * of(state.cell, k) + input * activate(1, part("c", k));
		});
		const output = (k: number) => activate(0, part("o", k) + seen(1, cell, k));
		return { cell, hidden: vector(hidden, (k) => output(k) * activate(2, of(cell, k))) };
	};
	return walked(inputs, attributes, step, result);
}
