import test from "ava";
import * as isoloss from "../src/index.js";

test("these are the public names; adding one is a decision, taking one away breaks someone", (t) => {
	t.deepEqual(Object.keys(isoloss).sort(), [
		"FileFormatError",
		"GraphError",
		"InterruptedError",
		"IsolossError",
		"LayoutMismatchError",
		"OptionError",
		"RunMismatchError",
		"WorkerError",
		"axisValues",
		"compare",
		"evaluateNetwork",
		"extrema",
		"formatCheckpoint",
		"formatCsv",
		"formatMeasures",
		"loadData",
		"measureSurface",
		"measures",
		"modelByName",
		"readRun",
		"readTrajectory",
		"render",
		"renderTraining",
		"rescale",
		"runTraining",
		"surfaceDigest",
		"sweep",
		"train",
		"version",
	]);
});

test("one call sweeps without writing anything", async (t) => {
	const rows: number[] = [];
	const { surface, digest, origin, files, computed } = await isoloss.sweep({
		samples: 4,
		x: { min: -1, max: 1, steps: 3 },
		y: { min: -1, max: 1, steps: 3 },
		threads: 2,
		onRow: ({ row }) => rows.push(row),
	});
	t.deepEqual([...new Set(rows)].sort(), [0, 1, 2]);
	t.is(computed, 9);
	t.deepEqual(files, []);
	t.is(digest, isoloss.surfaceDigest(surface));
	t.is(origin.loss, surface.loss[4] ?? Number.NaN);
});

test("options that the types rule out are refused at run time too", async (t) => {
	const refused = async (options: object, message: RegExp) =>
		t.throwsAsync(isoloss.sweep(options), { instanceOf: isoloss.OptionError, message });
	await refused({ threads: 1.5 }, /^--threads: /);
	await refused({ samples: -1 }, /^--samples: /);
	await refused({ norm: "l2" }, /^--norm: /);
	await refused({ x: { min: 0, max: Number.NaN, steps: 3 } }, /^--x: /);
	await refused({ x: { min: 0, max: 1, steps: 1e6 }, y: { min: 0, max: 1, steps: 1e6 } }, /at most 100000000 points/);
});
