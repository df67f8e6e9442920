import test from "ava";
import fc from "fast-check";
import { type Axis, gridPoints, regularGrid } from "../../src/surface/grid.js";
import { coarseToFine, firstPointsFirst, missing } from "../../src/sweep/plan.js";

const axis = (steps: number): Axis => ({ min: 0, max: 1, steps });
const surface = (columns: number, rows: number | null, done: Uint8Array) => ({
	grid: regularGrid(axis(columns), rows === null ? null : axis(rows)),
	done,
});

test("rows go coarse to fine: both ends, then the middle of every gap", (t) => {
	t.deepEqual(coarseToFine(9), [0, 8, 4, 2, 6, 1, 3, 5, 7]);
	t.deepEqual(coarseToFine(1), [0]);
	t.deepEqual(coarseToFine(2), [0, 1]);
});

test("whole rows are batches where there are enough of them", (t) => {
	t.deepEqual(
		missing(surface(5, 4, new Uint8Array(20)), 2),
		[0, 15, 5, 10].map((first) => ({ first, count: 5 })),
	);
});

test("the rows left over are split evenly among all slots", (t) => {
	t.deepEqual(missing(surface(6, 3, new Uint8Array(18)), 2), [
		{ first: 0, count: 6 },
		{ first: 12, count: 6 },
		{ first: 6, count: 3 },
		{ first: 9, count: 3 },
	]);
});

test("a line is cut into parts of at most four points", (t) => {
	const plan = missing(surface(41, null, new Uint8Array(41)), 1);
	t.true(plan.every(({ count }) => count <= 4));
	t.is(plan.length, 11);
});

test("only what is missing is planned, extra points last", (t) => {
	const done = Uint8Array.from([1, 0, 0, 1, 1, 1, 1, 1, 0, 0]);
	t.deepEqual(missing(surface(3, 3, done), 1), [
		{ first: 1, count: 2 },
		{ first: 8, count: 1 },
		{ first: 9, count: 1 },
	]);
	t.deepEqual(
		missing(
			surface(
				3,
				3,
				done.map(() => 1),
			),
			4,
		),
		[],
	);
});

test("whatever is done already and however many slots there are, each missing point is planned once", (t) => {
	const size = fc.record({
		columns: fc.integer({ min: 2, max: 9 }),
		rows: fc.option(fc.integer({ min: 2, max: 9 }), { nil: null }),
		extras: fc.integer({ min: 0, max: 2 }),
	});
	const given = size.chain(({ columns, rows, extras }) => {
		const { grid } = surface(columns, rows, new Uint8Array());
		const length = gridPoints(grid) + extras;
		const done = fc.uint8Array({ min: 0, max: 1, minLength: length, maxLength: length });
		return fc.record({ grid: fc.constant(grid), done });
	});
	fc.assert(
		fc.property(given, fc.integer({ min: 1, max: 20 }), ({ grid, done }, slots) => {
			const planned = Uint8Array.from(done);
			for (const { first, count } of missing({ grid, done }, slots))
				for (let point = first; point < first + count; point++) planned[point] = (planned[point] ?? 0) + 1;
			return planned.every((count) => count === 1);
		}),
	);
	t.pass();
});

test("each slot begins with a point by itself of a long batch, and the same points are done, each once", (t) => {
	t.deepEqual(firstPointsFirst(missing(surface(5, 4, new Uint8Array(20)), 2), 2), [
		{ first: 0, count: 1 },
		{ first: 15, count: 1 },
		{ first: 1, count: 4 },
		{ first: 16, count: 4 },
		{ first: 5, count: 5 },
		{ first: 10, count: 5 },
	]);
	const line = missing(surface(8, null, new Uint8Array(8)), 2);
	t.deepEqual(firstPointsFirst(line, 2), line, "the parts of a line are short as they are");
	const sizes = fc.integer({ min: 1, max: 9 });
	fc.assert(
		fc.property(sizes, sizes, sizes, (columns, rows, slots) => {
			const plan = firstPointsFirst(missing(surface(columns, rows, new Uint8Array(columns * rows)), slots), slots);
			const points = plan.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
			t.deepEqual(
				points.sort((a, b) => a - b),
				Array.from({ length: columns * rows }, (_, point) => point),
			);
		}),
	);
});
