import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { surfaceDigest } from "../../src/surface/digest.js";
import { axisValue, axisValues, regularGrid } from "../../src/surface/grid.js";
import { extrema, originPoint, record } from "../../src/surface/surface.js";
import { newSurface, valuesOf } from "../fixtures.js";

test("an axis has exact ends, and an exact zero in the middle of a symmetric range", (t) => {
	t.deepEqual([...axisValues({ min: -1, max: 1, steps: 5 })], [-1, -0.5, 0, 0.5, 1]);
	t.is(axisValue({ min: -25e6, max: 25e6, steps: 11 }, 5), 0);
	t.is(axisValue({ min: -0.5, max: 1.5, steps: 41 }, 10), 0);
	t.is(axisValue({ min: -0.5, max: 1.5, steps: 41 }, 30), 1);
	fc.assert(
		fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 99 }), (half, steps) => {
			const values = axisValues({ min: -half, max: half, steps });
			return values.every((value, i) => value === -(values[steps - 1 - i] ?? 0)) && values[steps - 1] === half;
		}),
	);
});

test("a missing axis has the one value 0", (t) => {
	t.deepEqual([...axisValues(null)], [0]);
});

test("a new surface has no point done and no value", (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 3 }, { min: 0, max: 1, steps: 2 });
	t.is(valuesOf(surface).loss.length, 6);
	t.true(valuesOf(surface).loss.every(Number.isNaN));
	t.true(surface.done.every((mark) => mark === 0));
	t.is(extrema(surface, "loss"), null);
});

test("an interpolated value is no extremum", (t) => {
	const surface = newSurface({ min: -1, max: 1, steps: 3 }, null);
	surface.fields[0]?.values.set([3, 1, 2]);
	surface.done.fill(1);
	const found = extrema({ ...surface, interpolated: Uint8Array.of(0, 1, 0) }, "loss");
	t.is(found?.min.value, 2);
	t.is(found?.min.alpha, 1);
});

test("extrema are the finite ones among the points done, with their place", (t) => {
	const surface = newSurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 1, steps: 2 });
	valuesOf(surface).loss.set([Number.NaN, 5, Number.POSITIVE_INFINITY, -100, 2, 7]);
	surface.done.set([1, 1, 1, 0, 1, 1]);
	t.deepEqual(extrema(surface, "loss"), {
		min: { value: 2, alpha: 0, beta: 1 },
		max: { value: 7, alpha: 1, beta: 1 },
	});
});

test("the origin is found where the grid holds it", (t) => {
	const origin = (xSteps: number, ySteps: number | null, extras: number[][] = []) => {
		const y = ySteps === null ? null : { min: -2, max: 2, steps: ySteps };
		return originPoint({ grid: regularGrid({ min: -1, max: 1, steps: xSteps }, y), extras });
	};
	t.is(origin(3, 5), 7);
	t.is(origin(4, null), -1);
	t.is(origin(3, null), 1);
	t.is(origin(4, null, [[1], [0]]), 5, "the second point after the four of the grid");
});

test("the digest is SHA-256 over loss, then metric, with one bit pattern for every NaN", (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 2 }, null);
	valuesOf(surface).loss.set([1, Number.NaN]);
	valuesOf(surface).accuracy.set([0.5, Number.NEGATIVE_INFINITY]);
	// Written out by hand: 1 is 3ff0..., the canonical NaN 7ff8..., 0.5 3fe0..., -Infinity fff0..., each little-endian.
	const bytes = Buffer.from(`000000000000f03f${"000000000000f87f"}000000000000e03f000000000000f0ff`, "hex");
	const expected = createHash("sha256").update(bytes).digest("hex");
	t.is(surfaceDigest(surface), expected);
	// A NaN with its sign and a payload set.
	new DataView(valuesOf(surface).loss.buffer).setBigUint64(8, 0xfff8000000000123n, true);
	t.is(surfaceDigest(surface), expected);
});

test("values are recorded at their points, field by field, and only those points are done", (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 3 }, null, undefined, [[0.5]]);
	record(surface, { first: 2, count: 2, values: Float64Array.of(1, 0.25, 2, 0.5) });
	t.deepEqual([...valuesOf(surface).loss], [Number.NaN, Number.NaN, 1, 2]);
	t.deepEqual([...valuesOf(surface).accuracy], [Number.NaN, Number.NaN, 0.25, 0.5]);
	t.deepEqual([...surface.done], [0, 0, 1, 1]);
});
