import test from "ava";
import fc from "fast-check";
import { coarseToFine, lengthOf, planSweep } from "../../src/sweep/plan.js";

const axis = (steps: number) => ({ min: 0, max: 1, steps });

test("rows go coarse to fine: both ends, then the middle of every gap", (t) => {
	t.deepEqual(coarseToFine(9), [0, 8, 4, 2, 6, 1, 3, 5, 7]);
	t.deepEqual(coarseToFine(1), [0]);
	t.deepEqual(coarseToFine(2), [0, 1]);
});

test("whole rows are tasks where there are enough of them", (t) => {
	const plan = planSweep({ x: axis(5), y: axis(4), done: new Uint8Array(20) }, 2);
	t.deepEqual(
		plan.map(({ row }) => row),
		[0, 3, 1, 2],
	);
	t.true(plan.every((segment) => lengthOf(segment) === 5));
});

test("the rows left over are split evenly among all threads", (t) => {
	const plan = planSweep({ x: axis(6), y: axis(3), done: new Uint8Array(18) }, 2);
	t.deepEqual(plan, [
		{ row: 0, from: 0, to: 6 },
		{ row: 2, from: 0, to: 6 },
		{ row: 1, from: 0, to: 3 },
		{ row: 1, from: 3, to: 6 },
	]);
});

test("a line is cut into parts of at most four points", (t) => {
	const plan = planSweep({ x: axis(41), y: null, done: new Uint8Array(41) }, 1);
	t.true(plan.every((segment) => segment.row === 0 && lengthOf(segment) <= 4));
	t.is(plan.length, 11);
});

test("only what is missing is planned", (t) => {
	const done = Uint8Array.from([1, 0, 0, 1, 1, 1, 1, 1, 0]);
	t.deepEqual(planSweep({ x: axis(3), y: axis(3), done }, 1), [
		{ row: 0, from: 1, to: 3 },
		{ row: 2, from: 2, to: 3 },
	]);
	t.deepEqual(planSweep({ x: axis(3), y: axis(3), done: done.map(() => 1) }, 4), []);
});

test("whatever is done already and however many threads there are, each missing point is planned once", (t) => {
	const surface = fc
		.record({ columns: fc.integer({ min: 2, max: 9 }), rows: fc.integer({ min: 1, max: 9 }) })
		.chain((size) =>
			fc.record({
				x: fc.constant(axis(size.columns)),
				y: fc.constant(size.rows === 1 ? null : axis(size.rows)),
				done: fc.uint8Array({
					min: 0,
					max: 1,
					minLength: size.columns * size.rows,
					maxLength: size.columns * size.rows,
				}),
			}),
		);
	fc.assert(
		fc.property(surface, fc.integer({ min: 1, max: 20 }), (given, threads) => {
			const planned = Uint8Array.from(given.done);
			for (const { row, from, to } of planSweep(given, threads))
				for (let column = from; column < to; column++) {
					const index = row * given.x.steps + column;
					planned[index] = (planned[index] ?? 0) + 1;
				}
			return planned.every((count) => count === 1);
		}),
	);
	t.pass();
});
