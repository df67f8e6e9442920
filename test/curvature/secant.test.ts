import test from "ava";
import { noNotebook } from "../../src/curvature/notebook.js";
import { type SecantOptions, secant, secantSteps } from "../../src/curvature/secant.js";
import { notebookEndingAfter } from "./operators.js";

const eigenvalue = { value: 1, residual: 0, settled: true };

/** Of a function of two parameters, along the first. */
function of(loss: (x: number, y: number) => number, x: number, y = 0): SecantOptions {
	return {
		origin: Float32Array.of(x, y),
		loss: loss(x, y),
		lossAt: async ([a = 0, b = 0]) => loss(a, b),
		along: [{ eigenvalue, vector: Float32Array.of(1, 0) }],
		seed: 0,
	};
}

const pointsOf = async (options: SecantOptions) => (await secant(options, noNotebook)).curves[0]?.points ?? [];

test("the steps are thirteen, from 0.001 to 1, four a decade", (t) => {
	t.is(secantSteps.length, 13);
	t.deepEqual([secantSteps[0], secantSteps[4], secantSteps[8], secantSteps[12]], [0.001, 0.01, 0.1, 1]);
	for (const [i, step] of secantSteps.slice(1).entries())
		t.true(Math.abs(step / (secantSteps[i] ?? 0) - 10 ** 0.25) < 1e-12);
});

test("a quadratic has its curvature over every step, off its minimum too", async (t) => {
	for (const x of [0, 2])
		for (const { step, value, rounding } of await pointsOf(of((a, b) => 3 * a * a - b * b + a + 5, x, 1)))
			t.true(Math.abs(value - 6) <= rounding + 1e-9 / step ** 2, `${step}: ${value}`);
});

test("a cubic's second difference is exact, a quartic's is off by 2 h², a kink's grows as 1 / h", async (t) => {
	// At 0, whose sums with the steps are exact but for their rounding to float32.
	for (const { step, value } of await pointsOf(of((a) => (a + 1) ** 3, 0)))
		t.true(Math.abs(value - 6) < 1e-9 / step ** 2 + 1e-6);
	for (const { step, value } of await pointsOf(of((a) => (a + 1) ** 4, 0)))
		t.true(Math.abs(value - (12 + 2 * step ** 2)) < 1e-9 / step ** 2 + 2e-6, `${step}: ${value}`);
	for (const { step, value } of await pointsOf(of((a) => Math.max(0, a), 0)))
		t.true(Math.abs(value * step - 1) < 1e-6, `${step}: ${value}`);
});

test("points whose losses differ by no more than rounding are lost, and those that differ by more are not", async (t) => {
	// 1000 + x², rounded to float32 as a forward pass would, in steps of 2⁻¹⁴; nudges of y move it by as much.
	const rounded = (a: number, b: number) => Math.fround(1000 + a * a + 0.001 * (b - 1) * 2 ** 20 * 0.5);
	const options = of(rounded, 0, 1);
	const { noise, curves } = await secant(options, noNotebook);
	t.true(noise * 1000 >= 2 ** -14 && noise * 1000 <= 4 * 2 ** -14, `${noise}`);
	for (const { step, value, rounding, lost } of curves[0]?.points ?? []) {
		t.true(Math.abs(rounding - (4 * noise * 1000) / step ** 2) < 1e-2 * rounding);
		t.true(Math.abs(value - 2) <= rounding, `${step}`);
		if (step < 0.005) t.true(lost);
		if (step > 0.1) t.false(lost);
	}
});

test("killed between two points, it goes on with the same bits", async (t) => {
	const options = of((a, b) => Math.exp(a) * (1 + b), 0.3, 0.1);
	const whole = await secant(options, noNotebook);
	const entries = new Map();
	await t.throwsAsync(secant(options, notebookEndingAfter(12, entries)), { message: "killed" });
	t.deepEqual(await secant(options, notebookEndingAfter(100, entries)), whole);
	t.is(entries.size, 8 + 13);
});
