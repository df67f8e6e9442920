/**
 * Where the time of a point goes: what is spent inside each kernel, in forming and packing parameters, and between kernels.
 *
 * With STEPS=1 in the environment each step of a point is told, too.
 *
 * usage: node bench/share.js [network: mnist-cnn (default), a name of the zoo, or a folder with a.onnx and data.npz] [points, default 40]
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { getKernelsForBackend, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { Backend } from "../dist/src/compute/backend.js";
import { Evaluator } from "../dist/src/compute/evaluator.js";
import { decode } from "../dist/src/kernels/instructions.js";
import { logSumExp } from "../dist/src/kernels/log-sum-exp.js";
import { resolve } from "../dist/src/resolve/index.js";
import { PointEvaluator } from "../dist/src/sweep/point.js";
import { machine, report, settle } from "./measure.js";

const [network = "mnist-cnn", points = "40"] = process.argv.slice(2);
const POINTS = Number(points);

const [model, data] = ["a.onnx", "data.npz"].map((name) => join(network, name));
const { problem } = await resolve(
	existsSync(model) ? { model, data, samples: "all", y: null } : { model: network, samples: 256 },
);
const evaluator = await PointEvaluator.create(problem);
const at = problem.section.dimensions === 1 ? (x) => [x] : (x) => [x, -0.5];
for (let i = 0; i < POINTS; i++) await evaluator.evaluate(at(i / POINTS));
await settle();
// The quickest of all points, part by part: whatever else the machine does falls on none of them.
let whole = Number.POSITIVE_INFINITY;
for (let i = 0; i < POINTS; i++) {
	const start = performance.now();
	await evaluator.evaluate(at(i / POINTS));
	whole = Math.min(whole, performance.now() - start);
}
const spent = await timeKernels();

const { cpu, cores, node } = machine();
const samples = problem.data.samples;
console.log(`${cpu}, ${cores} cores, Node ${node}; ${POINTS} points of ${samples} samples, one thread\n`);
const crossEntropy = problem.loss === "softmax-cross-entropy" ? await timeCrossEntropy() : undefined;
if (crossEntropy !== undefined) spent.set("logSumExp, with its copies", crossEntropy);
const kernels = [...spent].sort(([, a], [, b]) => b - a);
const inside = kernels.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
const row = (part, milliseconds) => ({
	part,
	"ms a point": milliseconds,
	"share, %": (100 * milliseconds) / whole,
});
report(`share-${network.split("/").filter(Boolean).at(-1)}`, [
	...kernels.map(([name, milliseconds]) => row(name, milliseconds)),
	row("all kernels", inside),
	row("the rest: copies, loss, fields, calls", whole - inside),
	row("a point", whole),
]);

function clock(work) {
	const start = performance.now();
	work();
	return performance.now() - start;
}

/** The kernel of the loss, which lies in a memory of its own, on the outputs of a point. */
async function timeCrossEntropy() {
	const { graph, section, data, batchNorm, precision } = problem;
	const [statistics] = section.statistics;
	const network = await Evaluator.create({ graph, statistics, data, batchNorm, precision });
	const outputs = [...network.outputs(section.vectors[0])];
	let quickest = Number.POSITIVE_INFINITY;
	for (let i = 0; i < 10 * POINTS; i++)
		quickest = Math.min(
			quickest,
			clock(() => {
				for (const { values, classes } of outputs) logSumExp(values, classes);
			}),
		);
	network.release();
	return quickest;
}

/** Puts a clock around every instruction of programs and every kernel of the backend, for some points. */
async function timeKernels() {
	const { context } = await Backend.start();
	const { run, packMatrix, prepareFilters, formPoint } = context.kernels;
	// A call and two readings of the clock are no part of a kernel's time.
	const readings = Array.from({ length: 1000 }, () => clock(() => run(0, 0))).sort((a, b) => a - b);
	const overhead = readings[500];
	/** The steps of a point in their order: name and quickest time. */
	const steps = [];
	let step = 0;
	/** Of one point, by name. */
	let spent = new Map();
	const time = (name, work) => {
		const milliseconds = Math.max(0, clock(work) - overhead);
		steps[step] = { name, milliseconds: Math.min(milliseconds, steps[step]?.milliseconds ?? Number.POSITIVE_INFINITY) };
		step += 1;
		spent.set(name, (spent.get(name) ?? 0) + milliseconds);
	};
	context.kernels = {
		...context.kernels,
		packMatrix: (...operands) => time("packMatrix", () => packMatrix(...operands)),
		prepareFilters: (...operands) => time("prepareFilters", () => prepareFilters(...operands)),
		formPoint: (...operands) => time("formPoint", () => formPoint(...operands)),
		run: (from, to) => {
			const words = context.words(from, (to - from) / 4);
			const starts = decode(words);
			for (const [index, { name, at }] of starts.entries()) {
				const end = starts[index + 1]?.at ?? words.length;
				time(name, () => run(from + 4 * at, from + 4 * end));
			}
		},
	};
	for (const config of getKernelsForBackend("wasm")) {
		unregisterKernel(config.kernelName, "wasm");
		registerKernel({
			...config,
			kernelFunc: (params) => {
				let result;
				time(`${config.kernelName} (TensorFlow.js)`, () => {
					result = config.kernelFunc(params);
				});
				return result;
			},
		});
	}
	// All of a point's steps of one name together: many short ones are never all at their quickest in one point.
	const sums = new Map();
	for (let i = 0; i < POINTS; i++) {
		step = 0;
		spent = new Map();
		await evaluator.evaluate(at(i / POINTS));
		for (const [name, milliseconds] of spent)
			sums.set(name, Math.min(milliseconds, sums.get(name) ?? Number.POSITIVE_INFINITY));
	}
	if (process.env.STEPS) for (const { name, milliseconds } of steps) console.log(milliseconds.toFixed(4), name);
	return sums;
}
