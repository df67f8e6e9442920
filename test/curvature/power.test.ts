import test from "ava";
import { extremes } from "../../src/curvature/lanczos.js";
import { noNotebook } from "../../src/curvature/notebook.js";
import { powerIteration } from "../../src/curvature/power.js";
import { hold, notebookEndingAfter, operatorOf } from "./operators.js";

/** 8, −7, 5 and a bulk below 1. */
const values = Array.from({ length: 100 }, (_, i) => [8, -7, 5][i] ?? Math.cos(i));
const options = { top: 3, bottom: 0, tolerance: 1e-3, steps: 400, seed: 2, dimensions: 100, hold };

test("power iteration finds the largest eigenvalues by size, of either sign, one by one", async (t) => {
	const operator = operatorOf(values);
	const { top, bottom, vectors, largest } = await powerIteration(operator, 100, options, noNotebook);
	t.deepEqual(bottom, []);
	t.true(Math.abs(largest - 8) < 0.01);
	t.true(top[0]?.settled);
	for (const [i, { value, residual, settled }] of top.entries()) {
		// The errors of those found before count: these are no smaller than their own tolerance.
		t.is(settled, residual <= 1e-3 * Math.abs(value));
		t.true(residual <= 1e-3 * Math.hypot(...values.slice(0, i + 1)), `${residual}`);
		t.true(Math.abs(value - ([8, -7, 5][i] ?? 0)) <= residual, `${value} ± ${residual}`);
	}
	for (const [i, vector] of vectors().entries()) {
		const image = await operator(vector);
		const { value = 0, residual = 0 } = top[i] ?? {};
		const off = Math.sqrt(image.reduce((sum, x, k) => sum + (x - value * (vector[k] ?? 0)) ** 2, 0));
		t.true(Math.abs(off - residual) < 1e-5);
	}
});

test("two values of one size and opposite signs never settle, and it says so", async (t) => {
	const operator = operatorOf(Array.from({ length: 40 }, (_, i) => [3, -3][i] ?? Math.sin(i)));
	const { top, products } = await powerIteration(operator, 40, { ...options, top: 1, steps: 60 }, noNotebook);
	t.is(products, 60);
	t.false(top[0]?.settled);
	t.true((top[0]?.residual ?? 0) > 0.1);
});

test("Lanczos finds the same two with fewer products", async (t) => {
	const positive = operatorOf(values.map(Math.abs));
	const power = await powerIteration(positive, 100, options, noNotebook);
	const lanczos = await extremes(positive, 100, options, noNotebook);
	for (const [i, { value }] of lanczos.top.entries()) t.true(Math.abs(value - (power.top[i]?.value ?? 0)) < 0.01);
	t.true(lanczos.products < power.products / 2, `${lanczos.products} and ${power.products}`);
});

test("killed within an eigenvalue and after one, it goes on with the same bits", async (t) => {
	const whole = await powerIteration(operatorOf(values), 100, options, noNotebook);
	for (const most of [3, Math.floor(whole.products / 2), whole.products - 1]) {
		const entries = new Map();
		await t.throwsAsync(powerIteration(operatorOf(values), 100, options, notebookEndingAfter(most, entries)), {
			message: "killed",
		});
		const again = await powerIteration(operatorOf(values), 100, options, notebookEndingAfter(5000, entries));
		t.deepEqual([again.top, again.vectors(), again.products], [whole.top, whole.vectors(), whole.products]);
	}
});
