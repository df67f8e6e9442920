import test from "ava";
import fc from "fast-check";
import { REDUCE_KINDS } from "../../src/kernels/instructions.js";
import { forCases } from "./cases.js";
import { carryOut, startContext } from "./program.js";
import { random } from "./reference.js";

const context = await startContext();

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const reductions: Readonly<Record<string, (values: number[]) => number>> = {
	sum,
	mean: (values) => sum(values) / values.length,
	max: (values) => Math.max(...values),
	min: (values) => Math.min(...values),
	sumOfSquares: (values) => sum(values.map((value) => value * value)),
	norm: (values) => Math.hypot(...values),
};

const sizes = fc.record({
	outer: fc.integer({ min: 1, max: 4 }),
	count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(128, 129, 2048, 2051, 5000)),
	inner: fc.integer({ min: 1, max: 9 }),
});

for (const [name, of] of Object.entries(reductions))
	test(`${name} along an axis agrees with float64`, (t) => {
		forCases(t, sizes, 60, ({ outer, count, inner }) => {
			const { values } = random([outer, count, inner], 3, 2);
			const out = new Float32Array(outer * inner);
			carryOut(context, "reduce", REDUCE_KINDS.indexOf(name), values, out, outer, count, inner);
			for (let i = 0; i < outer; i++)
				for (let k = 0; k < inner; k++) {
					const column = Array.from({ length: count }, (_, j) => values[(i * count + j) * inner + k] ?? Number.NaN);
					const scale =
						name === "mean" ? sum(column.map(Math.abs)) / count : sum(column.map((x) => Math.abs(x) + x * x));
					t.true(Math.abs((out[i * inner + k] ?? Number.NaN) - of(column)) <= 1e-6 * scale + 1e-12);
				}
		});
	});

const matrices = fc.record({ rows: fc.integer({ min: 1, max: 4 }), count: fc.integer({ min: 1, max: 70 }) });

function rowsOf(values: Float32Array, count: number): number[][] {
	return Array.from({ length: values.length / count }, (_, row) => [
		...values.subarray(row * count, (row + 1) * count),
	]);
}

test("softmax and its logarithm agree with float64, of large logits too", (t) => {
	forCases(t, matrices, 60, ({ rows, count }) => {
		const { values } = random([rows, count], 5, 60);
		const [soft, logs] = [new Float32Array(values.length), new Float32Array(values.length)];
		carryOut(context, "softmax", values, soft, rows, count);
		carryOut(context, "logSoftmax", values, logs, rows, count);
		for (const [row, x] of rowsOf(values, count).entries()) {
			const largest = Math.max(...x);
			const total = sum(x.map((value) => Math.exp(value - largest)));
			for (const [i, value] of x.entries()) {
				const want = value - largest - Math.log(total);
				t.true(Math.abs((logs[row * count + i] ?? 0) - want) <= 3e-7 * Math.max(1, -want));
				// The distance from the largest is rounded before it becomes an exponent.
				const off = 1e-6 + 2 ** -24 * (largest - value);
				t.true(Math.abs((soft[row * count + i] ?? 0) - Math.exp(want)) <= off * Math.exp(want) + 1e-37);
			}
		}
	});
	for (const name of ["softmax", "logSoftmax"] as const)
		for (const count of [1, 4, 5, 9, 13, 16, 17, 40])
			for (let at = 0; at < count; at += 3) {
				const x = random([count], 5, 2).values;
				x[at] = Number.NaN;
				const spoilt = new Float32Array(count);
				carryOut(context, name, x, spoilt, 1, count);
				t.true(spoilt.every(Number.isNaN));
			}
});

test("rows are standardised as in float64, also where their mean is large", (t) => {
	forCases(t, matrices, 60, ({ rows, count }) => {
		const { values } = random([rows, count], 7, 1);
		const x = values.map((value) => value + 30);
		const out = new Float32Array(x.length);
		carryOut(context, "standardize", x, out, rows, count, 1e-5, 0, 0);
		for (const [row, numbers] of rowsOf(x, count).entries()) {
			const mean = sum(numbers) / count;
			const deviation = Math.sqrt(sum(numbers.map((value) => (value - mean) ** 2)) / count + 1e-5);
			for (const [i, value] of numbers.entries())
				t.true(Math.abs((out[row * count + i] ?? 0) - (value - mean) / deviation) <= 6e-6 / deviation);
		}
	});
});
