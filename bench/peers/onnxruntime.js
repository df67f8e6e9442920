/**
 * A sweep as a plain loop over onnxruntime-node: form θ, give it to the network, add the losses up.
 *
 * usage: node bench/peers/onnxruntime.js FOLDER OUT THREADS inputs|session
 *
 * FOLDER is a handover, OUT gets the losses. New weights come to a network in one of two ways: as inputs, fed at every point,
 * so that nothing can be prepared for them; or in a file of their own, of which a session is made at every point.
 */
import { writeFileSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { meanLoss } from "../network.js";
import { onnxFile } from "../onnx.js";
import { readHandover } from "./handover.js";

/** As many samples as isoloss takes at once. */
const BATCH = 64;

const [folder, out, threads, way] = process.argv.slice(2);
const { manifest, vectors, statistics, samples, targets } = readHandover(folder);
const { alpha, beta } = manifest;
const size = manifest.sampleShape.reduce((a, b) => a * b);
const theta = new Float32Array(vectors[0].length);
const weights = manifest.tensors.map(({ name, shape, offset, size }) => ({
	name,
	shape,
	values: theta.subarray(offset, offset + size),
}));
const settings = {
	intraOpNumThreads: Number(threads),
	interOpNumThreads: 1,
	executionMode: "sequential",
	logSeverityLevel: 3,
};
const fixed = await ort.InferenceSession.create(network(way === "inputs"), settings);
const feeds =
	way === "inputs"
		? Object.fromEntries(weights.map((w) => [w.name, new ort.Tensor("float32", w.values, w.shape)]))
		: {};

const values = new Float64Array(alpha.length * beta.length);
const started = performance.now();
for (const [row, b] of beta.entries())
	for (const [column, a] of alpha.entries()) values[row * alpha.length + column] = await lossAt(a, b);
const seconds = (performance.now() - started) / 1000;
writeFileSync(out, new Uint8Array(values.buffer));
console.log(JSON.stringify({ seconds }));

async function lossAt(a, b) {
	const [origin, x, y] = vectors;
	for (let i = 0; i < theta.length; i++) theta[i] = origin[i] + a * x[i] + b * y[i];
	const session = way === "inputs" ? fixed : await ort.InferenceSession.create(network(false), settings);
	const parts = [];
	for (let start = 0; start < targets.length; start += BATCH) {
		const end = Math.min(start + BATCH, targets.length);
		const batch = samples.subarray(start * size, end * size);
		const images = new ort.Tensor("float32", batch, [end - start, ...manifest.sampleShape]);
		const { data } = (await session.run({ ...feeds, [manifest.input]: images }))[manifest.output];
		const classes = data.length / (end - start);
		parts.push((meanLoss(data, targets.subarray(start, end), classes) * (end - start)) / targets.length);
	}
	if (session !== fixed) await session.release();
	return parts.reduce((sum, part) => sum + part);
}

/** The file, with θ in it or among its inputs. */
function network(asInputs) {
	const constants = manifest.statistics.map(({ name, shape, offset, size }) => ({
		name,
		shape,
		values: statistics.subarray(offset, offset + size),
	}));
	const pads = manifest.nodes.flatMap(({ op, channels, output }) =>
		op === "padChannels"
			? [
					{
						name: `${output}.pads`,
						shape: [8],
						values: BigInt64Array.from([0, channels[0], 0, 0, 0, channels[1], 0, 0], BigInt),
					},
				]
			: [],
	);
	const images = { name: manifest.input, shape: ["n", ...manifest.sampleShape] };
	return onnxFile({
		nodes: manifest.nodes.flatMap(asOnnx),
		initializers: [...(asInputs ? [] : weights), ...constants, ...pads],
		inputs: asInputs ? [images, ...weights] : [images],
		output: { name: manifest.output, shape: [] },
	});
}

function asOnnx({ op, inputs, output, strides, window, pads, epsilon }) {
	const one = (name, attributes = {}, given = inputs) => [{ op: name, inputs: given, output, attributes }];
	if (op === "conv2d") return one("Conv", { strides, pads });
	if (op === "relu") return one("Relu");
	if (op === "maxPool") return one("MaxPool", { kernel_shape: window, strides });
	if (op === "averagePool") return one("AveragePool", { kernel_shape: window, strides });
	if (op === "dense") return one("Gemm", { transB: 1 });
	if (op === "flatten") return one("Flatten", { axis: 1 });
	if (op === "batchNorm") return one("BatchNormalization", { epsilon });
	if (op === "add") return one("Add");
	if (op === "padChannels") return one("Pad", {}, [...inputs, `${output}.pads`]);
	const pooled = `${output}.pooled`;
	return [
		{ op: "GlobalAveragePool", inputs, output: pooled },
		{ op: "Flatten", inputs: [pooled], output, attributes: { axis: 1 } },
	];
}
