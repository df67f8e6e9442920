import test from "ava";
import { rateFactor } from "../../src/train/schedule.js";

const factors = (...[schedule, steps, warmUp]: [Parameters<typeof rateFactor>[0], number, number]) =>
	Array.from({ length: steps }, (_, step) => rateFactor(schedule, step, steps, warmUp));

test("without a schedule the learning rate stays", (t) => {
	t.deepEqual(factors("constant", 3, 0), [1, 1, 1]);
});

test("steps fall to a tenth at half, to a hundredth at three quarters", (t) => {
	t.deepEqual(factors("step", 8, 0), [1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01]);
});

test("the cosine falls from 1 through a half to 0", (t) => {
	const half = Math.SQRT1_2 / 2;
	const expected = [1, 0.5 + half, 0.5, 0.5 - half];
	for (const [step, factor] of factors("cosine", 4, 0).entries())
		t.true(Math.abs(factor - (expected[step] ?? Number.NaN)) < 1e-15, `step ${step}: ${factor}`);
});

test("a warm-up grows evenly to the whole rate, and the schedule runs over the rest", (t) => {
	t.deepEqual(factors("step", 8, 4), [0.25, 0.5, 0.75, 1, 1, 1, 0.1, 0.01]);
});
