import type { TestNode, TestTensor } from "../onnx-file.js";
import { list, type OperatorCase, scalar, weights } from "./case.js";

function of(
	name: string,
	shape: readonly number[],
	nodes: readonly TestNode[],
	tensors: Readonly<Record<string, TestTensor>> = {},
	opset = 13,
): OperatorCase {
	return { name, inputs: { x: { shape } }, nodes, tensors, opset };
}

const x = ["x"];

export const arrangingCases: readonly OperatorCase[] = [
	of("Reshape with 0 and -1", [2, 3, 4], [{ op: "Reshape", inputs: ["x", "to"] }], { to: list(0, -1, 4) }),
	of(
		"Reshape across axes that were transposed",
		[2, 3, 4],
		[
			{ op: "Transpose", inputs: x, outputs: ["t"], attributes: { perm: [0, 3, 1, 2] } },
			{ op: "Reshape", inputs: ["t", "to"] },
		],
		{ to: list(-1, 6, 4) },
	),
	of(
		"Flatten from axis 2",
		[2, 3, 4],
		[
			{ op: "Flatten", inputs: x, outputs: ["f"], attributes: { axis: 1 } },
			{ op: "Relu", inputs: ["f"] },
		],
	),
	of("Transpose", [2, 3, 4], [{ op: "Transpose", inputs: x, attributes: { perm: [0, 2, 3, 1] } }]),
	of(
		"Squeeze and Unsqueeze by attributes",
		[1, 3],
		[
			{ op: "Squeeze", inputs: x, outputs: ["s"], attributes: { axes: [1] } },
			{ op: "Unsqueeze", inputs: ["s"], attributes: { axes: [2, 3] } },
		],
		{},
		11,
	),
	of(
		"Squeeze of all and Unsqueeze by inputs",
		[1, 3, 1],
		[
			{ op: "Squeeze", inputs: x, outputs: ["s"] },
			{ op: "Unsqueeze", inputs: ["s", "axes"] },
		],
		{ axes: list(-1) },
	),
	of("DepthToSpace DCR", [8, 2, 3], [{ op: "DepthToSpace", inputs: x, attributes: { blocksize: 2 } }]),
	of("DepthToSpace CRD", [8, 2, 3], [{ op: "DepthToSpace", inputs: x, attributes: { blocksize: 2, mode: "CRD" } }]),
	of("SpaceToDepth", [2, 4, 6], [{ op: "SpaceToDepth", inputs: x, attributes: { blocksize: 2 } }]),
	of("Concat along the channels", [2, 3], [{ op: "Concat", inputs: ["x", "x", "x"], attributes: { axis: 1 } }]),
	of("Concat along the last axis", [2, 3], [{ op: "Concat", inputs: ["x", "x"], attributes: { axis: -1 } }]),
	of(
		"Split into equal parts",
		[2, 6],
		[
			{ op: "Split", inputs: x, outputs: ["a", "b", "c"], attributes: { axis: 2 } },
			{ op: "Sub", inputs: ["c", "a"] },
		],
	),
	of(
		"Split by lengths",
		[2, 6],
		[
			{ op: "Split", inputs: ["x", "s"], outputs: ["a", "b"], attributes: { axis: 2 } },
			{ op: "Tanh", inputs: ["b"] },
		],
		{ s: list(2, 4) },
	),
	of(
		"Split into unequal parts by number",
		[7],
		[
			{ op: "Split", inputs: x, outputs: ["a", "b", "c"], attributes: { axis: 1, num_outputs: 3 } },
			{ op: "Tanh", inputs: ["c"] },
		],
		{},
		18,
	),
	of("Slice by steps and from the end", [5, 6], [{ op: "Slice", inputs: ["x", "from", "to", "axes", "steps"] }], {
		from: list(1, -1),
		to: list(5, -7),
		axes: list(1, 2),
		steps: list(2, -2),
	}),
	of(
		"Slice by attributes",
		[5, 6],
		[{ op: "Slice", inputs: x, attributes: { starts: [1, 0], ends: [3, -1], axes: [1, 2] } }],
		{},
		9,
	),
	of("Gather of consecutive elements", [5, 3], [{ op: "Gather", inputs: ["x", "i"], attributes: { axis: 1 } }], {
		i: list(1, 2, 3),
	}),
	of("Gather of any elements", [5, 3], [{ op: "Gather", inputs: ["x", "i"], attributes: { axis: 1 } }], {
		i: list(4, 0, -2),
	}),
	of("Gather of one element", [5, 3], [{ op: "Gather", inputs: ["x", "i"], attributes: { axis: 1 } }], {
		i: scalar(-1, "int64"),
	}),
	of("Gather by a table of indices", [5, 3], [{ op: "Gather", inputs: ["x", "i"], attributes: { axis: 1 } }], {
		i: { shape: [2, 2], values: [0, 4, 1, 3], type: "int64" },
	}),
	{
		name: "Gather of rows by tokens",
		inputs: { x: { shape: [4], type: "int64" } },
		tensors: { w: weights("embedding", [6, 3]) },
		nodes: [{ op: "Gather", inputs: ["w", "x"] }],
	},
	{
		name: "Gather of rows by 32-bit tokens, and a mask of each",
		inputs: { ids: { shape: [4], type: "int32" }, mask: { shape: [4], type: "bool" } },
		tensors: { w: weights("embedding 2", [6, 3]), axes: list(2) },
		nodes: [
			{ op: "Gather", inputs: ["w", "ids"], outputs: ["rows"] },
			{ op: "Cast", inputs: ["mask"], outputs: ["kept"], attributes: { to: 1 } },
			{ op: "Unsqueeze", inputs: ["kept", "axes"], outputs: ["column"] },
			{ op: "Mul", inputs: ["rows", "column"] },
		],
	},
	of("Expand", [3, 1], [{ op: "Expand", inputs: ["x", "to"] }], { to: list(1, 3, 4) }),
	of("Tile", [2, 3], [{ op: "Tile", inputs: ["x", "r"] }], { r: list(1, 2, 3) }),
	of("Pad by a constant", [3, 4], [{ op: "Pad", inputs: ["x", "p", "v"] }], {
		p: list(0, 1, 2, 0, 0, 1),
		v: scalar(0.5),
	}),
	of("Pad by reflection", [3, 4], [{ op: "Pad", inputs: ["x", "p"], attributes: { mode: "reflect" } }], {
		p: list(0, 1, 2, 0, 2, 1),
	}),
	of("Pad by the border", [3, 4], [{ op: "Pad", inputs: ["x", "p"], attributes: { mode: "edge" } }], {
		p: list(0, 1, 2, 0, 0, 1),
	}),
	of("Pad of negative lengths", [3, 4], [{ op: "Pad", inputs: ["x", "p"] }], { p: list(0, -1, 2, 0, 0, -1) }),
	of(
		"Pad along the axes it names",
		[3, 4],
		[{ op: "Pad", inputs: ["x", "p", "v", "a"] }],
		{ p: list(1, 2), v: scalar(0), a: list(2) },
		18,
	),
	of(
		"Pad by attributes",
		[3, 4],
		[{ op: "Pad", inputs: x, attributes: { pads: [0, 1, 0, 0, 0, 2], value: 0.25 } }],
		{},
		10,
	),
	of(
		"ScatterND into rows that are known",
		[4],
		[
			{ op: "ScatterND", inputs: ["table", "i", "rows"], outputs: ["t"] },
			{ op: "MatMul", inputs: ["x", "t"] },
		],
		{
			table: weights("table", [4, 3]),
			rows: weights("rows", [2, 3]),
			i: { shape: [2, 1], values: [3, 1], type: "int64" },
		},
	),
	of(
		"ScatterND of computed rows",
		[2, 3],
		[
			{ op: "Transpose", inputs: x, outputs: ["t"], attributes: { perm: [1, 0, 2] } },
			{ op: "Slice", inputs: ["t", "zero", "one"], outputs: ["first"] },
			{ op: "Exp", inputs: ["first"], outputs: ["u"] },
			{ op: "ScatterND", inputs: ["t", "i", "u"], outputs: ["s"] },
			{ op: "Transpose", inputs: ["s"], attributes: { perm: [1, 0, 2] } },
		],
		{ zero: list(0), one: list(1), i: { shape: [1, 1], values: [1], type: "int64" } },
	),
	of(
		"GatherND of rows that are known",
		[3, 2],
		[
			{ op: "Transpose", inputs: x, outputs: ["t"], attributes: { perm: [1, 0, 2] } },
			{ op: "GatherND", inputs: ["t", "i"], outputs: ["s"] },
			{ op: "Transpose", inputs: ["s"], attributes: { perm: [1, 0, 2] } },
		],
		{ i: { shape: [2, 1], values: [2, 0], type: "int64" } },
	),
	of(
		"GatherND of constants",
		[3, 2],
		[
			{ op: "GatherND", inputs: ["table", "places"], outputs: ["rows"] },
			{ op: "Cast", inputs: ["rows"], outputs: ["floats"], attributes: { to: 1 } },
			{ op: "Mul", inputs: ["x", "floats"] },
		],
		{
			table: { shape: [2, 2, 2], values: [1, 2, 3, 5, 7, 11, 13, 17], type: "int64" },
			places: { shape: [3, 2], values: [1, 0, 0, -1, 1, 1], type: "int64" },
		},
	),
	of(
		"Trilu of a computed value",
		[3, 3],
		[{ op: "Trilu", inputs: ["x", "k"], attributes: { upper: 0 } }],
		{ k: scalar(-1, "int64") },
		14,
	),
	of(
		"Shape, ConstantOfShape and Range",
		[2, 3],
		[
			{ op: "Shape", inputs: x, outputs: ["s"] },
			{ op: "Gather", inputs: ["s", "two"], outputs: ["n"] },
			{ op: "Range", inputs: ["zero", "n", "one"], outputs: ["r"] },
			{ op: "Cast", inputs: ["r"], outputs: ["f"], attributes: { to: 1 } },
			{ op: "Add", inputs: ["x", "f"] },
		],
		{ zero: scalar(0, "int64"), one: scalar(1, "int64"), two: scalar(2, "int64") },
	),
	...[true, false].map((taken) =>
		of(
			`If whose condition is known to be ${taken}`,
			[4],
			[
				{ op: "Shape", inputs: x, outputs: ["s"] },
				{ op: "Gather", inputs: ["s", "one"], outputs: ["n"] },
				{ op: "Equal", inputs: ["n", "length"], outputs: ["c"] },
				{
					op: "If",
					inputs: ["c"],
					outputs: ["y"],
					attributes: {
						then_branch: { graph: { nodes: [{ op: "Mul", inputs: ["x", "w"], outputs: ["a"] }], outputs: ["a"] } },
						else_branch: {
							graph: {
								nodes: [{ op: "Sub", inputs: ["x", "own"], outputs: ["a"] }],
								outputs: ["a"],
								tensors: { own: weights("own", [4]) },
							},
						},
					},
				},
				{ op: "Tanh", inputs: ["y"] },
			],
			{ one: scalar(1, "int64"), length: scalar(taken ? 4 : 5, "int64"), w: weights("branch", [4]) },
		),
	),
	{
		name: "a function of the model's own, called twice, with an attribute that one call leaves out",
		inputs: { x: { shape: [4] } },
		tensors: { "layer.0.weight": weights("layer 0", [4, 4]), "layer.1.weight": weights("layer 1", [4, 4]) },
		nodes: [
			{
				op: "Block",
				domain: "test.functions",
				inputs: ["x", "layer.0.weight"],
				outputs: ["h"],
				attributes: { slope: 0.3 },
			},
			{
				op: "Block",
				domain: "test.functions",
				inputs: ["h", "layer.1.weight"],
				outputs: ["y"],
				attributes: { slope: 0.05 },
			},
		],
		functions: [
			{
				name: "Block",
				inputs: ["input", "weight"],
				outputs: ["result"],
				attributes: ["slope"],
				nodes: [
					{ op: "MatMul", inputs: ["input", "weight"], outputs: ["product"] },
					{
						op: "Inner",
						domain: "test.functions",
						inputs: ["product"],
						outputs: ["result"],
						attributes: { slope: { parameter: "slope" } },
					},
				],
			},
			{
				name: "Inner",
				inputs: ["a"],
				outputs: ["b"],
				attributes: ["slope"],
				nodes: [{ op: "LeakyRelu", inputs: ["a"], outputs: ["b"], attributes: { alpha: { parameter: "slope" } } }],
			},
		],
		opset: 16,
	},
];
