import { join } from "node:path";
import test from "ava";
import { InterruptedError, OptionError, RunMismatchError } from "../../src/errors.js";
import { type FunctionOptions, sweepFunction } from "../../src/run/function.js";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { temporaryDirectory } from "../fixtures.js";

const axis = { min: -1, max: 1, steps: 33 };
/** A valley along a bent line, whose loss is above 0. */
const valley: FunctionOptions<Float64Array> = {
	name: "valley",
	parameters: Float64Array.of(0, 0),
	directions: [Float64Array.of(1, 0), Float64Array.of(0, 1)],
	evaluate: ([x = 0, y = 0]) => 0.01 + (y - Math.abs(x)) ** 2 + 0.1 * x * x,
	x: axis,
	y: axis,
};

test("what is computed is as without, what is interpolated is marked in surface and file, and its report counts both", async (t) => {
	const out = await temporaryDirectory(t);
	const whole = await sweepFunction(valley);
	let computed = 0;
	const { surface, adaptive, digest, planDigest } = await sweepFunction({
		...valley,
		adaptive: true,
		out,
		onBatch: ({ count, interpolated = false }) => {
			computed += interpolated ? 0 : count;
		},
	});
	t.is(whole.adaptive, null);
	t.not(planDigest, whole.planDigest);
	t.not(digest, whole.digest);
	t.is(adaptive?.points, 33 * 33);
	t.is(adaptive?.evaluated, computed);
	t.true(surface.done.every((mark) => mark === 1));
	const marks = surface.interpolated ?? new Uint8Array();
	t.is(marks.filter((mark) => mark === 0).length, computed, "the origin is on the grid: no further point is computed");
	const expected = whole.surface.fields[0]?.values ?? [];
	const found = surface.fields[0]?.values ?? [];
	t.true(marks.every((mark, point) => mark === 1 || found[point] === expected[point]));
	const stored = await readRun(join(out, "run.msgpack"));
	t.is(surfaceDigest(stored.surface), digest);
	t.deepEqual(stored.surface.interpolated, surface.interpolated);
});

test("stopped after any round and gone on with, it comes to the same digest and the same report", async (t) => {
	const out = await temporaryDirectory(t);
	const expected = await sweepFunction({ ...valley, adaptive: true });
	for (let starts = 0; ; starts++) {
		const controller = new AbortController();
		let batches = 0;
		const stopped = sweepFunction({
			...valley,
			adaptive: true,
			out,
			signal: controller.signal,
			onBatch: () => {
				if (++batches === 40) controller.abort();
			},
		});
		const result = await stopped.catch((error: unknown) => t.true(error instanceof InterruptedError));
		if (typeof result !== "object" || result === null) continue;
		t.true(starts >= 3);
		t.is(result.digest, expected.digest);
		t.deepEqual(result.adaptive, expected.adaptive);
		break;
	}
	const again = await sweepFunction({ ...valley, adaptive: true, out });
	t.is(again.computed, 0);
	t.deepEqual(again.adaptive, expected.adaptive);
});

test("where every point needs to be computed the digest is that of the whole grid", async (t) => {
	const noise = { ...valley, evaluate: ([x = 0, y = 0]: Float64Array) => 2 + Math.sin(1e5 * x + 1e6 * y) };
	const [whole, adaptive] = [await sweepFunction(noise), await sweepFunction({ ...noise, adaptive: 1e-6 })];
	t.is(adaptive.adaptive?.evaluated, 33 * 33);
	t.is(adaptive.digest, whole.digest);
});

test("every field is interpolated, shares within 0 and 1, and a field that is not finite has its surroundings computed", async (t) => {
	const fields = [
		{ name: "loss", label: "loss", unit: "loss" },
		{ name: "share", label: "share", unit: "fraction" },
		{ name: "holed", label: "holed", unit: "none" },
	] as const;
	const { surface } = await sweepFunction({
		...valley,
		fields,
		evaluate: ([x = 0, y = 0]) => ({
			loss: 1 + x * x + y * y,
			share: x > 0.1 ? 1 : 0,
			holed: x === 0 && y === 0 ? Number.NaN : x,
		}),
		adaptive: true,
	});
	const [, share, holed] = surface.fields;
	t.true(share?.values.every((value) => value >= 0 && value <= 1));
	t.is(holed?.values.filter(Number.isNaN).length, 1);
	const middle = 16 * 33 + 16;
	for (const point of [middle, middle + 1, middle - 1, middle + 33, middle - 33])
		t.is(surface.interpolated?.[point], 0);
	const between = surface.interpolated?.indexOf(1) ?? -1;
	t.true(Math.abs((holed?.values[between] ?? Number.NaN) - (-1 + (2 * (between % 33)) / 32)) < 1e-12);
});

test("a sweep that is not adaptive, or to another tolerance, is another run; what has no levels is refused in a line", async (t) => {
	const out = await temporaryDirectory(t);
	await sweepFunction({ ...valley, adaptive: 0.25, out });
	await t.throwsAsync(sweepFunction({ ...valley, adaptive: true, out }), {
		instanceOf: RunMismatchError,
		message: /adaptive: 0\.25 cells, rule 1 there, 0\.5 cells, rule 1 here/,
	});
	await t.throwsAsync(sweepFunction({ ...valley, out }), {
		instanceOf: RunMismatchError,
		message: /adaptive: 0\.25 cells, rule 1 there, none here/,
	});
	const odd = { ...valley, adaptive: true, x: { ...axis, steps: 24 } };
	await t.throwsAsync(sweepFunction(odd), { instanceOf: OptionError, message: /^adaptive: .*got 24; 25 is near$/ });
	await t.throwsAsync(sweepFunction({ ...valley, adaptive: 0 }), { instanceOf: OptionError, message: /^adaptive: / });
});
