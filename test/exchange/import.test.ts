import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { FileFormatError, RunMismatchError } from "../../src/errors.js";
import { importSurface } from "../../src/exchange/import.js";
import { writeRun } from "../../src/exchange/write-run.js";
import { exportSurface } from "../../src/export/index.js";
import { formatHdf5, type Hdf5Array } from "../../src/formats/format-hdf5.js";
import { formatNpz } from "../../src/formats/npz.js";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { originPoint, type Surface } from "../../src/surface/surface.js";
import { newSurface, temporaryDirectory, valuesOf } from "../fixtures.js";

const doubles = (...values: number[]): Hdf5Array => ({ shape: [values.length], values: Float64Array.from(values) });

/** A file of the reference code on 3 × 2 points. */
async function referenceFile(t: ExecutionContext, arrays: Record<string, Hdf5Array | string>): Promise<string> {
	const path = join(await temporaryDirectory(t), "surface.h5");
	const axes = { xcoordinates: doubles(-1, 0, 1), ycoordinates: doubles(0, 2) };
	await writeFile(path, await formatHdf5({ datasets: new Map(Object.entries({ ...axes, ...arrays })) }));
	return path;
}

function fieldsOf({ fields }: Surface) {
	return Object.fromEntries(fields.map(({ name, values }) => [name, [...values]]));
}

test("training and test values of one file are fields of their own, shares from per cent", async (t) => {
	const path = await referenceFile(t, {
		train_loss: doubles(1, 2, 3, 4, 5, 6),
		train_acc: doubles(100, 50, 25, 12.5, 0, 75),
		test_loss: doubles(2, 3, 4, 5, 6, -1),
		test_acc: doubles(50, 25, 12.5, 0, 75, -1),
		max_eig: doubles(9, 8, 7, 6, 5, 4),
		extra: doubles(1),
	});
	const surface = await importSurface(path);
	t.deepEqual(fieldsOf(surface), {
		loss: [1, 2, 3, 4, 5, 6],
		"test-loss": [2, 3, 4, 5, 6, Number.NaN],
		accuracy: [1, 0.5, 0.25, 0.125, 0, 0.75],
		"test-accuracy": [0.5, 0.25, 0.125, 0, 0.75, Number.NaN],
		"max-eigenvalue": [9, 8, 7, 6, 5, 4],
	});
	t.deepEqual(
		surface.fields.map(({ unit }) => unit),
		["loss", "loss", "fraction", "fraction", "derivative"],
	);
	t.true(surface.provenance.assumptions.includes("left out: extra"));
	t.true(surface.provenance.assumptions.includes("test_loss is NaN at 1 points where it alone is not computed"));
	t.is(surface.provenance.plan.split, "both");
	t.regex(String(surface.provenance.plan.imported), /^[0-9a-f]{64}$/);
});

test("-1 is no value, unless losses go below 0, when it has to be said", async (t) => {
	const loss = doubles(-2, -1, 0, 1, 2, 3);
	const negative = await referenceFile(t, { train_loss: loss });
	await t.throwsAsync(importSurface(negative), {
		instanceOf: FileFormatError,
		message:
			/train_loss goes below 0 \(-2\), so that -1 may be a value or stand for none; say --missing -1 or --missing none$/,
	});
	t.deepEqual([...(await importSurface(negative, { missing: null })).done], [1, 1, 1, 1, 1, 1]);
	t.deepEqual([...(await importSurface(negative, { missing: -1 })).done], [1, 0, 1, 1, 1, 1]);
	const plain = await referenceFile(t, { train_loss: doubles(0, -1, 2, 3, 4, 5) });
	t.deepEqual([...(await importSurface(plain)).done], [1, 0, 1, 1, 1, 1], "0 is a value, -1 none");
});

test("a file that holds no surface says what it holds", async (t) => {
	const refused = async (contents: Record<string, Hdf5Array | string>, message: RegExp) => {
		const path = join(await temporaryDirectory(t), "other.h5");
		await writeFile(path, await formatHdf5({ datasets: new Map(Object.entries(contents)) }));
		await t.throwsAsync(importSurface(path), { instanceOf: FileFormatError, message });
	};
	await refused(
		{ losses: doubles(1), acc: doubles(2) },
		/expected xcoordinates, ycoordinates and one of train_loss, .*got keys (losses, acc|acc, losses)$/,
	);
	await refused({ loss_0_0: doubles(1), loss_0_1: doubles(2) }, /as nreHieW\/loss writes them, without coordinates/);
	await refused({ proj_xcoord: doubles(1), proj_ycoord: doubles(1) }, /give it as --trajectory/);
	await refused(
		{ xcoordinates: doubles(0, 1, 3), train_loss: doubles(1, 2, 3) },
		/xcoordinates that rise in even steps, got 1 as number 2 of 3/,
	);
	await refused({ xcoordinates: doubles(1, 0, -1), train_loss: doubles(1, 2, 3) }, /rise in even steps/);
	await refused(
		{ xcoordinates: doubles(0, 1), train_loss: doubles(1, 2, 3) },
		/expected 2 values of train_loss, one a point, got \[3\]/,
	);
});

test("arrays that NumPy saved without us are a surface, the loss first", async (t) => {
	const path = join(await temporaryDirectory(t), "plain.npz");
	const array = (shape: number[], ...values: number[]) => ({ shape, values: Float64Array.from(values) });
	const arrays = { x: array([2], 0, 1), y: array([3], -1, 0, 1), accuracy: array([3, 2], 1, 2, 3, 4, 5, 6) };
	const loss = array([3, 2], 9, 8, Number.NaN, 6, 5, 4);
	await writeFile(path, formatNpz(new Map(Object.entries({ ...arrays, loss, other: array([2], 1, 1) }))));
	const surface = await importSurface(path);
	t.deepEqual(fieldsOf(surface), { loss: [...loss.values], accuracy: [1, 2, 3, 4, 5, 6] });
	t.deepEqual([...surface.done], [1, 1, 1, 1, 1, 1], "NaN is a value");
	t.is(surface.provenance.plan.model, "plain");
	t.deepEqual(surface.provenance.assumptions, ["left out: other"]);
});

test("a table is read whatever the order of its rows, and a row that lacks a value or comes twice is named", async (t) => {
	const path = join(await temporaryDirectory(t), "table.csv");
	const read = async (text: string) => {
		await writeFile(path, text);
		return importSurface(path);
	};
	const surface = await read("x;y;loss\n1;0;2,5\n0;0;1,5\n1;1;inf\n");
	t.deepEqual(fieldsOf(surface), { loss: [1.5, 2.5, Number.NaN, Number.POSITIVE_INFINITY] });
	t.deepEqual([...surface.done], [1, 1, 0, 1]);
	await t.throwsAsync(read("alpha,loss,accuracy\n0,1,1\n1,2,\n"), {
		message: /line 3: holds some fields of a point, and not the others/,
	});
	await t.throwsAsync(read("alpha,loss\n0,1\n0,2\n1,1\n"), { message: /line 3: holds the point \(0, 0\) again/ });
	await t.throwsAsync(read("a,b\n0,1\n"), { message: /expected columns alpha, beta and fields, got a, b/ });
	await t.throwsAsync(read("alpha,loss\n0,1\n1,one\n"), {
		message: /line 3: expected a number in column loss, got "one"/,
	});
	// Two thousand rows on a diagonal would be four million points.
	const diagonal = Array.from({ length: 6000 }, (_, i) => `${i},${i},1`).join("\n");
	await t.throwsAsync(read(`alpha,beta,loss\n${diagonal}\n`), { message: /its 6000 rows would be 36000000 points/ });
});

test("an export whose values have been changed is a surface of that file, and says so", async (t) => {
	const directory = await temporaryDirectory(t);
	const surface = newSurface({ min: 0, max: 1, steps: 3 }, null);
	valuesOf(surface).loss.set([1, 2, 3]);
	valuesOf(surface).accuracy.set([0.07, 0.29, 0.58]);
	surface.done.fill(1);
	const path = join(directory, "surface.json");
	const text = String(await exportSurface(surface, path));
	await writeFile(path, text.replace("[1, 2, 3]", "[1, 2, 4]"));
	const back = await importSurface(path);
	t.deepEqual(fieldsOf(back).loss, [1, 2, 4]);
	t.is(back.provenance.assumptions[0], "its values are not those that isoloss wrote: they have been changed since");
	t.is(back.provenance.plan.precision, undefined);
	await writeFile(path, text.replace("[1, 2, 3]", "[1, 2]"));
	await t.throwsAsync(importSurface(path), { message: /values.loss: expected 3 values$/ });
	await writeFile(path, text.replace('"steps":3', '"steps":1000000000000'));
	await t.throwsAsync(importSurface(path), { message: /claims 1000000000000 points, more than it has room for/ });
	await writeFile(path, text.replace('"version": 1', '"version": 9'));
	await t.throwsAsync(importSurface(path), { message: /is of version 9; this isoloss reads version 1/ });
});

test("per cent that no longer agree with our own shares are told, with what to do", async (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 2 }, null);
	valuesOf(surface).loss.set([1, 2]);
	valuesOf(surface).accuracy.set([0.07, 0.29]);
	surface.done.fill(1);
	const { readHdf5Exactly } = await import("../../src/formats/hdf5.js");
	const bytes = (await exportSurface(surface, "a.h5")) as Uint8Array;
	const { arrays, texts } = readHdf5Exactly(bytes, "a.h5");
	// 0.07 and 0.29 are shares of which a hundred times is no round number: 7.000000000000001 and 28.999999999999996.
	t.deepEqual([...(arrays.get("train_acc")?.values ?? [])], [7.000000000000001, 28.999999999999996]);
	const changed = new Map<string, Hdf5Array | string>([...(arrays as Map<string, Hdf5Array>), ...texts]);
	changed.set("train_acc", doubles(7, 29));
	const path = join(await temporaryDirectory(t), "changed.h5");
	await writeFile(path, await formatHdf5({ datasets: changed }));
	await t.throwsAsync(importSurface(path), {
		message: /train_acc is not what the group isoloss has at point 0; delete the group to read train_acc alone/,
	});
	for (const key of [...changed.keys()]) if (key.startsWith("isoloss/")) changed.delete(key);
	await writeFile(path, await formatHdf5({ datasets: changed }));
	t.deepEqual(fieldsOf(await importSurface(path)).accuracy, [0.07, 0.29]);
});

test("a trajectory's places are drawn as they are, and nothing else is said of its networks", async (t) => {
	const path = await referenceFile(t, { train_loss: doubles(1, 2, 3, 4, 5, 6) });
	const trajectory = join(await temporaryDirectory(t), "proj.h5");
	await writeFile(
		trajectory,
		await formatHdf5({
			datasets: new Map([
				["proj_xcoord", doubles(-1, 0)],
				["proj_ycoord", doubles(1.5, 0)],
			]),
		}),
	);
	const surface = await importSurface(path, { trajectory });
	t.deepEqual(
		surface.trajectories?.paths[0]?.points.map(({ at }) => at),
		[
			[-1, 1.5],
			[0, 0],
		],
	);
	t.true(
		surface.trajectories?.paths[0]?.points.every(
			({ loss, offPlaneShare }) => Number.isNaN(loss) && Number.isNaN(offPlaneShare),
		),
	);
	t.is(originPoint(surface), 1);
	await t.throwsAsync(importSurface(path, { trajectory: path }), {
		message: /expected proj_xcoord and proj_ycoord, got keys/,
	});
});

test("a directory that holds another run is left as it is", async (t) => {
	const directory = await temporaryDirectory(t);
	const a = await importSurface(await referenceFile(t, { train_loss: doubles(1, 2, 3, 4, 5, 6) }));
	const b = await importSurface(await referenceFile(t, { train_loss: doubles(1, 2, 3, 4, 5, 7) }));
	await writeRun(directory, a);
	await writeRun(directory, a);
	await t.throwsAsync(writeRun(directory, b), { instanceOf: RunMismatchError, message: /imported: [0-9a-f]{8} there/ });
	await writeRun(directory, b, true);
	t.not(surfaceDigest(a), surfaceDigest(b));
	const earlier = { ...b, done: b.done.map((_, point) => (point < 4 ? 1 : 0)) };
	await t.throwsAsync(writeRun(directory, earlier), { message: /2 points are computed there and not here/ });
	t.deepEqual((await readRun(join(directory, "run.msgpack"))).surface, b);
});
