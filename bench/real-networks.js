/**
 * Networks of real size with random weights, as exporters write them: what isoloss computes against onnxruntime-node, and the time
 * of a point beside it, both on one thread. Ours forms and packs the parameters of the point; onnxruntime has prepared those of
 * the file once, or gets them with each call, as it would in a sweep.
 *
 * usage: node bench/real-networks.js [part of a network's name] [samples, default 4]
 */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { Evaluator } from "../dist/src/compute/evaluator.js";
import { toDataset } from "../dist/src/data/arrange.js";
import { importOnnx } from "../dist/src/formats/onnx/index.js";
import { multiplyAdds } from "../dist/src/network/infer-shapes.js";
import { CONTEXT, Draft, gpt, mobileNetV2, resnet18, vitSmall } from "./draft.js";
import { median, report } from "./measure.js";
import { uniform } from "./network.js";
import { parametersAsInputs } from "./parameters-as-inputs.js";

const [only = "", samples = "4"] = process.argv.slice(2);
const [SAMPLES, ROUNDS] = [Number(samples), 9];

const networks = {
	"ResNet-18, 224²": { build: resnet18, shape: [3, 224, 224] },
	"MobileNetV2, 224²": { build: mobileNetV2, shape: [3, 224, 224] },
	"ViT-S/16, 224²": { build: vitSmall, shape: [3, 224, 224] },
	"GPT, 6 layers of 384, 256 tokens": { build: gpt, shape: [CONTEXT], tokens: 8192 },
};

function samplesOf({ shape, tokens }) {
	const next = uniform(5);
	const size = SAMPLES * shape.reduce((a, b) => a * b);
	const values = Float32Array.from({ length: size }, () => (tokens ? Math.floor(((next() + 1) / 2) * tokens) : next()));
	return { shape: [SAMPLES, ...shape], type: tokens ? "int32" : "float32", values };
}

const rows = [];
for (const [name, network] of Object.entries(networks).filter(([name]) => name.includes(only))) {
	const draft = new Draft(7);
	const output = network.build(draft);
	const bytes = draft.finish({ shape: network.shape, type: network.tokens ? 7 : 1 }, output);
	const inputs = samplesOf(network);
	const settings = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
	const session = await InferenceSession.create(bytes, settings);
	const fed = network.tokens
		? new Tensor(
				"int64",
				BigInt64Array.from(inputs.values, (value) => BigInt(value)),
				inputs.shape,
			)
		: new Tensor("float32", inputs.values, inputs.shape);
	const { graph, state } = importOnnx(bytes, name);
	const { file, feeds } = parametersAsInputs(bytes, graph.parameters);
	const sweeping = await InferenceSession.create(file, settings);
	const targets = { shape: [SAMPLES], type: "int32", values: new Int32Array(SAMPLES) };
	const data = toDataset({ name, inputs, targets }, graph);
	const evaluator = await Evaluator.create({
		graph,
		statistics: state.statistics,
		data,
		batchNorm: "running",
		precision: "fast",
	});
	const times = { ours: [], theirs: [], given: [] };
	let off = 0;
	for (let round = 0; round <= ROUNDS; round++) {
		let started = performance.now();
		const parts = [...evaluator.outputs(state.parameters)].map(({ values }) => values);
		if (round > 0) times.ours.push(performance.now() - started);
		started = performance.now();
		const result = (await session.run({ x: fed }))[session.outputNames[0]];
		if (round > 0) times.theirs.push(performance.now() - started);
		else off = difference(joined(parts), result.data, [...data.numbers]);
		started = performance.now();
		const again = (await sweeping.run({ ...feeds, x: fed }))[sweeping.outputNames[0]];
		if (round > 0) times.given.push(performance.now() - started);
		else off = Math.max(off, difference(joined(parts), again.data, [...data.numbers]));
	}
	evaluator.release();
	const [ours, theirs] = [median(times.ours), median(times.theirs)];
	const best = (name) => Math.min(...times[name]);
	rows.push({
		network: name,
		"million parameters": state.parameters.length / 1e6,
		"G multiply-adds": multiplyAdds(graph) / 1e9,
		"off by at most": off.toExponential(1),
		"isoloss, ms a point": ours,
		"onnxruntime-node": theirs,
		ratio: theirs / ours,
		"quickest, ms": best("ours"),
		"its ratio": best("theirs") / best("ours"),
		"with parameters given": best("given") / best("ours"),
	});
	if (!(off < 1e-4)) process.exitCode = 1;
}
report("real-networks", rows);

function joined(parts) {
	const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** The largest difference of outputs, against the largest output; ours are of samples in a shuffled order. */
function difference(ours, theirs, order) {
	const size = theirs.length / SAMPLES;
	let [most, largest] = [0, 0];
	for (const [place, sample] of order.entries())
		for (let i = 0; i < size; i++) {
			const [a, b] = [ours[place * size + i], theirs[sample * size + i]];
			largest = Math.max(largest, Math.abs(b));
			most = Math.max(most, Number.isFinite(a) ? Math.abs(a - b) : Number.POSITIVE_INFINITY);
		}
	return most / largest;
}
