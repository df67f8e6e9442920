import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { FileFormatError, RunMismatchError } from "../../src/errors.js";
import { openRun, readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { emptySurface, type Surface } from "../../src/surface/surface.js";
import { provenance, temporaryDirectory } from "../fixtures.js";

const newSurface = (plan = {}) =>
	emptySurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 1, steps: 4 }, provenance(plan));

/** Fills a row as a worker would, with values that include those that are not finite. */
function compute(surface: Surface, row: number): void {
	for (let column = 0; column < 3; column++) {
		surface.loss[row * 3 + column] = [row + 0.1, Number.NaN, Number.POSITIVE_INFINITY][column] ?? 0;
		surface.metric[row * 3 + column] = column / 3;
	}
}

async function writeRows(path: string, rows: readonly number[], fresh = false): Promise<Surface> {
	const run = await openRun(path, newSurface(), fresh);
	for (const row of rows) {
		compute(run.surface, row);
		await run.appendRow({ row, from: 0, to: 3 });
	}
	await run.close();
	return run.surface;
}

test("rows come back with every bit, those that are not finite too", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const written = await writeRows(path, [0, 3]);
	const { surface, origin, tornBytes } = await readRun(path);
	t.deepEqual([...surface.done], [1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
	t.deepEqual(surface.loss, written.loss);
	t.deepEqual(surface.metric, written.metric);
	t.deepEqual(surface.provenance, written.provenance);
	t.is(origin, null);
	t.is(tornBytes, 0);
});

test("parts of rows and the origin come back", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const run = await openRun(path, newSurface(), false);
	compute(run.surface, 2);
	await run.appendRow({ row: 2, from: 1, to: 3 });
	await run.appendOrigin({ loss: 0.5, metric: 1 });
	await run.close();
	const { surface, origin } = await readRun(path);
	t.deepEqual([...surface.done], [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]);
	t.deepEqual(origin, { loss: 0.5, metric: 1 });
});

test("a file cut off at any byte loses only the rows behind the cut, and goes on to the same digest", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const digest = surfaceDigest(await writeRows(path, [0, 1, 2, 3]));
	const whole = await readFile(path);
	const rowBytes = (whole.length - (await headerBytes(t))) / 4;
	for (let length = 0; length <= whole.length; length++) {
		await writeFile(path, whole.subarray(0, length));
		const run = await openRun(path, newSurface(), false);
		const kept = Math.max(0, Math.floor((length - (whole.length - 4 * rowBytes)) / rowBytes));
		t.is(run.surface.done.filter((mark) => mark === 1).length, 3 * kept, `cut at ${length}`);
		for (let row = kept; row < 4; row++) {
			compute(run.surface, row);
			await run.appendRow({ row, from: 0, to: 3 });
		}
		await run.close();
		t.is(surfaceDigest((await readRun(path)).surface), digest, `cut at ${length}`);
	}
});

async function headerBytes(t: Parameters<typeof temporaryDirectory>[0]): Promise<number> {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeRows(path, []);
	return (await readFile(path)).length;
}

test("a record with a changed byte is dropped with what follows, never read as values", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeRows(path, [0, 1]);
	const bytes = await readFile(path);
	const position = bytes.length - 20;
	bytes[position] = (bytes[position] ?? 0) ^ 1;
	await writeFile(path, bytes);
	const { surface, tornBytes } = await readRun(path);
	t.deepEqual([...surface.done.subarray(0, 6)], [1, 1, 1, 0, 0, 0]);
	t.true(tornBytes > 0);
});

test("zeros that a crash of the machine left at the end are dropped", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeRows(path, [0]);
	await appendFile(path, new Uint8Array(64));
	t.is((await readRun(path)).tornBytes, 64);
	await writeRows(path, [1]);
	const { surface, tornBytes } = await readRun(path);
	t.is(tornBytes, 0);
	t.is(surface.done.filter((mark) => mark === 1).length, 6);
});

test("a file of another plan is refused by what differs, and left as it is", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeRows(path, [0]);
	const before = await readFile(path);
	await t.throwsAsync(openRun(path, newSurface({ samples: 2, x: "-1:1:3" }), false), {
		instanceOf: RunMismatchError,
		message: /samples: 1 there, 2 here; x: 0:1:2 there, -1:1:3 here/,
	});
	t.deepEqual(await readFile(path), before);
});

test("starting fresh forgets what the file held", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeRows(path, [0, 1]);
	await writeRows(path, [], true);
	t.is((await readRun(path)).surface.done.indexOf(1), -1);
});

test("a file that is no run file is refused and left alone", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeFile(path, "alpha,beta,loss\n0,0,1\n");
	await t.throwsAsync(openRun(path, newSurface(), false), {
		instanceOf: FileFormatError,
		message: /not an isoloss run file/,
	});
	t.is(await readFile(path, "utf8"), "alpha,beta,loss\n0,0,1\n");
	await t.throwsAsync(readRun(`${path}.missing`), { instanceOf: FileFormatError, message: /no such file/ });
	await truncate(path);
	await t.throwsAsync(readRun(path), { instanceOf: FileFormatError, message: /header is cut off/ });
});
