import test from "ava";
import fc from "fast-check";
import { logSumExp } from "../../src/kernels/log-sum-exp.js";
import { logSumExpHere } from "../../src/objective/losses/softmax-cross-entropy.js";

/** NaN has one sign only where it is written to a file. */
const bytesOf = (values: Float64Array = new Float64Array()) =>
	Buffer.from(values.map((value) => (Number.isNaN(value) ? Number.NaN : value)).buffer);

const anyFloat = fc.oneof(
	fc.float({ noNaN: true, noDefaultInfinity: true }),
	fc.float({ min: -100, max: 100, noNaN: true }),
	fc.constantFrom(0, -0, 1e-40, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

test("ln of the sum of powers by the kernel has the bits of the one in JavaScript, whatever the values", (t) => {
	const rows = fc
		.integer({ min: 1, max: 13 })
		.chain((columns) =>
			fc.tuple(fc.constant(columns), fc.array(fc.array(anyFloat, { minLength: columns, maxLength: columns }))),
		);
	fc.assert(
		fc.property(rows, ([columns, values]) => {
			const flat = Float32Array.from(values.flat());
			t.deepEqual(bytesOf(logSumExp(flat, columns)), bytesOf(logSumExpHere(flat, columns)));
		}),
		{ numRuns: 500 },
	);
});

test("rows and numbers of rows beyond what the kernel is brought at a time have those bits too", (t) => {
	for (const [rows, columns] of [
		[3, 50_257],
		[5000, 7],
		[1, 16_385],
	] as const) {
		const values = Float32Array.from({ length: rows * columns }, (_, i) => 40 * Math.sin(i * i));
		t.deepEqual(bytesOf(logSumExp(values, columns)), bytesOf(logSumExpHere(values, columns)));
	}
});

test("of values that lie apart by more than the range of numbers the largest is left", (t) => {
	t.deepEqual([...(logSumExp(Float32Array.of(-1e30, 5, -1e38), 3) ?? [])], [5]);
});

test("a row of one value gives that value", (t) => {
	t.deepEqual([...(logSumExp(Float32Array.of(3.5, -2), 1) ?? [])], [3.5, -2]);
});
