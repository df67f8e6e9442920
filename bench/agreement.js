/**
 * Every network of test/corpus/pytorch beside onnxruntime-node, one thread each: the mean loss at θ0 by both, and the time of a
 * point (all samples through the network), medians and the quickest over interleaved rounds. Ours forms and packs the parameters
 * of the point; onnxruntime has prepared those of the file once, or gets them with each call, as it would in a sweep.
 *
 * usage: node bench/agreement.js [rounds, default 15]
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-node";
import { parseNpz } from "../dist/src/formats/npz.js";
import { probeNamed } from "../dist/src/probe/index.js";
import { measure } from "../dist/src/probe/measure.js";
import { subjectOf } from "../dist/src/probe/subject.js";
import { resolve } from "../dist/src/resolve/index.js";
import { PointEvaluator } from "../dist/src/sweep/point.js";
import { machine, median, report, settle, turns } from "./measure.js";
import { parametersAsInputs } from "./parameters-as-inputs.js";

const ROUNDS = Number(process.argv[2] ?? 15);
const TOLERANCE = 1e-5;
/** Milliseconds of a turn: points follow one another in a sweep. */
const TURN = 30;
const corpus = new URL("../test/corpus/pytorch/", import.meta.url);

const rows = [];
for (const entry of readdirSync(corpus, { withFileTypes: true })) {
	if (!entry.isDirectory()) continue;
	const [model, data] = ["a.onnx", "data.npz"].map((name) => fileURLToPath(new URL(`${entry.name}/${name}`, corpus)));
	const evaluators = {};
	for (const precision of ["fast", "exact"]) {
		const { problem } = await resolve({ model, data, samples: "all", y: null, precision });
		evaluators[precision] = { problem, evaluator: await PointEvaluator.create(problem) };
	}
	const { problem } = evaluators.fast;
	const native = await nativeLoss(model, data, problem);
	const given = await nativeLoss(model, data, problem, problem.graph.parameters);
	const theirs = await native();
	const again = await given();
	if (!(Math.abs(again - theirs) <= TOLERANCE * Math.abs(theirs)))
		throw new Error(`${entry.name}: onnxruntime has ${theirs}, and ${again} with parameters as inputs`);
	for (const [precision, { evaluator }] of Object.entries(evaluators)) {
		const [loss] = await evaluator.evaluate([0]);
		if (!(Math.abs(loss - theirs) <= TOLERANCE * Math.abs(theirs)))
			throw new Error(`${entry.name}, ${precision}: loss ${loss}, onnxruntime has ${theirs}`);
	}
	const disagreement = await worstDisagreement(entry.name, data);
	await settle();
	const competitors = [
		{ name: "fast", run: () => evaluators.fast.evaluator.evaluate([0]) },
		{ name: "exact", run: () => evaluators.exact.evaluator.evaluate([0]) },
		{ name: "native", run: native },
		{ name: "given", run: given },
	];
	const times = await turns(competitors, ROUNDS, TURN);
	const best = (name) => Math.min(...times.get(name));
	rows.push({
		network: entry.name,
		samples: problem.data.samples,
		"largest relative difference": disagreement.toExponential(1),
		"fast, ms a point": median(times.get("fast")),
		"exact, ms a point": median(times.get("exact")),
		"onnxruntime-node, ms": median(times.get("native")),
		"× onnxruntime-node": median(times.get("native")) / median(times.get("fast")),
		"quickest, ms": best("fast"),
		"its × onnxruntime-node": best("native") / best("fast"),
		"× with parameters given": best("given") / best("fast"),
	});
}
const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; one thread each, median of ${ROUNDS}\n`);
report("agreement", rows);

/** The largest relative difference of the loss at θ0 over all ONNX files of a folder. */
async function worstDisagreement(folder, data) {
	let worst = 0;
	const directory = new URL(`${folder}/`, corpus);
	for (const name of readdirSync(directory).filter((file) => file.endsWith(".onnx"))) {
		const model = fileURLToPath(new URL(name, directory));
		const { problem } = await resolve({ model, data, samples: "all", y: null });
		const [ours] = await (await PointEvaluator.create(problem)).evaluate([0]);
		const theirs = await (await nativeLoss(model, data, problem))();
		worst = Math.max(worst, Math.abs(ours - theirs) / Math.abs(theirs));
	}
	if (!(worst <= TOLERANCE)) throw new Error(`${folder}: the losses disagree by ${worst}`);
	return worst;
}

/**
 * The mean loss by onnxruntime: its outputs, of which we measure all that a point has, as of our own.
 *
 * @param parameters to be given with each call, as in a sweep; else they stay those of the file
 */
async function nativeLoss(model, data, problem, parameters = []) {
	const { file, feeds } = parametersAsInputs(readFileSync(model), parameters);
	const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
	const arrays = parseNpz(readFileSync(data), data);
	const [x, y] = [arrays.get("x"), arrays.get("y")];
	const tokens = x.type.startsWith("int");
	const values = tokens ? BigInt64Array.from(x.values, BigInt) : Float32Array.from(x.values);
	const input = new ort.Tensor(tokens ? "int64" : "float32", values, x.shape);
	const [samples] = x.shape;
	const targets = problem.loss === "mse" ? Float32Array.from(y.values) : Int32Array.from(y.values);
	const [probes, subject] = [problem.probes.map(probeNamed), await subjectOf(problem)];
	return async () => {
		const outputs = await session.run({ ...feeds, [session.inputNames[0]]: input });
		const { data: logits, dims } = outputs[session.outputNames[0]];
		const [width, classes] = [logits.length / samples, dims.at(-1)];
		const [loss] = await measure(probes, subject, [{ values: logits, width, classes, targets }]);
		return loss;
	};
}
