import test from "ava";
import { bits, run, startFastKernels } from "./reference.js";

test.before(startFastKernels);

const erf = (values: number[]) => run("Erf", { x: { shape: [values.length], values: Float32Array.from(values) } }, {});

/** By its Taylor series, in double; the terms cancel, and leave 10 digits at 4. */
function series(x: number): number {
	let [sum, term] = [0, x];
	for (let n = 0; Math.abs(term) > 1e-18; n++) {
		sum += term / (2 * n + 1);
		term *= (-x * x) / (n + 1);
	}
	return (2 / Math.sqrt(Math.PI)) * sum;
}

test("the error function agrees with its series, relative to the value, from -4 to 4", (t) => {
	const x = Array.from({ length: 80_003 }, (_, i) => Math.fround((i - 40_001) / 10_000));
	const { values } = erf(x);
	const worst = values.reduce((most, value, i) => {
		const want = series(x[i] ?? 0);
		return Math.max(most, want === 0 ? Math.abs(value) : Math.abs(value - want) / Math.abs(want));
	}, 0);
	t.true(worst <= 2e-7, String(worst));
	// Odd to the last bit.
	t.true(values.every((value, i) => value === -(values.at(-1 - i) ?? 0)));
});

test("it is 1 far out, keeps the sign of zero and small numbers, and NaN stays NaN", (t) => {
	const { values } = erf([
		4,
		1e30,
		Number.POSITIVE_INFINITY,
		-4,
		Number.NEGATIVE_INFINITY,
		Number.NaN,
		-0,
		1e-30,
		1e-45,
	]);
	t.deepEqual([...values.subarray(0, 5)], [1, 1, 1, -1, -1]);
	t.true(Number.isNaN(values[5]));
	t.is(bits(values)[6], 0x80000000);
	t.true(Math.abs((values[7] ?? 0) / 1.1283792e-30 - 1) < 1e-6);
	t.is(values[8], Math.fround(1e-45));
});
