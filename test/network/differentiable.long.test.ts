import { cast, mul, sum, type Tensor, tensor, tidy, valueAndGrads } from "@tensorflow/tfjs-core";
import test from "ava";
import { Backend } from "../../src/compute/backend.js";
import "../../src/compute/gradients/tfjs-gradients.js";
import { RandomStream } from "../../src/exact/random.js";
import { precisions } from "../../src/kernels/precision.js";
import type { Graph } from "../../src/network/graph.js";
import { type GraphNode, opOf } from "../../src/network/ops/index.js";
import { sizeOf } from "../../src/network/shape.js";
import { train } from "../../src/train/train.js";
import { tinyData } from "../fixtures.js";

/** An op at work: shapes of its tensors, and which of those are no numbers that one could differentiate for. */
interface Case {
	readonly node: Pick<GraphNode, "op" | "attributes">;
	readonly shapes: readonly (readonly number[])[];
	/** Values above this; between -1 and 1, or so, where nothing is said. */
	readonly above?: number;
	readonly fixed?: Readonly<Record<number, "bool" | "int32" | "float32">>;
	readonly training?: boolean;
}

const cases: Case[] = [];
const add = (op: string, attributes: object, shapes: Case["shapes"], rest: Omit<Case, "node" | "shapes"> = {}) =>
	cases.push({ node: { op, attributes } as Case["node"], shapes, ...rest });

for (const name of ["abs", "ceil", "cos", "erf", "exp", "floor", "gelu", "geluTanh", "hardSwish", "mish", "neg", "not"])
	add("unary", { function: name }, [[2, 4, 3]]);
for (const name of ["round", "selu", "sigmoid", "sign", "silu", "sin", "softplus", "softsign", "square", "tanh"])
	add("unary", { function: name }, [[2, 4, 3]]);
for (const name of ["toFloat", "toInt"]) add("unary", { function: name }, [[2, 4, 3]]);
for (const name of ["asinh", "atan", "cosh", "sinh", "tan"]) add("unary", { function: name }, [[2, 2, 3]]);
for (const name of ["acos", "asin", "atanh"]) add("unary", { function: name }, [[2, 3]]);
add("unary", { function: "acosh" }, [[2, 4, 3]], { above: 1.5 });
for (const name of ["log", "reciprocal", "sqrt"]) add("unary", { function: name }, [[2, 4, 3]], { above: 0.5 });
for (const name of ["affine", "celu", "elu", "hardSigmoid", "leakyRelu"])
	add("unary", { function: name, alpha: 0.75, beta: 0.25 }, [[2, 4, 3]]);
add("unary", { function: "elu", alpha: 1 }, [[2, 4, 3]]);
add("unary", { function: "clip", alpha: -0.5, beta: 0.5 }, [[2, 4, 3]]);
for (const [a, b] of [
	[
		[2, 3],
		[2, 3],
	],
	[[2, 3], [3]],
	[[3], [2, 3]],
] as const) {
	for (const name of ["add", "sub", "mul", "maximum", "minimum", "squaredDifference", "prelu"])
		add("binary", { function: name }, [a, b]);
	for (const name of ["equal", "greater", "greaterEqual", "less", "lessEqual", "and", "or", "xor"])
		add("binary", { function: name }, [a, b]);
	for (const name of ["div", "pow"]) add("binary", { function: name }, [a, b], { above: 0.5 });
}
for (const name of ["mean", "sum", "max", "min", "prod", "sumOfSquares", "norm"]) {
	add("reduce", { function: name, axes: [-1] }, [[2, 4, 3]]);
	add("reduce", { function: name, axes: [-3, -2] }, [[2, 3, 2, 2]]);
}
add("concat", { axis: -1 }, [
	[2, 3],
	[2, 4],
]);
add("concat", { axis: -1 }, [[2, 3], [4]]);
for (const step of [1, 2, -1, -2]) add("slice", { axis: -2, start: step > 0 ? 0 : 5, length: 3, step }, [[2, 6, 2]]);
for (const mode of ["constant", "reflect", "edge"])
	add(
		"pad",
		{
			padding: [
				[1, 1],
				[1, 0],
				[0, 0],
			],
			mode,
			value: 0.5,
		},
		[[2, 3, 3, 1]],
	);
add(
	"resample",
	{
		axis: -2,
		terms: [
			[0, 0, 1, 1],
			[1, 1, 1, 0],
		],
		weights: [
			[1, 0.75, 0.5, 0.25],
			[0, 0.25, 0.5, 0.75],
		],
	},
	[[2, 2, 2, 2]],
);
add("gather", { axis: -2, indices: [0, 2, 2] }, [[2, 3, 2]]);
add(
	"embedding",
	{},
	[
		[6, 3],
		[2, 4],
	],
	{ fixed: { 1: "int32" } },
);
add("where", {}, [[2, 3], [2, 3], [3]], { fixed: { 0: "bool" } });
add("expand", { shape: [4, 3] }, [[2, 1, 3]]);
add("standardize", { axes: [-1], epsilon: 1e-3 }, [[2, 3, 4]]);
add("standardize", { axes: [-3, -2], epsilon: 1e-3 }, [[2, 3, 3, 2]]);
add("transpose", { permutation: [1, 0] }, [[2, 3, 4]]);
for (const op of ["softmax", "logSoftmax", "relu", "flatten"]) add(op, {}, [[2, 5]]);
add("reshape", { rank: 2, shape: [6] }, [[2, 3, 2]]);
add("dense", {}, [[3, 4], [4, 5], [5]]);
add("dense", {}, [[2, 3, 4], [4, 5], [5]]);
for (const [a, b] of [
	[
		[2, 3, 4],
		[2, 4, 2],
	],
	[
		[2, 3, 4],
		[4, 2],
	],
	[
		[2, 2, 3, 4],
		[2, 2, 4, 2],
	],
] as const)
	add("matMul", {}, [a, b]);
for (const training of [false, true])
	add("batchNorm", { epsilon: 1e-3 }, [[2, 3, 3, 2], [2], [2], [2], [2]], {
		above: 0.5,
		training,
		fixed: { 3: "float32", 4: "float32" },
	});
for (const padding of [
	"valid",
	"same",
	[
		[1, 1],
		[0, 1],
	],
] as const)
	for (const strides of [
		[1, 1],
		[2, 2],
		[2, 1],
	] as const) {
		add("conv2d", { strides, padding }, [[2, 5, 5, 2], [3, 3, 2, 2], [2]]);
		add("conv2d", { strides, padding, groups: 2 }, [[2, 5, 5, 2], [3, 3, 1, 2], [2]]);
		add("depthwiseConv2d", { strides, padding }, [
			[2, 5, 5, 2],
			[3, 3, 2, 1],
		]);
		add("maxPool", { window: [3, 3], strides, padding }, [[2, 5, 5, 2]]);
		add("averagePool", { window: [3, 3], strides, padding }, [[2, 5, 5, 2]]);
		// Windows whose values are all below 0, and windows that reach into the padding.
		add("maxPool", { window: [3, 3], strides, padding }, [[2, 5, 5, 2]], { above: -10 });
	}
add("conv2d", { strides: [1, 1], padding: "valid", dilations: [2, 2] }, [[2, 6, 6, 2], [3, 3, 2, 2], [2]]);
for (const cut of [
	[
		[0, 0],
		[0, 0],
	],
	[
		[1, 1],
		[1, 0],
	],
	[
		[0, -1],
		[0, 0],
	],
] as const)
	for (const groups of [1, 2])
		add("convTranspose2d", { strides: [2, 2], cut, groups }, [[2, 3, 3, 4], [3, 3, 3, 4], [3 * groups]]);

add(
	"convTranspose2d",
	{
		strides: [1, 1],
		cut: [
			[0, 0],
			[1, 0],
		],
		groups: 1,
		dilations: [2, 2],
	},
	[
		[2, 3, 3, 2],
		[2, 2, 3, 2],
	],
);
for (const groups of [1, 2])
	add(
		"conv3d",
		{
			strides: [1, 2, 1],
			padding: [
				[1, 1],
				[0, 1],
				[1, 0],
			],
			dilations: [1, 1, 1],
			groups,
		},
		[[2, 3, 4, 3, 2], [2, 3, 2, 2 / groups, 2], [2]],
	);
add(
	"conv3d",
	{
		strides: [2, 1, 1],
		padding: [
			[0, 0],
			[0, 0],
			[0, 0],
		],
		dilations: [1, 1, 1],
		groups: 1,
	},
	[
		[1, 3, 3, 3, 1],
		[2, 2, 2, 1, 1],
	],
);
const steps = { reverse: true, takes: ["bias", "recurrentBias", "hidden"] };
const [sigmoid, hyperbolic] = [{ function: "sigmoid" }, { function: "tanh" }];
for (const training of [false, true]) {
	const states = [[2, 3, 2], [2, 3], [3, 3], [3], [3], [2, 3]];
	add("rnn", { ...steps, activations: [hyperbolic] }, states, { training });
	const gates = (count: number) => [[2, 3, 2], [2, 3 * count], [3, 3 * count], [3 * count], [3 * count], [2, 3]];
	for (const resetAfter of [false, true])
		add("gru", { ...steps, activations: [sigmoid, hyperbolic], resetAfter }, gates(3), { training });
	for (const result of ["hidden", "cell"])
		add(
			"lstm",
			{
				reverse: false,
				takes: [...steps.takes, "cell", "peepholes"],
				activations: [sigmoid, hyperbolic, hyperbolic],
				gates: "iofc",
				coupled: false,
				result,
			},
			[...gates(4), [2, 3], [9]],
			{ training },
		);
}

/**
 * Values a sixteenth apart, in a random order, those of each input a third of that beside the others': no two are equal, and
 * none is near a kink of a function at a whole or half.
 */
function valuesOf(shape: readonly number[], input: number, random: RandomStream, above: number | undefined) {
	const count = sizeOf(shape);
	const lowest = above ?? -Math.floor(count / 2) / 16;
	return Float32Array.from(random.permutation(count), (place) => lowest + (place + 0.5 + (input % 3) / 3) / 16);
}

const STEP = 1 / 128;

/** The largest difference of the gradient from central differences, against the size of both; throws where there is none. */
function gradientError({ node, shapes, above, fixed = {}, training = false }: Case): number {
	const random = new RandomStream(1, "dropout", node.op.length);
	const given = shapes.map((shape, i) =>
		fixed[i] === "bool" || fixed[i] === "int32"
			? Float32Array.from({ length: sizeOf(shape) }, (_, k) => k % 2)
			: valuesOf(shape, i, random, above),
	);
	const tensors = given.map((values, i): Tensor => tensor(values, [...(shapes[i] ?? [])], fixed[i] ?? "float32"));
	const free = shapes.flatMap((_, i) => (fixed[i] === undefined ? [i] : []));
	const op = opOf(node as GraphNode);
	const loss = (...moved: Tensor[]): Tensor =>
		tidy(() => {
			const output = op.run(
				tensors.map((each, i) => moved[free.indexOf(i)] ?? each),
				{ training, gradient: true },
			);
			const weights = Float32Array.from({ length: output.size }, (_, i) => ((7 * i) % 11) / 8 - 0.6);
			return sum(mul(cast(output, "float32"), tensor(weights, output.shape)));
		});
	const { grads } = valueAndGrads(loss)(free.map((i) => tensors[i] as Tensor));
	let worst = 0;
	for (const [k, input] of free.entries()) {
		const values = given[input] ?? new Float32Array();
		const gradient = grads[k]?.dataSync() ?? [];
		for (let i = 0; i < values.length; i += Math.ceil(values.length / 60)) {
			const at = (shift: number) => {
				const moved = Float32Array.from(values);
				moved[i] = (values[i] ?? 0) + shift;
				const inputs = free.map((each) => (each === input ? tensor(moved, [...(shapes[each] ?? [])]) : tensors[each]));
				return loss(...(inputs as Tensor[])).dataSync()[0] ?? Number.NaN;
			};
			const difference = (at(STEP) - at(-STEP)) / (2 * STEP);
			const error = Math.abs((gradient[i] ?? 0) - difference) / (1 + Math.abs(difference));
			worst = Math.max(worst, error);
		}
	}
	return worst;
}

const rare: Graph = {
	name: "rare",
	inputs: [{ name: "x", shape: [6, 6, 1] }],
	parameters: [parameter("filter", [3, 3, 1, 1]), parameter("kernel", [4, 2])],
	nodes: [
		{ op: "gather", inputs: ["x"], output: "picked", attributes: { axis: -2, indices: [5, 4, 3, 2, 1, 0] } },
		{
			op: "depthwiseConv2d",
			inputs: ["picked", "filter"],
			output: "deep",
			attributes: { strides: [1, 1], padding: "valid" },
		},
		{ op: "slice", inputs: ["deep"], output: "thin", attributes: { axis: -2, start: 0, length: 2, step: 2 } },
		{ op: "slice", inputs: ["thin"], output: "small", attributes: { axis: -3, start: 0, length: 2, step: 1 } },
		{ op: "flatten", inputs: ["small"], output: "flat", attributes: {} },
		{ op: "dense", inputs: ["flat", "kernel"], output: "logits", attributes: {} },
	],
	output: "logits",
};

function parameter(name: string, shape: readonly number[]): Graph["parameters"][number] {
	const native = { shape, view: shape, permutation: shape.map((_, axis) => axis) };
	return { name, shape, kind: "kernel", filterAxes: [shape.length - 1], fanIn: 4, native };
}

test("a network of ops that TensorFlow.js has no gradient of is trained, with the same loss for any number of threads", async (t) => {
	const losses = async (threads: number) => {
		const seen: number[] = [];
		const training = train({
			graph: rare,
			data: tinyData(16),
			loss: "softmax-cross-entropy",
			optimizer: "sgd",
			learningRate: 0.1,
			batchSize: 16,
			epochs: 8,
			seed: 0,
			precision: "fast",
			threads,
		});
		for await (const { loss } of training) seen.push(loss);
		return seen;
	};
	const [one, two] = [await losses(1), await losses(2)];
	t.deepEqual(one, two);
	t.true((one.at(-1) ?? 1) < (one[0] ?? 0));
});

for (const precision of precisions.filter((each) => each !== "relaxed"))
	test(`in ${precision} mode every op has the gradient of central differences`, async (t) => {
		(await Backend.start()).use({ precision, gradients: true });
		const wrong: string[] = [];
		for (const each of cases) {
			const { node, shapes } = each;
			const name = `${node.op} ${JSON.stringify(node.attributes)} of ${JSON.stringify(shapes)}`;
			let error = Number.POSITIVE_INFINITY;
			try {
				error = gradientError(each);
			} catch (thrown) {
				if (!(thrown instanceof Error)) throw thrown;
			}
			if (!(error < 0.01)) wrong.push(`${name}: off by ${error}`);
		}
		t.deepEqual(wrong, []);
	});
