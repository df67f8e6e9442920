/**
 * Times the forward pass of the article's network, one thread each, in one run: our kernels beside stock tfjs and
 * onnxruntime. All must agree on the loss before a time is printed.
 *
 * usage: node bench/forward.js [images a round, default 256] [rounds, default 15]
 */
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import * as ortNode from "onnxruntime-node";
import * as ortWeb from "onnxruntime-web";
import { compileKernels, hasRelaxedSimd } from "../dist/src/kernels/module.js";
import { conv2dReluMaxPool } from "../dist/src/kernels/ops.js";
import { registerKernels, unregisterKernels } from "../dist/src/kernels/register.js";
import { interleave, machine, median, report, settle } from "./measure.js";
import { meanLoss, networkAsOnnx, randomImages, randomLabels, randomWeights, TENSORS } from "./network.js";
import { peakMeter } from "./peak.js";

const COUNT = Number(process.argv[2] ?? 256);
const ROUNDS = Number(process.argv[3] ?? 15);
/** Images a batch; each engine's own best of 8, 16, 32, 64, 128, 256 differs by a few per cent from this one. */
const BATCH = 64;
/** The cpu backend takes seconds for what the others do in milliseconds: fewer images, one round. */
const CPU_COUNT = 16;

/** 12.0 M multiplications and additions an image, were each convolution done directly. */
const FLOP_PER_IMAGE = 2 * (26 * 26 * 9 * 32 + 24 * 24 * 288 * 64 + 9216 * 128 + 128 * 10);

const weights = randomWeights();
const images = randomImages(COUNT);
const labels = randomLabels(COUNT);

/** Runs tfjs over the images in batches and joins the logits. */
function tfjsForward(parameters, fused, count = COUNT) {
	const logits = new Float32Array(count * 10);
	for (let start = 0; start < count; start += BATCH) {
		const size = Math.min(BATCH, count - start);
		const part = tf.tidy(() => {
			const x = tf.tensor4d(images.subarray(start * 784, (start + size) * 784), [size, 28, 28, 1]);
			return predict(x, parameters, fused).dataSync();
		});
		logits.set(part, start * 10);
	}
	return logits;
}

function predict(x, p, fused) {
	const conv = (input, filter, bias) =>
		tf.fused.conv2d({ x: input, filter, bias, strides: 1, pad: "valid", activation: "relu" });
	const hidden = conv(x, p.conv1, p.bias1);
	const pooled = fused
		? conv2dReluMaxPool({ x: hidden, filter: p.conv2, bias: p.bias2, pad: "valid" })
		: tf.maxPool(conv(hidden, p.conv2, p.bias2), 2, 2, "valid");
	const flat = tf.reshape(pooled, [-1, 9216]);
	const dense = tf.fused.matMul({ a: flat, b: p.dense1, bias: p.bias3, activation: "relu" });
	return tf.fused.matMul({ a: dense, b: p.dense2, bias: p.bias4 });
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
const modules = { fast: await compileKernels("fast") };
if (hasRelaxedSimd()) modules.relaxed = await compileKernels("relaxed");
ortWeb.env.wasm.numThreads = 1;

const competitors = [
	{
		name: "onnxruntime-node (native)",
		run: await onnxForward(ortNode, { executionMode: "sequential" }),
	},
	{
		name: "tfjs wasm, stock",
		run: () => {
			unregisterKernels();
			return tfjsForward(onWasm, false);
		},
	},
	...Object.entries(modules).map(([precision, module]) => ({
		name: `isoloss ${precision}`,
		run: () => {
			const result = registerKernels(precision, module);
			if (!result.ok) throw new Error(result.reason);
			return tfjsForward(onWasm, true);
		},
	})),
	{ name: "onnxruntime-web wasm", run: await onnxForward(ortWeb, { executionProviders: ["wasm"] }) },
	{
		name: "tfjs cpu",
		count: CPU_COUNT,
		repetitions: 1,
		run: async () => {
			await tf.setBackend("cpu");
			const logits = tfjsForward(onCpu, false, CPU_COUNT);
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
const times = await interleave(competitors, ROUNDS);
const perThousand = new Map(competitors.map(({ name, count = COUNT }) => [name, (times.get(name) * 1000) / count]));
report(
	"forward",
	competitors.map(({ name }) => ({
		engine: name,
		"ms / 1,000 images": perThousand.get(name),
		"GFLOP/s (as if direct)": FLOP_PER_IMAGE / perThousand.get(name) / 1e3,
		"× stock": perThousand.get("tfjs wasm, stock") / perThousand.get(name),
		"× onnxruntime-node": perThousand.get("onnxruntime-node (native)") / perThousand.get(name),
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
