import { list, type OperatorCase, weights } from "./case.js";

const [TIME, INTO, HIDDEN] = [4, 3, 2];
const gates = { LSTM: 4, GRU: 3, RNN: 1 } as const;

interface Variant {
	readonly directions?: 1 | 2;
	readonly attributes?: OperatorCase["nodes"][number]["attributes"];
	readonly bias?: boolean;
	readonly starts?: boolean;
	readonly peepholes?: boolean;
	/** Which of the outputs. */
	readonly output?: 0 | 1 | 2;
}

/** A recurrent layer of samples [time, features], its output with the samples first. */
function layer(op: keyof typeof gates, what: string, variant: Variant = {}): OperatorCase {
	const { directions = 1, attributes = {}, bias = true, starts = false, peepholes = false, output = 0 } = variant;
	const rows = gates[op] * HIDDEN;
	const name = `${op} ${what}`;
	const order = output === 0 ? [2, 0, 1, 3] : [1, 0, 2];
	return {
		name,
		inputs: { x: { shape: [TIME, INTO] } },
		tensors: {
			w: weights(`${name} w`, [directions, rows, INTO]),
			r: weights(`${name} r`, [directions, rows, HIDDEN]),
			...(bias && { b: weights(`${name} b`, [directions, 2 * rows]) }),
			...(starts && {
				h: weights(`${name} h`, [directions, 1, HIDDEN]),
				c: weights(`${name} c`, [directions, 1, HIDDEN]),
			}),
			...(starts && { shape: list(directions, 3, HIDDEN) }),
			...(peepholes && { p: weights(`${name} p`, [directions, 3 * HIDDEN]) }),
		},
		nodes: [
			{ op: "Transpose", inputs: ["x"], outputs: ["steps"], attributes: { perm: [1, 0, 2] } },
			...(starts
				? [
						{ op: "Expand", inputs: ["h", "shape"], outputs: ["hs"] },
						{ op: "Expand", inputs: ["c", "shape"], outputs: ["cs"] },
					]
				: []),
			{
				op,
				inputs: [
					"steps",
					"w",
					"r",
					bias ? "b" : "",
					"",
					starts ? "hs" : "",
					...(op === "LSTM" ? [starts ? "cs" : "", peepholes ? "p" : ""] : []),
				],
				outputs: [0, 1, 2].slice(0, op === "LSTM" ? 3 : 2).map((index) => (index === output ? "states" : "")),
				attributes: { hidden_size: HIDDEN, ...(directions === 2 && { direction: "bidirectional" }), ...attributes },
			},
			{ op: "Transpose", inputs: ["states"], outputs: ["y"], attributes: { perm: order } },
		],
		opset: 14,
	};
}

export const recurrentCases: readonly OperatorCase[] = [
	...(["LSTM", "GRU", "RNN"] as const).flatMap((op) => [
		layer(op, "forward"),
		layer(op, "without bias", { bias: false }),
		layer(op, "reverse", { attributes: { direction: "reverse" } }),
		layer(op, "in both directions", { directions: 2 }),
		layer(op, "in both directions, last states", { directions: 2, output: 1 }),
		layer(op, "with states to start with", { starts: true }),
		layer(op, "with a clip", { attributes: { clip: 0.5 } }),
	]),
	layer("LSTM", "cells", { directions: 2, output: 2 }),
	layer("LSTM", "with peepholes", { peepholes: true }),
	layer("LSTM", "with gates coupled", { attributes: { input_forget: 1 } }),
	layer("LSTM", "with activations of its own", { attributes: { activations: ["HardSigmoid", "Softsign", "Relu"] } }),
	layer("GRU", "with the reset after the product", { attributes: { linear_before_reset: 1 }, directions: 2 }),
	layer("RNN", "with Relu", { attributes: { activations: ["Relu"] } }),
	layer("RNN", "with activations that take numbers", {
		directions: 2,
		attributes: { activations: ["LeakyRelu", "Affine"], activation_alpha: [0.3, 0.4], activation_beta: [0.25, 0.5] },
	}),
];
