import type { TestAttribute, TestTensor } from "../onnx-file.js";
import { list, type OperatorCase, weights } from "./case.js";

type Attributes = Readonly<Record<string, TestAttribute>>;

function reduce(op: string, attributes: Attributes, opset = 13, axes?: TestTensor): OperatorCase {
	const name = `${op} ${JSON.stringify(attributes)} ${axes ? `by [${axes.values}]` : ""}`.trim();
	return {
		name,
		inputs: { x: { shape: [3, 4, 2] } },
		tensors: axes ? { axes } : {},
		nodes: [
			{ op: "Abs", inputs: ["x"], outputs: ["a"] },
			{ op, inputs: axes ? ["a", "axes"] : ["a"], attributes },
		],
		opset,
	};
}

function norm(
	op: string,
	what: string,
	shape: readonly number[],
	tensors: readonly (readonly number[])[],
	attributes: Attributes,
	opset: number,
): OperatorCase {
	const name = `${op} ${what}`;
	const named = tensors.map((own, index) => [`w${index}`, weights(`${name} ${index}`, own)] as const);
	return {
		name,
		inputs: { x: { shape } },
		tensors: Object.fromEntries(named),
		nodes: [{ op, inputs: ["x", ...named.map(([tensor]) => tensor)], attributes }],
		opset,
	};
}

function resize(
	what: string,
	shape: readonly number[],
	attributes: Attributes,
	sizes: { scales?: readonly number[]; sizes?: readonly number[] },
	opset = 19,
): OperatorCase {
	const { scales, sizes: to } = sizes;
	// The samples are as many as there are.
	const axes = to?.length === 4 ? { axes: [1, 2, 3] } : {};
	return {
		name: `Resize ${what} [${shape}] ${JSON.stringify(sizes)}`,
		inputs: { x: { shape } },
		tensors: {
			...(scales && { scales: { shape: [scales.length], values: scales } }),
			...(to && { sizes: list(...to.slice(-3)) }),
		},
		nodes: [
			{
				op: "Resize",
				inputs: ["x", "", scales ? "scales" : "", ...(to ? ["sizes"] : [])],
				attributes: { ...axes, ...attributes },
			},
		],
		opset,
	};
}

const reductions = [
	"ReduceL1",
	"ReduceL2",
	"ReduceLogSum",
	"ReduceLogSumExp",
	"ReduceMax",
	"ReduceMean",
	"ReduceMin",
	"ReduceProd",
	"ReduceSumSquare",
];

export const reducingCases: readonly OperatorCase[] = [
	...reductions.flatMap((op) => [
		reduce(op, { axes: [2], keepdims: 0 }),
		reduce(op, { axes: [1, -1] }),
		reduce(op, { keepdims: 1 }, 18, list(3)),
	]),
	reduce("ReduceSum", { keepdims: 0 }, 13, list(1, 2)),
	reduce("ReduceSum", { noop_with_empty_axes: 1 }, 13, list()),
	...["Softmax", "LogSoftmax"].flatMap((op) => [
		norm(op, "along the last axis", [3, 4], [], {}, 13),
		norm(op, "along an axis", [3, 4], [], { axis: 1 }, 13),
		norm(op, "before opset 13", [3, 4], [], { axis: 1 }, 11),
	]),
	norm("LpNormalization", "", [3, 4], [], { axis: 1 }, 13),
	norm("LpNormalization", "by sums", [3, 4], [], { axis: 2, p: 1 }, 13),
	norm("LRN", "", [6, 2, 3], [], { size: 3, alpha: 0.3, beta: 0.5, bias: 1.5 }, 13),
	{
		name: "BatchNormalization",
		inputs: { x: { shape: [3, 4, 2] } },
		tensors: {
			s: weights("bn s", [3]),
			b: weights("bn b", [3]),
			m: weights("bn m", [3]),
			v: { shape: [3], values: [0.5, 1.25, 2] },
		},
		nodes: [{ op: "BatchNormalization", inputs: ["x", "s", "b", "m", "v"], attributes: { epsilon: 0.01 } }],
		opset: 15,
	},
	norm("InstanceNormalization", "", [3, 4, 2], [[3], [3]], { epsilon: 0.01 }, 13),
	norm("LayerNormalization", "", [3, 4], [[4], [4]], { epsilon: 0.01 }, 17),
	norm(
		"LayerNormalization",
		"over two axes",
		[3, 4],
		[
			[3, 4],
			[3, 4],
		],
		{ axis: 1 },
		17,
	),
	norm("LayerNormalization", "without a shift", [3, 4], [[4]], { axis: -1 }, 17),
	norm("GroupNormalization", "with one scale a group", [6, 2, 3], [[2], [2]], { num_groups: 2 }, 18),
	norm("GroupNormalization", "with one scale a channel", [6, 2, 3], [[6], [6]], { num_groups: 3, epsilon: 0.01 }, 21),
	norm("RMSNormalization", "", [3, 4], [[4]], { epsilon: 0.01 }, 23),
	norm("MeanVarianceNormalization", "", [3, 4, 2], [], { axes: [2, 3] }, 13),
	...["asymmetric", "half_pixel", "align_corners", "pytorch_half_pixel"].flatMap((rule) => [
		resize(`nearest ${rule}`, [2, 3, 4], { coordinate_transformation_mode: rule }, { scales: [1, 1, 2, 1.5] }),
		resize(
			`linear ${rule}`,
			[2, 3, 4],
			{ mode: "linear", coordinate_transformation_mode: rule },
			{ sizes: [3, 2, 5, 6] },
		),
		resize(
			`cubic ${rule}`,
			[2, 5, 4],
			{ mode: "cubic", coordinate_transformation_mode: rule },
			{ sizes: [3, 2, 8, 6] },
		),
	]),
	...["floor", "ceil", "round_prefer_ceil"].map((rule) =>
		resize(`nearest ${rule}`, [2, 4, 5], { nearest_mode: rule }, { scales: [1, 1, 0.7, 1.6] }),
	),
	resize("cubic of another slope", [1, 5, 5], { mode: "cubic", cubic_coeff_a: -0.5 }, { sizes: [3, 1, 7, 9] }),
	resize("cubic without the outside", [1, 5, 5], { mode: "cubic", exclude_outside: 1 }, { sizes: [3, 1, 7, 9] }),
	resize("linear smoothed", [1, 8, 9], { mode: "linear", antialias: 1 }, { sizes: [3, 1, 4, 5] }),
	resize("cubic smoothed", [1, 8, 9], { mode: "cubic", antialias: 1 }, { sizes: [3, 1, 3, 5] }),
	resize("linear smoothed, longer", [1, 4, 4], { mode: "linear", antialias: 1 }, { sizes: [3, 1, 7, 6] }),
	resize(
		"half_pixel_symmetric",
		[1, 5, 5],
		{ mode: "linear", coordinate_transformation_mode: "half_pixel_symmetric" },
		{ scales: [1, 1, 1.3, 0.7] },
	),
	resize("along the axes it names", [2, 4, 5], { mode: "linear", axes: [2, 3] }, { sizes: [6, 3] }),
	resize(
		"not larger",
		[2, 4, 5],
		{ mode: "linear", axes: [2, 3], keep_aspect_ratio_policy: "not_larger" },
		{ sizes: [7, 7] },
	),
	resize(
		"not smaller",
		[2, 4, 5],
		{ mode: "linear", axes: [2, 3], keep_aspect_ratio_policy: "not_smaller" },
		{ sizes: [7, 7] },
	),
	resize("of opset 11", [2, 4, 5], { mode: "linear" }, { scales: [1, 1, 2, 2] }, 13),
	{
		name: "Upsample",
		inputs: { x: { shape: [2, 3, 4] } },
		tensors: { s: { shape: [4], values: [1, 1, 2, 2] } },
		nodes: [{ op: "Upsample", inputs: ["x", "s"] }],
		opset: 9,
	},
	...["uint8", "int8"].map(
		(type): OperatorCase => ({
			name: `QuantizeLinear and DequantizeLinear through ${type}`,
			inputs: { x: { shape: [3, 4] } },
			tensors: { s: { shape: [], values: [0.013] }, z: { shape: [], values: [7], type: type as "uint8" } },
			nodes: [
				{ op: "QuantizeLinear", inputs: ["x", "s", "z"], outputs: ["q"] },
				{ op: "DequantizeLinear", inputs: ["q", "s", "z"] },
			],
		}),
	),
	{
		name: "DequantizeLinear of weights, a scale each row",
		inputs: { x: { shape: [4] } },
		tensors: {
			w: weights("quantised", [3, 4], "uint8"),
			s: { shape: [3], values: [0.01, 0.02, 0.005] },
			z: { shape: [3], values: [100, 90, 80], type: "uint8" },
		},
		nodes: [
			{ op: "DequantizeLinear", inputs: ["w", "s", "z"], outputs: ["weight"], attributes: { axis: 0 } },
			{ op: "Gemm", inputs: ["x", "weight"], attributes: { transB: 1 } },
		],
	},
	{
		name: "DequantizeLinear of weights in blocks",
		inputs: { x: { shape: [4] } },
		tensors: {
			w: weights("blocks", [4, 3], "uint8"),
			s: { shape: [2, 3], values: [0.01, 0.02, 0.005, 0.03, 0.004, 0.001] },
		},
		nodes: [
			{ op: "DequantizeLinear", inputs: ["w", "s"], outputs: ["weight"], attributes: { axis: 0, block_size: 2 } },
			{ op: "MatMul", inputs: ["x", "weight"] },
		],
		opset: 21,
	},
];
