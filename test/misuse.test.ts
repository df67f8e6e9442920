import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import * as isoloss from "../src/index.js";

/** The library without its types, as JavaScript has it. */
const untyped = isoloss as unknown as Record<string, (...given: unknown[]) => unknown>;

const folder = mkdtempSync(join(tmpdir(), "isoloss-"));
const small = { samples: 4, x: { min: 0, max: 1, steps: 2 }, y: null, threads: 1 };
const floats = (count: number) => new Float32Array(count);
const graph = isoloss.modelByName("mlp-4");
const node = graph.nodes[0];

/** Calls that the types rule out, or whose files are none, and what is said of each. */
const misuses: readonly (readonly [call: string, given: readonly unknown[], said: RegExp])[] = [
	["sweep", [null], /^options: expected an object, got null$/],
	["sweep", [5], /^options: expected an object, got "5"$/],
	["sweep", [[]], /^options: expected an object, got a list$/],
	["sweep", ["model"], /^options: expected an object, got "model"$/],
	["sweep", [{ ...small, data: 5 }], /^data: expected the name of a data set, a path, arrays or a data set, got "5"$/],
	["sweep", [{ ...small, data: null }], /^data: expected the name .*, got null$/],
	["sweep", [{ ...small, data: {} }], /^data: expected inputs as Float32Array/],
	["sweep", [{ ...small, data: { name: "x", sampleShape: [2] } }], /^data\.samples: expected a whole number from 1/],
	["sweep", [{ ...small, network: {} }], /^network\.graph: expected a graph/],
	["sweep", [{ ...small, network: "mnist-cnn" }], /^network: expected a network, { graph, state }, got "mnist-cnn"$/],
	[
		"sweep",
		[{ ...small, network: { graph: {}, state: {} } }],
		/^network\.graph\.name: expected a text, got undefined$/,
	],
	["sweep", [{ ...small, network: { graph, state: {} } }], /^network\.state\.parameters: expected a Float32Array/],
	[
		"sweep",
		[{ ...small, network: { graph, state: { parameters: floats(3), statistics: floats(0) } } }],
		/^network\.state: expected the 3190 parameters of mlp-4, got 3$/,
	],
	["sweep", [{ ...small, model: 5 }], /^model: expected a text, got "5"$/],
	["sweep", [{ ...small, weights: folder }], /: is a directory; expected a file$/],
	["sweep", [{ ...small, out: 5 }], /^out: expected a directory, or a function that names one, got "5"$/],
	["sweep", [{ ...small, out: join(folder, "a\0b") }], /^out: expected a directory that can be written/],
	[
		"sweep",
		[{ ...small, to: 5, directions: "interpolate" }],
		/^to: expected a file, init:SEED, a network or the state/,
	],
	[
		"sweep",
		[{ ...small, to: {}, directions: "interpolate" }],
		/^to: expected a file, init:SEED, a network or the state/,
	],
	[
		"sweep",
		[{ ...small, to: { parameters: floats(3), statistics: floats(0) }, directions: "interpolate" }],
		/^to: expected the 1199882 parameters of mnist-cnn, got 3$/,
	],
	["sweep", [{ ...small, section: 5 }], /^section: expected a section, as affineSection makes one, got "5"$/],
	["sweep", [{ ...small, section: {} }], /^section\.vectors: expected a list of at least 1, got undefined$/],
	["sweep", [{ ...small, labels: 5 }], /^labels: expected a list, got "5"$/],
	["sweep", [{ ...small, labels: [1] }], /^labels\[0\]: expected a text, got "1"$/],
	["sweep", [{ ...small, x: null }], /^x: expected { min, max, steps } or "min:max:steps", got null$/],
	["sweep", [{ ...small, signal: 5 }], /^signal: expected an AbortSignal, got "5"$/],
	["sweep", [{ ...small, executor: {} }], /^executor: expected an executor, such as a PoolExecutor, got an object$/],
	["sweep", [{ ...small, onBatch: 5 }], /^onBatch: expected a function, got "5"$/],
	["sweep", [{ ...small, fresh: 5 }], /^fresh: expected true or false, got "5"$/],
	["sweep", [{ ...small, notes: 5 }], /^notes: expected an object of facts for people, got "5"$/],
	["sweep", [{ ...small, fields: [5] }], /^fields: expected one of loss, /],
	["sweep", [{ ...small, loss: 5 }], /^loss: expected one of /],
	["sweepFunction", [], /^options: expected an object, got undefined$/],
	["sweepFunction", [{ parameters: 5, evaluate: () => 0 }], /^parameters: expected a Float32Array or Float64Array/],
	["sweepFunction", [{ parameters: floats(1), evaluate: 5 }], /^evaluate: expected a function, got "5"$/],
	["sweepFunction", [{ parameters: floats(1), evaluate: () => "x" }], /evaluate: expected a number for loss, got "x"/],
	["sweepFunction", [{ parameters: floats(1), evaluate: () => null }], /expected a number for loss, got null/],
	[
		"sweepFunction",
		[{ parameters: floats(1), evaluate: () => 0, directions: [floats(1), floats(1), floats(1)] }],
		/^directions: expected one or two, got 3$/,
	],
	["render", [null], /^surface: expected a surface, as sweep and readRun give one, got null$/],
	["render", [{}], /^surface\.grid: expected a grid, got undefined$/],
	["compare", [], /^runs: expected a list, got undefined$/],
	["compare", [[{ label: "a", surface: {} }]], /^runs\[0\]\.surface\.grid: expected a grid/],
	["measureSurface", [5], /^surface: expected a surface/],
	["surfaceDigest", [5], /^surface: expected a surface/],
	["extrema", [null], /^surface: expected a surface/],
	["formatCsv", [{}], /^surface\.grid: /],
	["readRun", [folder], /: is a directory; expected a file$/],
	["readRun", [5], /^path: expected a text, got "5"$/],
	["readTrajectory", [folder], /: is a directory; expected a file$/],
	["loadData", [5, "test", 1], /^data: expected a text, got "5"$/],
	["loadData", ["mnist"], /^split: expected one of train, test, got undefined$/],
	["loadData", ["mnist", "test"], /^samples: expected a whole number from 1, "all" or { atMost }, got undefined$/],
	["modelByName", [5], /^model: expected a text, got "5"$/],
	["inspect", [{}], /^graph\.name: expected a text, got undefined$/],
	[
		"inspect",
		[{ ...graph, nodes: [{ ...node, op: "conv4d" }] }],
		/^graph\.nodes\[0\]\.op: expected one of .*, got "conv4d"; did you mean conv\d+d\?$/,
	],
	[
		"inspect",
		[{ ...graph, nodes: [{ op: "transpose", inputs: [graph.inputs[0]?.name], output: "part", attributes: {} }] }],
		/^node part \(transpose\): its attributes can't be used/,
	],
	["rescale", [graph, { parameters: floats(3), statistics: floats(0) }, "fc1.weight", 2], /^parameters: expected the/],
	["runTraining", [null], /^options: expected an object, got null$/],
	["runTraining", [{ out: 5 }], /^graph: expected a graph/],
	["runTraining", [{ graph, warmup: 5 }], /^warmup: no such option; did you mean warmUp\?$/],
	["readQueue", [5], /^queue: expected redis:\/\/HOST:PORT, or rediss:\/\/ with TLS, got "5"$/],
];

for (const [index, [call, given, said]] of misuses.entries())
	test(`${call} says what is wrong (${index}): ${said.source}`, async (t) => {
		const error = await t.throwsAsync(async () => untyped[call]?.(...given));
		t.true(isoloss.isIsolossError(error), error?.stack);
		t.regex(String(error?.message), said);
	});

test("train says what is wrong with its first step", async (t) => {
	const error = await t.throwsAsync(async () => isoloss.train({} as isoloss.TrainOptions).next());
	t.true(isoloss.isIsolossError(error));
	t.is(error?.message, "graph: expected a graph, as modelByName makes one, got undefined");
});

test("a queue's options are refused by their names, before anybody is asked", async (t) => {
	const { QueueExecutor, QueueWorker } = isoloss;
	const address = "redis://127.0.0.1:1";
	const refused = async (opening: () => Promise<unknown>, said: RegExp) => {
		const error = await t.throwsAsync(opening);
		t.true(isoloss.isIsolossError(error), error?.stack);
		t.regex(String(error?.message), said);
	};
	await refused(() => QueueExecutor.open(null as never), /^options: expected an object, got null$/);
	await refused(
		() => QueueExecutor.open({ adress: address } as never),
		/^adress: no such option; did you mean address\?$/,
	);
	await refused(
		() => QueueExecutor.open({ address, verify: -1 }),
		/^verify: expected a whole number from 0, got "-1"$/,
	);
	await refused(() => QueueWorker.start({ address, threads: 0 }), /^threads: expected a whole number from 1, got "0"$/);
	await refused(() => QueueWorker.start({ address, threads: 1, lockMs: 0 }), /^lockMs: expected a positive number/);
});

test("options as one writes them on a command line mean the same", async (t) => {
	const written: object = { ...small, samples: "4", x: "0:1:2", y: "none", fields: "loss,accuracy" };
	const { planDigest } = await isoloss.sweep(written);
	t.is(planDigest, (await isoloss.sweep({ ...small, fields: ["loss", "accuracy"] })).planDigest);
});

test("an error tells at most ten thousand characters, however long the names it is about", (t) => {
	const { message } = new isoloss.FileFormatError("a.onnx", "x".repeat(5_600_000));
	t.is(message.length, 10_004);
	t.regex(message, /^a\.onnx: x+ \.\.\.$/);
});
