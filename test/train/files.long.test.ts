import { cp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { GraphError, LayoutMismatchError, OptionError } from "../../src/errors.js";
import { RandomStream } from "../../src/exact/random.js";
import type { Graph, Parameter } from "../../src/network/graph.js";
import { parameterLayout, slice, statisticsLayout } from "../../src/network/parameters.js";
import { softmaxCrossEntropy } from "../../src/objective/losses/softmax-cross-entropy.js";
import { resolveTraining, type TrainRequest } from "../../src/resolve/training.js";
import type { TrainOptions } from "../../src/train/options.js";
import { type TrainProgress, train } from "../../src/train/train.js";
import { root, temporaryDirectory } from "../fixtures.js";

const corpus = (name: string, model = "a.onnx") => ({
	model: join(root, "test", "corpus", name, model),
	data: join(root, "test", "corpus", name, "data.npz"),
});

/** The last of a training, its arrays copied, and the losses of its steps. */
async function outcome(options: TrainOptions) {
	const losses: number[] = [];
	let last: TrainProgress | undefined;
	for await (const progress of train(options)) {
		losses.push(progress.loss);
		last = progress;
	}
	if (last === undefined) throw new Error("training took no step");
	const { parameters, statistics } = last.state;
	return { losses, last, state: { parameters: parameters.slice(), statistics: statistics.slice() } };
}

/** A step of plain gradient descent over all samples at once: θ - rate·g. */
async function firstGradient(request: TrainRequest, rate: number) {
	const whole = { ...request, optimizer: "sgd", learningRate: rate, epochs: 1, precision: "exact" } as const;
	const { options } = await resolveTraining(whole);
	const { samples } = options.data;
	const { losses, state } = await outcome({ ...options, batchSize: samples });
	const start = options.start?.parameters ?? new Float32Array();
	return {
		loss: losses[0] ?? 0,
		gradient: state.parameters.map((value, i) => ((start[i] ?? 0) - value) / rate),
		options,
	};
}

const normOf = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** Loss and gradient norm at a.onnx over all samples, in evaluation mode: PyTorch 1.13, float64. */
const reference = [
	["mlp", 0.6067304851156741, 0.19557863815226242, {}],
	["regression", 0.6665435402800196, 0.304003360156493, {}],
	["transformer", 0.0012522034284686019, 0.013382710974349152, {}],
	["resnet8", 0.013554177253135779, 0.20649120494641587, { freeze: "*.running_*" }],
] as const;

for (const [name, loss, norm, still] of reference)
	test(`the first step on ${name} goes along PyTorch's gradient`, async (t) => {
		// So long a step that rounding of θ is nothing to it.
		const first = await firstGradient({ ...corpus(`pytorch/${name}`), ...still }, 64);
		t.true(Math.abs(first.loss / loss - 1) < 1e-4, `${first.loss}`);
		t.true(Math.abs(normOf(first.gradient) / norm - 1) < 1e-4, `${normOf(first.gradient)}`);
	});

/** y = x·W + b for two features. */
function linear(width: number): Graph {
	const parameter = (name: string, shape: number[], kind: "kernel" | "bias"): Parameter => {
		const permutation = shape.map((_, axis) => axis);
		return { name, shape, kind, filterAxes: [shape.length - 1], fanIn: 2, native: { shape, view: shape, permutation } };
	};
	return {
		name: "line",
		inputs: [{ name: "x", shape: [2] }],
		nodes: [{ op: "dense", inputs: ["x", "w", "b"], output: "y", attributes: {} }],
		parameters: [parameter("w", [2, width], "kernel"), parameter("b", [width], "bias")],
		output: "y",
	};
}

const points = {
	name: "points",
	samples: 5,
	sampleShape: [2],
	inputs: Float32Array.of(1, 2, -1, 0.5, 3, -2, 0, 1, 2, 2),
};
const plain = { optimizer: "sgd", seed: 3, precision: "exact" } as const;

test("gradient descent with weight decay on a line goes as float64 by hand has it, the frozen bias apart", async (t) => {
	const targets = Float32Array.of(1, -1, 2, 0.5, 3);
	const [rate, decay, epochs, batchSize] = [0.05, 0.1, 3, 2];
	const start = { parameters: Float32Array.of(0.5, -0.25, 0.75), statistics: new Float32Array() };
	const { state, losses } = await outcome({
		...plain,
		...{ graph: linear(1), data: { ...points, targets }, loss: "mse", start, still: ["b"] },
		...{ learningRate: rate, weightDecay: decay, epochs, batchSize },
	});
	const w = [0.5, -0.25];
	const bias = 0.75;
	const expected: number[] = [];
	for (let epoch = 0; epoch < epochs; epoch++) {
		const order = new RandomStream(plain.seed, "epochOrder", epoch).permutation(5);
		for (let place = 0; place < 5; place += batchSize) {
			const batch = [...order.subarray(place, place + batchSize)];
			const errors = batch.map((sample) => {
				const [x = 0, y = 0] = points.inputs.subarray(2 * sample, 2 * sample + 2);
				return { x, y, error: x * (w[0] ?? 0) + y * (w[1] ?? 0) + bias - (targets[sample] ?? 0) };
			});
			expected.push(errors.reduce((sum, { error }) => sum + error ** 2, 0) / batch.length);
			const slope = (of: "x" | "y") => errors.reduce((sum, each) => sum + 2 * each.error * each[of], 0) / batch.length;
			const [first = 0, second = 0] = w;
			w[0] = first - rate * (slope("x") + decay * first);
			w[1] = second - rate * (slope("y") + decay * second);
		}
	}
	t.is(losses.length, 9);
	for (const [i, loss] of losses.entries())
		t.true(Math.abs(loss - (expected[i] ?? 0)) < 1e-5, `step ${i + 1}: ${loss}`);
	for (const [i, value] of w.entries()) t.true(Math.abs((state.parameters[i] ?? 0) - value) < 1e-6, `w${i}`);
	t.is(state.parameters[2], 0.75);
});

test("with weights of classes, smoothing and samples that don't count a batch has the gradient of their mean", async (t) => {
	const targets = Int32Array.of(0, -1, 2, -1, 1);
	const lossSettings = { classWeights: [0.5, 2, 1], labelSmoothing: 0.1 };
	const values = [0.3, -0.2, 0.1, 0.4, -0.5, 0.2, 0.05, 0, -0.1];
	const loss = softmaxCrossEntropy.with?.(lossSettings) ?? softmaxCrossEntropy;
	const meanAt = (parameters: readonly number[]) => {
		const outputs = Float32Array.from({ length: 15 }, (_, i) => {
			const [sample, column] = [Math.floor(i / 3), i % 3];
			const [x = 0, y = 0] = points.inputs.subarray(2 * sample, 2 * sample + 2);
			return x * (parameters[column] ?? 0) + y * (parameters[3 + column] ?? 0) + (parameters[6 + column] ?? 0);
		});
		const all = { values: outputs, width: 3, classes: 3, targets };
		return loss.add(0, all) / (loss.weight?.(all) ?? 0);
	};
	const start = { parameters: Float32Array.from(values), statistics: new Float32Array() };
	const common = {
		...plain,
		graph: linear(3),
		data: { ...points, targets },
		lossSettings,
		start,
		learningRate: 1,
		epochs: 1,
	};
	const { state, last, losses } = await outcome({ ...common, loss: "softmax-cross-entropy", batchSize: 5 });
	t.true(Math.abs((losses[0] ?? 0) - meanAt(values)) < 1e-6);
	t.is(last.weight, 3.5);
	const step = 1e-2;
	for (const [i, value] of values.entries()) {
		const at = (shift: number) => meanAt(values.map((each, k) => (k === i ? each + shift : each)));
		const slope = (at(step) - at(-step)) / (2 * step);
		const gradient = (start.parameters[i] ?? 0) - (state.parameters[i] ?? 0);
		t.true(Math.abs(gradient - slope) < 1e-4, `parameter ${i} (${value}): ${gradient}, not ${slope}`);
	}
	// One sample a step: those that don't count leave everything as it is.
	const single = await outcome({ ...common, loss: "softmax-cross-entropy", batchSize: 1 });
	t.is(single.losses.filter(Number.isNaN).length, 2);
	t.true(single.state.parameters.every(Number.isFinite));
});

test("frozen tensors and the statistics of their normalisation stay to the bit, in spite of weight decay", async (t) => {
	const { options } = await resolveTraining({
		...corpus("pytorch/resnet8"),
		...{ only: ["l.2.*", "fc.*"], optimizer: "adamw", weightDecay: 0.5, epochs: 2, batchSize: 16, learningRate: 1e-3 },
	});
	const { state } = await outcome(options);
	const { graph, start } = options;
	const moves = (name: string) => name.startsWith("l.2.") || name.startsWith("fc.");
	for (const [layout, before, after] of [
		[parameterLayout(graph), start?.parameters, state.parameters],
		[statisticsLayout(graph), start?.statistics, state.statistics],
	] as const)
		for (const slot of layout.slots) {
			const [old, now] = [slice(before ?? new Float32Array(), slot), slice(after, slot)];
			t.is(
				old.every((value, i) => Object.is(value, now[i])),
				!moves(slot.name),
				slot.name,
			);
		}
});

test("where batch normalisation takes its statistics from is said", async (t) => {
	const frozen = await resolveTraining({ ...corpus("pytorch/resnet8"), freeze: "*.running_*", batchSize: 16 });
	t.true(frozen.assumptions.includes("9 of 9 batch normalisations keep their running statistics, which don't move"));
	const free = await resolveTraining({ ...corpus("pytorch/resnet8"), batchSize: 16 });
	t.true(free.assumptions.includes("batch normalisation takes its statistics from a fourth of a batch, 4 samples"));
});

const several: readonly (readonly [string, TrainRequest])[] = [
	["two inputs", corpus("cases/onnx-two-inputs", "net.onnx")],
	["an LSTM", corpus("cases/onnx-lstm", "net.onnx")],
	["a class for each token", corpus("pytorch2/decoder", "torchscript.onnx")],
	["classes of pixels, some of which don't count", corpus("cases/segmentation-seg_ignore100", "net.onnx")],
	["a Keras network with several inputs", corpus("keras3/inputs", "model.keras")],
];

for (const [what, request] of several)
	test(`training lowers the loss of a network with ${what}, the same for one thread and two`, async (t) => {
		const small = { ...request, optimizer: "sgd", learningRate: 0.01, epochs: 4 } as const;
		const { options } = await resolveTraining(small);
		const one = await outcome(options);
		const { losses } = one;
		t.true((losses.at(-1) ?? Number.NaN) < (losses[0] ?? Number.NaN), String(losses));
		const two = await outcome({ ...options, threads: 2 });
		t.deepEqual([two.losses, two.state], [one.losses, one.state]);
	});

const squares = `export default {
	name: "squares",
	takes: ["class"],
	add(total, { values, width, targets }) {
		let sum = total;
		for (const [i, value] of values.entries()) sum += (value - Number(targets[Math.floor(i / width)] === i % width)) ** 2;
		return sum;
	},
	differentiable: {
		nodes: (build, output, target) =>
			build.node("reduce", [build.unary("square", build.sub(output, target))], { function: "sum", axes: [-1] }),
		targets: ({ width, targets }) =>
			Float32Array.from({ length: targets.length * width }, (_, i) => Number(targets[Math.floor(i / width)] === i % width)),
	},
};`;

test("a loss of one's own is trained on where it has a derivative, and refused where it has none", async (t) => {
	const directory = await temporaryDirectory(t);
	const [own, bare] = [join(directory, "own.mjs"), join(directory, "bare.mjs")];
	await writeFile(own, squares);
	await writeFile(bare, "export default { name: 'bare', add: (total) => total };");
	const request = { ...corpus("pytorch/mlp"), optimizer: "sgd", learningRate: 0.01, epochs: 3 } as const;
	const { options } = await resolveTraining({ ...request, loss: pathToFileURL(own) });
	const { losses } = await outcome({ ...options, threads: 2 });
	t.true((losses.at(-1) ?? Number.NaN) < (losses[0] ?? Number.NaN), String(losses));
	await t.throwsAsync(resolveTraining({ ...request, loss: pathToFileURL(bare) }), {
		instanceOf: OptionError,
		message: /^loss: expected a loss with a derivative; bare, .* has no differentiable/,
	});
	await t.throwsAsync(outcome({ ...options, loss: pathToFileURL(bare).href as `file:${string}` }), {
		instanceOf: GraphError,
		message: "the loss bare has no derivative",
	});
});

test("a start, samples or names that are not the network's are refused before any step", async (t) => {
	const { options } = await resolveTraining({ ...corpus("pytorch/mlp"), epochs: 1 });
	const state = { parameters: new Float32Array(3), statistics: new Float32Array() };
	await t.throwsAsync(outcome({ ...options, start: state }), {
		instanceOf: LayoutMismatchError,
		message: "start: expected the 2741 parameters of a, got 3",
	});
	await t.throwsAsync(outcome({ ...options, still: ["0.weigth"] }), {
		instanceOf: OptionError,
		message: 'still: expected names of tensors of a, got "0.weigth"',
	});
	await t.throwsAsync(outcome({ ...options, data: { ...points, targets: new Int32Array(5) } }), {
		instanceOf: LayoutMismatchError,
		message: "a takes samples of [20], points has [2]",
	});
	await t.throwsAsync(outcome({ ...options, data: { ...options.data, targets: new Float32Array(400) } }), {
		instanceOf: LayoutMismatchError,
		message: "data.npz: 2 targets a sample don't fit the output of a, [5]",
	});
	const all = options.graph.parameters.map(({ name }) => name);
	await t.throwsAsync(outcome({ ...options, still: all }), {
		instanceOf: GraphError,
		message: "nothing that moves changes the loss of a",
	});
});

test("networks and data in memory are trained as those of files", async (t) => {
	const { options } = await resolveTraining({ ...corpus("pytorch/mlp"), epochs: 1 });
	const { graph, start, data } = options;
	if (start === undefined) throw new Error("a network of a file has a start");
	const memory = await resolveTraining({ network: { graph, state: start }, data, testData: data, epochs: 1 });
	const { test: tried, ...untested } = memory.options;
	t.deepEqual((await outcome(untested)).state, (await outcome(options)).state);
	t.is(tried?.samples, 200);
	t.true(memory.assumptions.includes("starts at the parameters of a"));
});

test("what is held out is a share of a seeded shuffle, and trained on no more", async (t) => {
	const { options } = await resolveTraining({ ...corpus("pytorch/mlp"), validation: 0.25, samples: 40 });
	const whole = await resolveTraining({ ...corpus("pytorch/mlp"), validation: 0, samples: 40 });
	t.is(whole.options.test, undefined);
	const numbers = [...(options.data.numbers ?? []), ...(options.test?.numbers ?? [])];
	t.is(options.test?.samples, 10);
	t.deepEqual(
		numbers.sort((a, b) => a - b),
		[...(whole.options.data.numbers ?? [])].sort((a, b) => a - b),
	);
	t.is(new Set(numbers).size, 40);
});

test("data with a part for it are tested on that part", async (t) => {
	const { options, assumptions } = await resolveTraining(corpus("cases/npz-with-both-splits", "net.onnx"));
	t.truthy(options.test);
	t.true(assumptions.some((line) => /^tested after each epoch on \d+ samples of data\.npz, test$/.test(line)));
});

test("test data without one of the classes are refused: their numbers would stand for others", async (t) => {
	const images = join(await temporaryDirectory(t), "images");
	await cp(corpus("cases/images-train-test-folders").data.replace("data.npz", "images"), images, { recursive: true });
	const [first = ""] = (await readdir(join(images, "test"))).sort();
	await rm(join(images, "test", first), { recursive: true });
	const { model } = corpus("cases/images-train-test-folders", "net.onnx");
	await t.throwsAsync(resolveTraining({ model, data: images }), {
		instanceOf: LayoutMismatchError,
		message: /^images: the classes to test on are .*, those to train on /,
	});
});
