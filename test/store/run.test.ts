import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { pack, unpackMultiple } from "msgpackr";
import { FileFormatError, RunMismatchError } from "../../src/errors.js";
import { barrier } from "../../src/measure/barrier.js";
import { originValue } from "../../src/measure/measure.js";
import { openRun, readRun, type Store } from "../../src/store/run.js";
import { packHeader, parseRun } from "../../src/store/run-format.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import {
	type BatchResult,
	batchOf,
	emptySurface,
	errorFieldOf,
	record,
	type Surface,
} from "../../src/surface/surface.js";
import { newSurface, provenance, root, temporaryDirectory, valuesOf } from "../fixtures.js";
import { changedBits, isRefused } from "./damage.js";

interface Golden {
	readonly surfaces: Readonly<Record<string, { digest: string; origin: number; barrier: object | null }>>;
}
const golden = JSON.parse(readFileSync(join(root, "test", "golden", "golden.json"), "utf8")) as Golden;

const emptyRun = (plan = {}, extras: number[][] = []) =>
	newSurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 1, steps: 4 }, provenance(plan), extras);

/** The values of a row as a worker gives them, those that are not finite among them. */
function compute(row: number): BatchResult {
	const losses = [row + 0.1, Number.NaN, Number.POSITIVE_INFINITY];
	return { first: 3 * row, count: 3, values: Float64Array.from(losses.flatMap((loss, i) => [loss, i / 3])) };
}

/** Keeps and records values as a sweep does. */
async function keep(run: Store, batch: BatchResult): Promise<void> {
	await run.append(batch);
	record(run.surface, batch);
}

async function writeRows(path: string, rows: readonly number[], fresh = false): Promise<Surface> {
	const run = await openRun(path, emptyRun(), fresh);
	for (const row of rows) {
		await keep(run, compute(row));
	}
	await run.close();
	return run.surface;
}

test("rows come back with every bit, those that are not finite too", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const written = await writeRows(path, [0, 3]);
	const { surface, tornBytes } = await readRun(path);
	t.deepEqual([...surface.done], [1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
	t.deepEqual(surface.fields, written.fields);
	t.deepEqual(surface.provenance, written.provenance);
	t.is(tornBytes, 0);
});

test("parts of rows and points apart from the grid come back", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const run = await openRun(path, emptyRun({}, [[0, 9]]), false);
	await keep(run, { first: 7, count: 2, values: Float64Array.of(1, 2, 3, 4) });
	await keep(run, { first: 12, count: 1, values: Float64Array.of(0.5, 1) });
	await run.close();
	const { surface } = await readRun(path);
	t.deepEqual([...surface.done], [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1]);
	t.deepEqual(surface.extras, [[0, 9]]);
	t.deepEqual(
		[7, 8, 12].map((point) => valuesOf(surface).loss[point]),
		[1, 3, 0.5],
	);
	t.is(valuesOf(surface).accuracy[12], 1);
});

test("interpolated values are marked in the file, in the surface and in its digest, and errors name their field", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const { grid, extras, anchors } = emptyRun();
	const fields = [
		{ name: "loss", label: "loss", unit: "loss" },
		{ name: "loss-error", label: "standard error of loss", unit: "loss", errorOf: "loss" },
	] as const;
	const outline = { grid, extras, anchors, fields, provenance: provenance({}) };
	const write = async (empty: Surface, interpolated: boolean) => {
		const run = await openRun(path, empty, true);
		await keep(run, { first: 0, count: 4, values: Float64Array.of(1, 0.1, 2, 0.2, 3, 0.3, 4, 0.4) });
		await keep(run, {
			first: 4,
			count: 2,
			values: Float64Array.of(5, 0.5, 6, 0.6),
			...(interpolated && { interpolated }),
		});
		await run.close();
		return readRun(path);
	};
	const { surface } = await write(emptySurface({ ...outline, interpolates: true }), true);
	t.deepEqual([...(surface.interpolated ?? [])], [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
	t.is(errorFieldOf(surface, "loss")?.values[5], 0.6);
	const { surface: all } = await write(emptySurface({ ...outline, interpolates: true }), false);
	const { surface: plain } = await write(emptySurface(outline), false);
	t.is(plain.interpolated, undefined);
	t.is(surfaceDigest(all), surfaceDigest(plain), "where nothing is interpolated the digest is that of the values");
	t.not(surfaceDigest(surface), surfaceDigest(plain));
	t.throws(() => record(plain, { first: 0, count: 1, values: Float64Array.of(1, 1), interpolated: true }), {
		instanceOf: RangeError,
	});
});

test("a file cut off at any byte loses only the rows behind the cut, and goes on to the same digest", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const digest = surfaceDigest(await writeRows(path, [0, 1, 2, 3]));
	const whole = await readFile(path);
	const rowBytes = (whole.length - (await headerBytes(t))) / 4;
	for (let length = 0; length <= whole.length; length++) {
		await writeFile(path, whole.subarray(0, length));
		const run = await openRun(path, emptyRun(), false);
		const kept = Math.max(0, Math.floor((length - (whole.length - 4 * rowBytes)) / rowBytes));
		t.is(run.surface.done.filter((mark) => mark === 1).length, 3 * kept, `cut at ${length}`);
		for (let row = kept; row < 4; row++) {
			await keep(run, compute(row));
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

test("a record with a changed byte is named, and its file neither read nor written over", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeRows(path, [0, 1]);
	const bytes = await readFile(path);
	const position = bytes.length - 20;
	bytes[position] = (bytes[position] ?? 0) ^ 1;
	await writeFile(path, bytes);
	const refused = { instanceOf: FileFormatError, message: /damaged from byte \d+ on: its checksum does not fit/ };
	await t.throwsAsync(readRun(path), refused);
	await t.throwsAsync(openRun(path, emptyRun(), false), refused);
	t.deepEqual(await readFile(path), bytes);
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
	await t.throwsAsync(openRun(path, emptyRun({ samples: 2, x: "-1:1:3" }), false), {
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
	await t.throwsAsync(openRun(path, emptyRun(), false), {
		instanceOf: FileFormatError,
		message: /not an isoloss run file/,
	});
	t.is(await readFile(path, "utf8"), "alpha,beta,loss\n0,0,1\n");
	await t.throwsAsync(readRun(`${path}.missing`), { instanceOf: FileFormatError, message: /no such file/ });
	await truncate(path);
	await t.throwsAsync(readRun(path), { instanceOf: FileFormatError, message: /header is cut off/ });
});

for (const [name, expected] of Object.entries(golden.surfaces))
	test(`the run file ${name} of version 1 is read, with the networks on it, and gone on with`, async (t) => {
		const path = join(await temporaryDirectory(t), "run.msgpack");
		const bytes = await readFile(join(root, "test", "golden", "version-1", `${name}.msgpack`));
		await writeFile(path, bytes);
		const { surface, tornBytes, version } = await readRun(path);
		t.is(version, 1);
		t.is(tornBytes, 0);
		t.is(surfaceDigest(surface), expected.digest);
		t.is(originValue(surface), expected.origin);
		t.deepEqual(barrier(surface), expected.barrier);
		// Cut off in its last record, it goes on from there, as a file of the present version.
		await writeFile(path, bytes.subarray(0, bytes.length - 3));
		const torn = (await readRun(path)).surface;
		const lacking = [...torn.done.keys()].filter((point) => torn.done[point] !== 1);
		t.true(lacking.length > 0);
		const run = await openRun(path, { ...torn, done: torn.done.map(() => 0) }, false);
		t.true(run.tornBytes > 0);
		for (const point of lacking) await keep(run, batchOf(surface, point, 1));
		await run.close();
		const again = await readRun(path);
		t.is(again.version, 2);
		t.is(surfaceDigest(again.surface), expected.digest);
		t.is(originValue(again.surface), expected.origin);
		t.deepEqual(again.surface.anchors, surface.anchors);
	});

test("every changed bit of a run file is refused", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	await writeRows(path, [0, 1]);
	const bytes = await readFile(path);
	const believed = changedBits(bytes).filter(([, changed]) => !isRefused(() => parseRun(changed, path)));
	t.deepEqual(
		believed.map(([bit]) => bit),
		[],
	);
});

test("a small file that claims more points than memory holds is refused before any is taken", async (t) => {
	const { bytes } = packHeader({
		...emptyRun(),
		grid: {
			kind: "regular",
			axes: [
				{ min: 0, max: 1, steps: 30_000 },
				{ min: 0, max: 1, steps: 30_000 },
			],
		},
	});
	t.throws(() => parseRun(bytes, "run"), {
		instanceOf: FileFormatError,
		message: /^run: claims 900000000 points, which a file of \d+ bytes can't be about$/,
	});
});

test("a large sweep that has only begun is gone on with, though its file is small", async (t) => {
	const path = join(await temporaryDirectory(t), "run.msgpack");
	const large = () => newSurface({ min: 0, max: 1, steps: 5000 }, { min: 0, max: 1, steps: 4000 });
	const first = await openRun(path, large(), false);
	await keep(first, { first: 3, count: 1, values: Float64Array.of(1, 0.5) });
	await first.close();
	await t.throwsAsync(readRun(path), { instanceOf: FileFormatError, message: /claims 20000000 points/ });
	const second = await openRun(path, large(), false);
	t.is(second.surface.done[3], 1);
	await second.close();
});

test("a file of version 1 with rows that are no rows, or axes that are not its plan's, is not believed", async (t) => {
	const bytes = await readFile(join(root, "test", "golden", "version-1", "line.msgpack"));
	const text = Buffer.from("x");
	t.true(bytes.includes(text));
	const values: unknown[] = unpackMultiple(bytes) as unknown[];
	const [header, row] = values as [Record<string, { steps: number }>, Record<string, unknown>];
	const file = (...records: unknown[]) => Buffer.concat(records.map((record) => pack(record)));
	t.throws(() => parseRun(file({ ...header, x: { ...header.x, steps: 90 } }), "run"), {
		instanceOf: FileFormatError,
		message: /damaged: its axis x is .*:90, its plan says/,
	});
	for (const odd of [{ row: -1 }, { from: -1 }, { from: 0.5 }, { row: 0.5 }])
		t.throws(() => parseRun(file(header, { ...row, ...odd }), "run"), { message: /^run: damaged from byte \d+ on/ });
	// A record that is cut off, or has become zeros, is one that a killed process has left.
	for (let cut = bytes.length; cut > file(header).length + 8; cut--)
		t.notThrows(() => parseRun(bytes.subarray(0, cut), "run"));
	const zeros = Buffer.concat([file(header, row), new Uint8Array(40)]);
	t.is(parseRun(zeros, "run")?.tornBytes, 40);
});

test("what is not a plain file is refused, not waited for", async (t) => {
	if (process.platform === "win32") return t.pass("Windows has no named pipes in folders");
	const path = join(await temporaryDirectory(t), "run.msgpack");
	execFileSync("mkfifo", [path]);
	await t.throwsAsync(readRun(path), { instanceOf: FileFormatError, message: /is no plain file/ });
	return t.throwsAsync(openRun(path, emptyRun(), false), { instanceOf: FileFormatError, message: /is no plain file/ });
});
