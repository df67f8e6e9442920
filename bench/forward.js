/**
 * Times the forward pass of the article's network, one thread each, in one run: ours as a sweep does a point of it (parameters
 * written and packed anew, then all images through the compiled network), beside stock tfjs and onnxruntime, whose parameters
 * stay. All must agree on the loss before a time is printed.
 *
 * usage: node bench/forward.js [images a round, default 256] [rounds, default 15]
 */
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import * as ortNode from "onnxruntime-node";
import * as ortWeb from "onnxruntime-web";
import { Evaluator } from "../dist/src/compute/evaluator.js";
import { toDataset } from "../dist/src/data/arrange.js";
import { importOnnx } from "../dist/src/formats/onnx/index.js";
import { hasRelaxedSimd } from "../dist/src/kernels/module.js";
import { unregisterKernels } from "../dist/src/kernels/register.js";
import { machine, median, report, settle, turns } from "./measure.js";
import { meanLoss, networkAsOnnx, randomImages, randomLabels, randomWeights, TENSORS } from "./network.js";
import { peakMeter } from "./peak.js";

const COUNT = Number(process.argv[2] ?? 256);
const ROUNDS = Number(process.argv[3] ?? 15);
/** Milliseconds of a turn: points follow one another in a sweep. */
const TURN = 300;
/** Images a batch; each engine's own best of 8, 16, 32, 64, 128, 256 differs by a few per cent from this one. */
const BATCH = 64;
/** The cpu backend takes seconds for what the others do in milliseconds: fewer images, one round. */
const CPU_COUNT = 16;

/** 12.0 M multiplications and additions an image, were each convolution done directly. */
const FLOP_PER_IMAGE = 2 * (26 * 26 * 9 * 32 + 24 * 24 * 288 * 64 + 9216 * 128 + 128 * 10);

const weights = randomWeights();
const images = randomImages(COUNT);
const labels = randomLabels(COUNT);

/** Runs stock tfjs over the images in batches and joins the logits. */
function tfjsForward(parameters, count = COUNT) {
	unregisterKernels();
	const logits = new Float32Array(count * 10);
	for (let start = 0; start < count; start += BATCH) {
		const size = Math.min(BATCH, count - start);
		const part = tf.tidy(() => {
			const x = tf.tensor4d(images.subarray(start * 784, (start + size) * 784), [size, 28, 28, 1]);
			return predict(x, parameters).dataSync();
		});
		logits.set(part, start * 10);
	}
	return logits;
}

function predict(x, p) {
	const conv = (input, filter, bias) =>
		tf.fused.conv2d({ x: input, filter, bias, strides: 1, pad: "valid", activation: "relu" });
	const pooled = tf.maxPool(conv(conv(x, p.conv1, p.bias1), p.conv2, p.bias2), 2, 2, "valid");
	const flat = tf.reshape(pooled, [-1, 9216]);
	const dense = tf.fused.matMul({ a: flat, b: p.dense1, bias: p.bias3, activation: "relu" });
	return tf.fused.matMul({ a: dense, b: p.dense2, bias: p.bias4 });
}

/** A point of a sweep. */
async function isolossForward(precision) {
	const { graph, state } = importOnnx(networkAsOnnx(weights), "the article's network");
	const inputs = { shape: [COUNT, 1, 28, 28], type: "float32", values: images };
	const targets = { shape: [COUNT], type: "int32", values: labels };
	const data = toDataset({ name: "random images", inputs, targets }, graph);
	const { parameters, statistics } = state;
	const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision });
	return () => {
		const logits = new Float32Array(COUNT * 10);
		// Samples are evaluated in an order of their own.
		let sample = 0;
		for (const { values } of evaluator.outputs(parameters))
			for (let at = 0; at < values.length; at += 10)
				logits.set(values.subarray(at, at + 10), data.numbers[sample++] * 10);
		return logits;
	};
}

const tensors = () => Object.fromEntries(TENSORS.map(({ name, shape }) => [name, tf.tensor(weights[name], shape)]));

async function onnxForward(ort, options) {
	const session = await ort.InferenceSession.create(networkAsOnnx(weights), {
		intraOpNumThreads: 1,
		interOpNumThreads: 1,
		...options,
	});
	return async () => {
		const logits = new Float32Array(COUNT * 10);
		for (let start = 0; start < COUNT; start += BATCH) {
			const size = Math.min(BATCH, COUNT - start);
			const data = images.subarray(start * 784, (start + size) * 784);
			const output = await session.run({ images: new ort.Tensor("float32", data, [size, 1, 28, 28]) });
			logits.set(output.logits.data, start * 10);
		}
		return logits;
	};
}

await tf.setBackend("cpu");
const onCpu = tensors();
await tf.setBackend("wasm");
const onWasm = tensors();
const precisions = hasRelaxedSimd() ? ["fast", "relaxed"] : ["fast"];
ortWeb.env.wasm.numThreads = 1;

const competitors = [
	{
		name: "onnxruntime-node (native)",
		run: await onnxForward(ortNode, { executionMode: "sequential" }),
	},
	{
		name: "tfjs wasm, stock",
		run: () => tfjsForward(onWasm),
	},
	...(await Promise.all(
		precisions.map(async (precision) => ({ name: `isoloss ${precision}`, run: await isolossForward(precision) })),
	)),
	{ name: "onnxruntime-web wasm", run: await onnxForward(ortWeb, { executionProviders: ["wasm"] }) },
	{
		name: "tfjs cpu",
		count: CPU_COUNT,
		repetitions: 1,
		run: async () => {
			await tf.setBackend("cpu");
			const logits = tfjsForward(onCpu, CPU_COUNT);
			await tf.setBackend("wasm");
			return logits;
		},
	},
];

/** float32 rounds each of a few thousand additions a logit; a wrong layer is off by far more than this. */
const TOLERANCE = 2e-5;
let reference;
for (const { name, run, count = COUNT } of competitors) {
	const logits = await run();
	reference ??= logits;
	const got = meanLoss(logits, labels.subarray(0, count));
	const want = meanLoss(reference.subarray(0, count * 10), labels.subarray(0, count));
	if (!(Math.abs(got - want) <= TOLERANCE * want)) throw new Error(`${name}: loss ${got}, expected ${want}`);
	if (count === COUNT) for (let warm = 0; warm < 2; warm++) await run();
}
await settle();

const { cpu, cores, node } = machine();
console.log(
	`${cpu}, ${cores} cores, Node ${node}; ${COUNT} images in batches of ${BATCH}, one thread, median of ${ROUNDS}`,
);
console.log(`all engines agree: mean loss ${meanLoss(reference, labels)}\n`);
const times = await turns(competitors, ROUNDS, TURN);
const perThousandBy = (of) =>
	new Map(competitors.map(({ name, count = COUNT }) => [name, (of(times.get(name)) * 1000) / count]));
const perThousand = perThousandBy(median);
// Of the quickest turn each: where cores are shared with others, that slows some kinds of code more than others.
const quickest = perThousandBy((values) => Math.min(...values));
const [STOCK, NATIVE] = ["tfjs wasm, stock", "onnxruntime-node (native)"];
report(
	"forward",
	competitors.map(({ name }) => ({
		engine: name,
		"ms / 1,000 images": perThousand.get(name),
		"GFLOP/s (as if direct)": FLOP_PER_IMAGE / perThousand.get(name) / 1e3,
		"× stock": perThousand.get(STOCK) / perThousand.get(name),
		"× onnxruntime-node": perThousand.get(NATIVE) / perThousand.get(name),
		"quickest, ms": quickest.get(name),
		"its × onnxruntime-node": quickest.get(NATIVE) / quickest.get(name),
	})),
);

console.log("\nRegisters only, four lanes:");
for (const [name, relaxed] of [
	["multiply and add", false],
	["fused multiply-add", true],
]) {
	const meter = peakMeter(relaxed);
	if (!meter) continue;
	for (let warm = 0; warm < 200; warm++) meter();
	await settle();
	console.log(`  ${name}: ${median(Array.from({ length: 200 }, meter)).toFixed(1)} GFLOP/s`);
}
