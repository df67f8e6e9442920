import type { TestAttribute } from "../onnx-file.js";
import { list, type OperatorCase, scalar, weights } from "./case.js";

type Attributes = Readonly<Record<string, TestAttribute>>;

function one(op: string, opset: number, attributes: Attributes = {}): OperatorCase {
	const told = Object.entries(attributes).map(([name, value]) => ` ${name} ${JSON.stringify(value)}`);
	return {
		name: `${op}${told.join(",")}`,
		inputs: { x: { shape: [7] } },
		nodes: [{ op, inputs: ["x"], attributes }],
		opset,
	};
}

/** An op of positive numbers, or of those from -1 to 1. */
function bounded(op: string, opset: number, bounds: "positive" | "unit" | "aboveOne"): OperatorCase {
	const nodes = {
		positive: [{ op: "Abs", inputs: ["x"], outputs: ["a"] }],
		unit: [{ op: "Tanh", inputs: ["x"], outputs: ["a"] }],
		aboveOne: [
			{ op: "Exp", inputs: ["x"], outputs: ["e"] },
			{ op: "Add", inputs: ["e", "one"], outputs: ["a"] },
		],
	}[bounds];
	return {
		name: op,
		inputs: { x: { shape: [7] } },
		tensors: { one: scalar(1) },
		nodes: [...nodes, { op, inputs: ["a"] }],
		opset,
	};
}

/** Two values, a sample of the first against the second, which is a tensor of the file. */
function two(op: string, shape: readonly number[], other: readonly number[], opset = 13, swap = false): OperatorCase {
	const name = `${op} [n,${shape}] ${swap ? "after" : "and"} [${other}]`;
	return {
		name,
		inputs: { x: { shape } },
		tensors: { w: weights(name, other) },
		nodes: [{ op, inputs: swap ? ["w", "x"] : ["x", "w"] }],
		opset,
	};
}

/** A comparison, whose truth is made a number. */
function compare(op: string): OperatorCase {
	return {
		name: op,
		inputs: { x: { shape: [3, 4] } },
		tensors: { w: weights(op, [4]) },
		nodes: [
			{ op, inputs: ["x", "w"], outputs: ["truth"] },
			{ op: "Cast", inputs: ["truth"], attributes: { to: 1 } },
		],
		opset: 16,
	};
}

const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
	[[4], [4]],
	[[4], []],
	[[3, 4], [4]],
	[
		[3, 4],
		[3, 1],
	],
	[
		[3, 4],
		[1, 3, 4],
	],
	[
		[2, 3, 4],
		[3, 1],
	],
	[
		[2, 3, 4, 5],
		[3, 1, 1],
	],
	[
		[2, 3, 4, 5],
		[1, 2, 1, 4, 1],
	],
	[
		[1, 4],
		[3, 1],
	],
	[
		[4, 1, 5],
		[1, 3, 1],
	],
];

export const elementwiseCases: readonly OperatorCase[] = [
	...[
		"Abs",
		"Ceil",
		"Cos",
		"Cosh",
		"Erf",
		"Exp",
		"Floor",
		"Neg",
		"Reciprocal",
		"Relu",
		"Round",
		"Selu",
		"Sigmoid",
		"Sign",
	].map((op) => one(op, 13)),
	...["Sin", "Sinh", "Softplus", "Softsign", "Tan", "Tanh", "Atan", "Asinh", "Identity", "HardSwish"].map((op) =>
		one(op, 14),
	),
	one("Mish", 18),
	one("Gelu", 20),
	one("Gelu", 20, { approximate: "tanh" }),
	one("LeakyRelu", 13),
	one("LeakyRelu", 16, { alpha: 0.3 }),
	one("Elu", 13, { alpha: 0.7 }),
	one("Celu", 13, { alpha: 0.7 }),
	one("HardSigmoid", 13),
	one("HardSigmoid", 13, { alpha: 0.3, beta: 0.25 }),
	one("ThresholdedRelu", 13, { alpha: 0.6 }),
	one("Shrink", 13, { lambd: 0.6, bias: 0.25 }),
	one("Shrink", 13),
	one("Swish", 24, { alpha: 1.5 }),
	bounded("Log", 13, "positive"),
	bounded("Sqrt", 13, "positive"),
	bounded("Acos", 13, "unit"),
	bounded("Asin", 13, "unit"),
	bounded("Atanh", 13, "unit"),
	bounded("Acosh", 13, "aboveOne"),
	...shapes.map(([a, b]) => two("Add", a, b)),
	...shapes.map(([a, b]) => two("Mul", a, b)),
	...shapes.map(([a, b]) => two("Sub", a, b)),
	...shapes.map(([a, b]) => two("Div", a, b, 13, true)),
	...shapes.map(([a, b]) => two("Max", a, b)),
	...shapes.slice(0, 8).map(([a, b]) => two("PRelu", a, b)),
	...(["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"] as const).map(compare),
	...(["And", "Or", "Xor"] as const).map(
		(op): OperatorCase => ({
			name: op,
			inputs: { x: { shape: [6] } },
			tensors: { zero: scalar(0), half: scalar(0.5) },
			nodes: [
				{ op: "Greater", inputs: ["x", "zero"], outputs: ["a"] },
				{ op: "Less", inputs: ["x", "half"], outputs: ["b"] },
				{ op, inputs: ["a", "b"], outputs: ["c"] },
				{ op: "Not", inputs: ["c"], outputs: ["d"] },
				{ op: "Where", inputs: ["d", "x", "half"] },
			],
		}),
	),
	{
		name: "Mod of whole numbers",
		inputs: { x: { shape: [6] } },
		tensors: { w: scalar(3, "int64") },
		nodes: [
			{ op: "Cast", inputs: ["x"], outputs: ["i"], attributes: { to: 7 } },
			{ op: "Mod", inputs: ["i", "w"], outputs: ["m"] },
			{ op: "Cast", inputs: ["m"], attributes: { to: 1 } },
		],
	},
	{
		name: "Mod of floats",
		inputs: { x: { shape: [6] } },
		tensors: { w: scalar(0.7) },
		nodes: [{ op: "Mod", inputs: ["x", "w"], attributes: { fmod: 1 } }],
	},
	{
		name: "Pow by 3",
		inputs: { x: { shape: [6] } },
		tensors: { w: scalar(3) },
		nodes: [{ op: "Pow", inputs: ["x", "w"] }],
	},
	{
		name: "Min, Sum and Mean of several",
		inputs: { x: { shape: [2, 3] } },
		tensors: { a: weights("several a", [3]), b: weights("several b", [2, 1]) },
		nodes: [
			{ op: "Min", inputs: ["x", "a", "b"], outputs: ["low"] },
			{ op: "Sum", inputs: ["low", "a", "x"], outputs: ["sum"] },
			{ op: "Mean", inputs: ["sum", "x", "b"] },
		],
	},
	...["Max", "Min", "Sum"].map(
		(op): OperatorCase => ({
			name: `${op} of constants`,
			inputs: { x: { shape: [3] } },
			nodes: [
				{ op: "Constant", inputs: [], outputs: ["a"], attributes: { value_floats: [0.5, -1.5, 2.25] } },
				{ op: "Constant", inputs: [], outputs: ["b"], attributes: { value_floats: [0.25, -0.5, 3.5] } },
				{ op: "Constant", inputs: [], outputs: ["c"], attributes: { value_floats: [0.75, -2.5, 0.5] } },
				{ op, inputs: ["a", "b", "c"], outputs: ["d"] },
				{ op: "Add", inputs: ["x", "d"] },
			],
		}),
	),
	...[{}, { exclusive: 1 }, { reverse: 1 }, { exclusive: 1, reverse: 1 }].map(
		(attributes): OperatorCase => ({
			name: `CumSum of constants ${JSON.stringify(attributes)}, and their Reshape`,
			inputs: { x: { shape: [6] } },
			tensors: { axis: list(0), rows: list(3, 2), flat: list(-1) },
			nodes: [
				{
					op: "Constant",
					inputs: [],
					outputs: ["a"],
					attributes: { value_floats: [0.5, -1.5, 2.25, 1.5, -0.75, 3] },
				},
				{ op: "Squeeze", inputs: ["axis"], outputs: ["zero"] },
				{ op: "Reshape", inputs: ["a", "rows"], outputs: ["table"] },
				{ op: "CumSum", inputs: ["table", "zero"], outputs: ["sums"], attributes },
				{ op: "Reshape", inputs: ["sums", "flat"], outputs: ["c"] },
				{ op: "Mul", inputs: ["x", "c"] },
			],
		}),
	),
	{
		name: "Clip by attributes",
		inputs: { x: { shape: [6] } },
		nodes: [{ op: "Clip", inputs: ["x"], attributes: { min: -0.5, max: 0.75 } }],
		opset: 9,
	},
	{
		name: "Clip above only",
		inputs: { x: { shape: [6] } },
		tensors: { most: scalar(0.5) },
		nodes: [{ op: "Clip", inputs: ["x", "", "most"] }],
	},
	{
		name: "Where, broadcast",
		inputs: { x: { shape: [3, 4] } },
		tensors: { mask: { shape: [3, 1], values: [1, 0, 1], type: "bool" }, other: weights("where", [4]) },
		nodes: [{ op: "Where", inputs: ["mask", "x", "other"] }],
	},
	{
		name: "CumSum of tokens that are no padding",
		inputs: { x: { shape: [6], type: "int64" } },
		tensors: { pad: scalar(1, "int64"), axis: scalar(1, "int64") },
		nodes: [
			{ op: "Equal", inputs: ["x", "pad"], outputs: ["padding"] },
			{ op: "Not", inputs: ["padding"], outputs: ["kept"] },
			{ op: "Cast", inputs: ["kept"], outputs: ["ones"], attributes: { to: 7 } },
			{ op: "CumSum", inputs: ["ones", "axis"], outputs: ["counts"] },
			{ op: "Mul", inputs: ["counts", "ones"], outputs: ["places"] },
			{ op: "Cast", inputs: ["places"], attributes: { to: 1 } },
		],
	},
	...[{}, { exclusive: 1 }, { reverse: 1 }, { exclusive: 1, reverse: 1 }].map(
		(attributes): OperatorCase => ({
			name: `CumSum ${JSON.stringify(attributes)}`,
			inputs: { x: { shape: [4, 3] } },
			tensors: { axis: list(-2) },
			nodes: [
				{ op: "Squeeze", inputs: ["axis"], outputs: ["a"] },
				{ op: "CumSum", inputs: ["x", "a"], attributes },
			],
		}),
	),
];
