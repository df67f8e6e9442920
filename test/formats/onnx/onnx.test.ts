import { dispose, tensor } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { Backend } from "../../../src/compute/backend.js";
import { bind } from "../../../src/compute/evaluator.js";
import { execute } from "../../../src/compute/execute.js";
import { FileFormatError, GraphError } from "../../../src/errors.js";
import { importOnnx } from "../../../src/formats/onnx/index.js";
import { fuse } from "../../../src/network/fuse.js";
import { fromNative, parameterLayout, statisticsLayout } from "../../../src/network/parameters.js";
import { onnxFile, onnxModel, type TestNode, type TestTensor } from "./onnx-file.js";

test.before(() => Backend.start());

/** What a network computes of samples in the file's layout. */
function outputs(bytes: Uint8Array, samples: readonly (readonly number[])[]): { shape: number[]; values: number[] } {
	const { graph, state } = importOnnx(bytes, "test.onnx");
	const [input] = graph.inputs;
	if (input?.native === undefined) throw new Error("no input");
	const { native } = input;
	const arranged = samples.flatMap((sample) => Array.from(fromNative(Float32Array.from(sample), native)));
	const values = new Map([
		["x", tensor(arranged, [samples.length, ...input.shape])],
		...bind(parameterLayout(graph), state.parameters),
		...bind(statisticsLayout(graph), state.statistics),
	]);
	const output = execute(fuse(graph, "exact"), values);
	const result = { shape: output.shape, values: Array.from(output.dataSync()) };
	dispose([output, ...values.values()]);
	return result;
}

function computes(
	t: ExecutionContext,
	shape: readonly number[],
	nodes: readonly TestNode[],
	tensors: Readonly<Record<string, TestTensor>>,
	sample: readonly number[],
	expected: readonly number[],
	opset = 13,
): void {
	const { values } = outputs(onnxFile(shape, nodes, tensors, opset), [sample, sample]);
	t.is(values.length, 2 * expected.length);
	for (const [i, value] of values.entries()) {
		const wanted = expected[i % expected.length] ?? Number.NaN;
		t.true(Math.abs(value - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted)), `${value} at ${i} is not ${wanted}`);
	}
}

const x = ["x"];
const ramp = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Values of activations, from their definitions. */
const activations: readonly [string, Readonly<Record<string, number | string>>, (x: number) => number, number?][] = [
	["LeakyRelu", { alpha: 0.2 }, (x) => (x < 0 ? 0.2 * x : x)],
	["Elu", { alpha: 0.5 }, (x) => (x < 0 ? 0.5 * (Math.exp(x) - 1) : x)],
	["Celu", { alpha: 0.5 }, (x) => Math.max(0, x) + Math.min(0, 0.5 * (Math.exp(x / 0.5) - 1))],
	["HardSigmoid", { alpha: 0.25, beta: 0.4 }, (x) => Math.min(1, Math.max(0, 0.25 * x + 0.4))],
	["HardSwish", {}, (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5)), 14],
	["Softsign", {}, (x) => x / (1 + Math.abs(x))],
	["Softplus", {}, (x) => Math.log(1 + Math.exp(x))],
	["Mish", {}, (x) => x * Math.tanh(Math.log(1 + Math.exp(x))), 18],
	["ThresholdedRelu", { alpha: 0.7 }, (x) => (x > 0.7 ? x : 0)],
	[
		"Gelu",
		{ approximate: "tanh" },
		(x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
		20,
	],
];

for (const [op, attributes, compute, opset] of activations) {
	test(`${op} computes its definition`, (t) => {
		const sample = [-3, -1.5, -0.5, 0, 0.5, 0.8, 3];
		computes(t, [7], [{ op, inputs: x, attributes }], {}, sample, sample.map(compute), opset);
	});
}

test("a convolution with dilations, strides and asymmetric pads sums what lies under its kernel", (t) => {
	// 4×4 of 1 to 16, padded by a row of zeros above; 2×2 kernel of ones two apart, two rows down at a time.
	const attributes = { kernel_shape: [2, 2], dilations: [2, 2], strides: [2, 1], pads: [1, 0, 0, 0] };
	const kernel = { shape: [1, 1, 2, 2], values: [1, 1, 1, 1] };
	// Rows of zeros and 2 meet, then rows 2 and 4: columns 1+3 and 2+4.
	const expected = [5 + 7, 6 + 8, 5 + 7 + 13 + 15, 6 + 8 + 14 + 16];
	computes(t, [1, 4, 4], [{ op: "Conv", inputs: ["x", "k"], attributes }], { k: kernel }, ramp(16), expected);
});

test("auto_pad SAME_LOWER puts the odd row and column before the image", (t) => {
	const attributes = { kernel_shape: [2, 2], auto_pad: "SAME_LOWER" };
	const kernel = { shape: [1, 1, 2, 2], values: [1, 10, 100, 1000] };
	const expected = [1000, 2100, 3010, 4321];
	computes(t, [1, 2, 2], [{ op: "Conv", inputs: ["x", "k"], attributes }], { k: kernel }, ramp(4), expected);
});

test("a convolution in groups keeps the groups apart", (t) => {
	const attributes = { kernel_shape: [1, 1], group: 2 };
	const kernel = { shape: [4, 2, 1, 1], values: [1, 0, 0, 1, 1, 1, 2, 3] };
	const sample = [1, 2, 3, 4];
	const expected = [1, 2, 3 + 4, 2 * 3 + 3 * 4];
	computes(t, [4, 1, 1], [{ op: "Conv", inputs: ["x", "k"], attributes }], { k: kernel }, sample, expected);
});

test("a one-dimensional transposed convolution adds multiples of its kernel", (t) => {
	const attributes = { kernel_shape: [3], strides: [2], output_padding: [1] };
	const kernel = { shape: [1, 1, 3], values: [1, 10, 100] };
	const expected = [1, 10, 100 + 2, 20, 200, 0];
	computes(t, [1, 2], [{ op: "ConvTranspose", inputs: ["x", "k"], attributes }], { k: kernel }, [1, 2], expected);
});

test("average pooling counts padding only when asked to, and never what a rounded-up window has beyond", (t) => {
	const pooling = (count: number): TestNode[] => [
		{
			op: "AveragePool",
			inputs: x,
			attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0], ceil_mode: 1, count_include_pad: count },
		},
	];
	// 2×2 with a row and a column of zeros before: four windows, of which the last hangs over by one.
	computes(t, [1, 2, 2], pooling(0), {}, [4, 8, 12, 16], [4, 8, 12, 16]);
	computes(t, [1, 2, 2], pooling(1), {}, [4, 8, 12, 16], [1, 4, 6, 16]);
});

test("a slice backwards, by steps, and from the end", (t) => {
	const ints = (values: number[]): TestTensor => ({ shape: [values.length], values, type: "int64" });
	const nodes = [{ op: "Slice", inputs: ["x", "starts", "ends", "axes", "steps"] }];
	const tensors = { starts: ints([-1]), ends: ints([-100]), axes: ints([1]), steps: ints([-2]) };
	computes(t, [5], nodes, tensors, ramp(5), [5, 3, 1]);
});

test("scatter of a gather with indices in two dimensions keeps their shape", (t) => {
	const nodes = [{ op: "Gather", inputs: ["x", "i"], attributes: { axis: 1 } }];
	const tensors: Record<string, TestTensor> = { i: { shape: [2, 2], values: [3, 0, -1, 1], type: "int64" } };
	computes(t, [4], nodes, tensors, [10, 20, 30, 40], [40, 10, 40, 20]);
});

test("bilinear resizing by half pixels and nearest by floor follow the standard's formulas", (t) => {
	const scales = { shape: [4], values: [1, 1, 1, 2] };
	const linear = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
	computes(
		t,
		[1, 1, 2],
		[{ op: "Resize", inputs: ["x", "", "s"], attributes: linear }],
		{ s: scales },
		[0, 4],
		[0, 1, 3, 4],
	);
	const nearest = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
	computes(
		t,
		[1, 1, 2],
		[{ op: "Resize", inputs: ["x", "", "s"], attributes: nearest }],
		{ s: scales },
		[0, 4],
		[0, 0, 4, 4],
	);
});

test("a softmax of opset 11 takes all axes from the given one on", (t) => {
	const nodes = [{ op: "Softmax", inputs: x, attributes: { axis: 1 } }];
	computes(t, [2, 2], nodes, {}, [0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], 11);
	computes(t, [2, 2], nodes, {}, [0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5], 13);
});

test("layer, group and root-mean-square normalisation as operators compute their formulas", (t) => {
	const scale = (count: number) => ({ shape: [count], values: Array(count).fill(2) as number[] });
	// [1, 3] has mean 2 and deviation 1.
	const layer = [{ op: "LayerNormalization", inputs: ["x", "s"], attributes: { epsilon: 1e-12 } }];
	computes(t, [2, 2], layer, { s: scale(2) }, [1, 3, 5, 9], [-2, 2, -2, 2], 17);
	const group = [{ op: "GroupNormalization", inputs: ["x", "s", "b"], attributes: { num_groups: 2, epsilon: 1e-12 } }];
	const shift = { shape: [4], values: [0, 0, 0, 1] };
	computes(t, [4, 1, 1], group, { s: scale(4), b: shift }, [1, 3, 5, 9], [-2, 2, -2, 3], 21);
	const root = [{ op: "RMSNormalization", inputs: ["x", "s"], attributes: { epsilon: 1e-12 } }];
	computes(t, [2], root, { s: scale(2) }, [3, -3], [2, -2], 23);
});

test("patches that a class token is put before stay token after token, so that norms go along what lies together", (t) => {
	const counted = (shape: number[]) => ({
		shape,
		values: Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i % 7) / 7),
	});
	const whole = (...values: number[]) => ({ shape: [values.length], values, type: "int64" as const });
	const file = onnxFile(
		[3, 4, 4],
		[
			{ op: "Conv", inputs: ["x", "k"], outputs: ["patches"], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
			{ op: "Reshape", inputs: ["patches", "flat"], outputs: ["columns"] },
			{ op: "Transpose", inputs: ["columns"], outputs: ["rows"], attributes: { perm: [0, 2, 1] } },
			{ op: "Shape", inputs: ["x"], outputs: ["shape"] },
			{ op: "Slice", inputs: ["shape", "zero", "one"], outputs: ["n"] },
			{ op: "Concat", inputs: ["n", "row"], outputs: ["wide"], attributes: { axis: 0 } },
			{ op: "Expand", inputs: ["token", "wide"], outputs: ["tokens"] },
			{ op: "Concat", inputs: ["tokens", "rows"], outputs: ["all"], attributes: { axis: 1 } },
			{ op: "LayerNormalization", inputs: ["all", "scale", "shift"], outputs: ["normed"], attributes: { axis: -1 } },
			{ op: "MatMul", inputs: ["normed", "w"] },
		],
		{
			...{ k: counted([8, 3, 2, 2]), token: counted([1, 1, 8]), w: counted([8, 5]) },
			...{
				scale: counted([8]),
				shift: counted([8]),
				flat: whole(0, 8, 4),
				zero: whole(0),
				one: whole(1),
				row: whole(1, 8),
			},
		},
		17,
	);
	const { graph } = importOnnx(file, "test.onnx");
	t.deepEqual(
		graph.nodes.filter(({ op }) => op === "transpose"),
		[],
	);
	t.like(
		graph.nodes.find(({ op }) => op === "standardize"),
		{ attributes: { axes: [-1] } },
	);
});

test("a flattened image meets weights in the file's order without a transposition", (t) => {
	const weights = { shape: [1, 8], values: ramp(8) };
	const nodes = [
		{ op: "Relu", inputs: x },
		{ op: "Flatten", inputs: ["v0"] },
		{ op: "Gemm", inputs: ["v1", "w"], attributes: { transB: 1 } },
	];
	const sample = [1, 0, 0, 0, 0, 0, 0, 100];
	computes(t, [2, 2, 2], nodes, { w: weights }, sample, [1 + 800]);
	const { graph } = importOnnx(onnxFile([2, 2, 2], nodes, { w: weights }), "test.onnx");
	t.false(graph.nodes.some(({ op }) => op === "transpose"));
});

test("heads of attention split, swap and join without mixing samples, whatever number the file was exported with", (t) => {
	const shape = (values: number[]): TestTensor => ({ shape: [values.length], values, type: "int64" });
	const nodes = [
		{ op: "Reshape", inputs: ["x", "heads"] },
		{ op: "Transpose", inputs: ["v0"], attributes: { perm: [0, 2, 1, 3] } },
		{ op: "Reshape", inputs: ["v1", "flat"] },
	];
	const tensors = { heads: shape([1, 2, 2, 1]), flat: shape([1, -1]) };
	computes(t, [2, 2], nodes, tensors, [1, 2, 3, 4], [1, 3, 2, 4]);
});

test("all operators that are not supported are named at once, with their nodes", (t) => {
	const nodes = [
		{ op: "Loop", inputs: x },
		{ op: "Relu", inputs: ["v0"] },
		{ op: "NonZero", inputs: ["v1"] },
		{ op: "Fancy", inputs: ["v2"], domain: "com.example" },
	];
	const error = t.throws(() => importOnnx(onnxFile([2], nodes), "test.onnx"), { instanceOf: GraphError });
	t.deepEqual(error?.problems, [
		"node node0 (Loop): this operator is not supported",
		"node node2 (NonZero): this operator is not supported",
		"node node3 (com.example.Fancy): this operator is not supported",
	]);
});

test("an output that can't be carried out is none where another can, and weights of other heads are let be", (t) => {
	const nodes = [
		{ op: "MatMul", inputs: ["x", "head"], outputs: ["logits"] },
		{ op: "ArgMax", inputs: ["logits"], outputs: ["label"] },
		{ op: "MatMul", inputs: ["x", "other"], outputs: ["beside"] },
	];
	const tensors = { head: { shape: [2, 2], values: [1, 2, 3, 4] }, other: { shape: [2, 1], values: [5, 6] } };
	const model = { inputs: { x: { shape: [2] } }, nodes, tensors };
	const all = importOnnx(onnxModel({ ...model, outputs: ["label", "logits", "beside"] }), "test.onnx");
	t.is(all.output, "logits");
	t.deepEqual(all.ignored, ["other"]);
	const one = onnxModel({ ...model, outputs: ["label"] });
	t.throws(() => importOnnx(one, "test.onnx"), { instanceOf: GraphError, message: /ArgMax/ });
});

test("problems of several nodes are all told, but not those that follow from them", (t) => {
	const nodes = [
		{ op: "Conv", inputs: ["x", "k"], outputs: ["a"], attributes: { kernel_shape: [9, 9] } },
		{ op: "Relu", inputs: ["a"], outputs: ["b"] },
		{ op: "Transpose", inputs: x, outputs: ["c"], attributes: { perm: [0, 0] } },
		{ op: "Add", inputs: ["b", "c"] },
	];
	const tensors = { k: { shape: [1, 1, 9, 9], values: Array(81).fill(1) as number[] } };
	const error = t.throws(() => importOnnx(onnxFile([1, 4, 4], nodes, tensors), "test.onnx"), {
		instanceOf: GraphError,
	});
	t.is(error?.problems.length, 2);
	t.regex(error?.problems[0] ?? "", /^node node0 \(Conv\): a window of 9/);
	t.regex(error?.problems[1] ?? "", /^node node2 \(Transpose\): perm \[0,0\]/);
});

test("a tensor that claims more numbers than the file holds is refused before memory is reserved", (t) => {
	const bytes = onnxFile([2], [{ op: "Gemm", inputs: ["x", "w"] }], {
		w: { shape: [1_000_000, 1_000_000], values: [1] },
	});
	t.throws(() => importOnnx(bytes, "test.onnx"), {
		instanceOf: FileFormatError,
		message: /needs 1000000000000 numbers/,
	});
});

test("roles and filter axes come from use: kernels, biases, scales, shifts, tables, and masks as constants", (t) => {
	const nodes = [
		{ op: "MatMul", inputs: ["x", "a"] },
		{ op: "Add", inputs: ["v0", "b"] },
		{ op: "Mul", inputs: ["v1", "c"] },
		{ op: "Add", inputs: ["v2", "d"] },
		{ op: "Add", inputs: ["v3", "e"] },
		{ op: "Sub", inputs: ["v4", "f"] },
		{ op: "Add", inputs: ["v5", "g"] },
	];
	const tensor_ = (shape: number[], value = 0.5) => ({
		shape,
		values: Array(shape.reduce((a, b) => a * b, 1)).fill(value) as number[],
	});
	const tensors = {
		a: tensor_([3, 4]),
		b: tensor_([4]),
		c: tensor_([4]),
		d: tensor_([4]),
		e: tensor_([2, 4]),
		f: tensor_([4]),
		g: tensor_([2, 4], Number.NEGATIVE_INFINITY),
	};
	const { graph } = importOnnx(onnxFile([2, 3], nodes, tensors), "test.onnx");
	t.deepEqual(
		graph.parameters.map(({ name, kind, filterAxes }) => [name, kind, filterAxes]),
		[
			["a", "kernel", [1]],
			["b", "bias", []],
			["c", "scale", []],
			["d", "shift", []],
			["e", "kernel", [0]],
		],
	);
	t.is(graph.constants?.length, 2);
});
