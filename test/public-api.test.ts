import { join } from "node:path";
import test from "ava";
import * as isoloss from "../src/index.js";
import { root } from "./fixtures.js";

test("these are the public names; adding one is a decision, taking one away breaks someone", (t) => {
	t.deepEqual(Object.keys(isoloss).sort(), [
		"AlignmentError",
		"FileFormatError",
		"GraphError",
		"InterruptedError",
		"IsolossError",
		"LayoutMismatchError",
		"LockedError",
		"OptionError",
		"PoolExecutor",
		"QueueExecutor",
		"QueueWorker",
		"RunMismatchError",
		"StorageError",
		"WorkerError",
		"affineSection",
		"align",
		"average",
		"axisValues",
		"bottleneckDistance",
		"choosePrecision",
		"compare",
		"connect",
		"curvature",
		"diagramOf",
		"doctor",
		"drawTopology",
		"evaluate",
		"evaluateNetwork",
		"exportDirections",
		"exportParameters",
		"exportTrajectory",
		"extrema",
		"fieldNamed",
		"formatCheckpoint",
		"formatCsv",
		"formatDataInspection",
		"formatInspection",
		"formatMeasures",
		"formatPairs",
		"gridPoints",
		"hasRelaxedSimd",
		"importSurface",
		"initialize",
		"inspect",
		"inspectData",
		"isIsolossError",
		"largestDifference",
		"loadData",
		"measureSurface",
		"measures",
		"modelByName",
		"optimizers",
		"pairedDifference",
		"prepareDirectory",
		"preview",
		"probeNames",
		"readInput",
		"readQueue",
		"readRun",
		"readTrajectory",
		"render",
		"renderEnsemble",
		"renderTraining",
		"rescale",
		"resolveTraining",
		"runTraining",
		"sha256",
		"smad",
		"stillTensors",
		"surfaceDigest",
		"surfaceLosses",
		"sweep",
		"sweepEnsemble",
		"sweepFunction",
		"taskOf",
		"topology",
		"train",
		"version",
		"withoutShortcuts",
		"writeAll",
		"writeRun",
		"writeWhole",
	]);
});

test("one call sweeps without writing anything", async (t) => {
	const done: number[] = [];
	const { surface, digest, origin, files, computed } = await isoloss.sweep({
		samples: 4,
		x: { min: -1, max: 1, steps: 3 },
		y: { min: -1, max: 1, steps: 3 },
		threads: 2,
		onBatch: ({ first, count }) => done.push(...Array.from({ length: count }, (_, i) => first + i)),
	});
	t.deepEqual(done.sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
	t.is(computed, 9);
	t.deepEqual(files, []);
	t.is(digest, isoloss.surfaceDigest(surface));
	t.is(origin.loss, isoloss.fieldNamed(surface, "loss").values[4]);
});

test("sweeps on one pool give what each gives alone, and the pool counts the threads", async (t) => {
	const options = { samples: 4, x: { min: -1, max: 1, steps: 3 }, y: null };
	const pool = new isoloss.PoolExecutor({ threads: 2 });
	t.teardown(() => pool.close());
	for (const seed of [1, 2]) {
		const { digest, threads } = await isoloss.sweep({ ...options, seed, executor: pool });
		t.is(threads, 2);
		t.is(digest, (await isoloss.sweep({ ...options, seed, threads: 1 })).digest);
	}
	t.throws(() => new isoloss.PoolExecutor({ threads: 0 }), { instanceOf: isoloss.OptionError, message: /^threads: / });
});

test("data with fewer samples than are taken by default are taken whole", async (t) => {
	const corpus = join(root, "test", "corpus", "pytorch", "regression");
	const options = { model: join(corpus, "a.onnx"), data: join(corpus, "data.npz"), threads: 1, y: null };
	const { samples } = await isoloss.sweep({ ...options, x: { min: -1, max: 1, steps: 2 } });
	t.is(samples, 180);
	await t.throwsAsync(isoloss.sweep({ ...options, samples: 181 }), { message: /^samples: expected at most 180/ });
});

test("options that the types rule out are refused at run time too", async (t) => {
	const refused = async (options: object, message: RegExp) =>
		t.throwsAsync(isoloss.sweep(options), { instanceOf: isoloss.OptionError, message });
	await refused({ threads: 1.5 }, /^threads: /);
	await refused({ samples: -1 }, /^samples: /);
	await refused({ norm: "l2" }, /^norm: /);
	await refused({ x: { min: 0, max: Number.NaN, steps: 3 } }, /^x: /);
	await refused({ x: { min: 0, max: 1, steps: 1e6 }, y: { min: 0, max: 1, steps: 1e6 } }, /at most 100000000 points/);
});

test("a loss of one's own is a module that workers load, and part of the plan", async (t) => {
	const small = { samples: 8, x: { min: 0, max: 1, steps: 2 }, y: null, threads: 1 } as const;
	const usual = await isoloss.sweep(small);
	const own = await isoloss.sweep({ ...small, loss: new URL("./objective/own-loss.js", import.meta.url) });
	for (const [i, loss] of isoloss.fieldNamed(usual.surface, "loss").values.entries())
		t.true(Math.abs((isoloss.fieldNamed(own.surface, "loss").values[i] ?? 0) / (3 * loss) - 1) < 1e-12);
	t.regex(String(own.plan.loss), /^own [0-9a-f]{64}$/);
	await t.throwsAsync(isoloss.sweep({ ...small, loss: new URL("./none.js", import.meta.url) }), {
		instanceOf: isoloss.OptionError,
		message: /^loss: .*none.js: no such file/,
	});
});
