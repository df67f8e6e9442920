import test from "ava";
import { columnSums, forCases } from "./cases.js";
import { addTerm, random, run, startFastKernels, sums, UNIT, worstError } from "./reference.js";

test.before(startFastKernels);

test("sums over all axes but the last agree with float64 loops", (t) => {
	forCases(t, columnSums, 40, ({ first, second, columns, keepDims }) => {
		const x = random([first, second, columns], 1);
		const want = sums(columns);
		x.values.forEach((value, at) => {
			addTerm(want, at % columns, value);
		});
		const got = run("Sum", { x }, { axis: [0, 1], keepDims });
		t.deepEqual(got.shape, keepDims ? [1, 1, columns] : [columns]);
		t.true(worstError(got.values, want) <= 133 * UNIT);
	});
});

test("sums over other axes are still right", (t) => {
	const x = random([4, 5, 6], 1);
	const total = x.values.reduce((sum, value) => sum + value, 0);
	t.true(Math.abs((run("Sum", { x }, { axis: [0, 1, 2], keepDims: false }).values[0] ?? 0) - total) < 1e-5);
	const rows = run("Sum", { x }, { axis: [2], keepDims: false });
	t.deepEqual(rows.shape, [4, 5]);
	const first = x.values.slice(0, 6).reduce((sum, value) => sum + value, 0);
	t.true(Math.abs((rows.values[0] ?? 0) - first) < 1e-6);
});
