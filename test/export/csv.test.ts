import test from "ava";
import { formatCsv } from "../../src/export/csv.js";
import { newSurface, valuesOf } from "../fixtures.js";

test("a line a point with all digits, empty fields where nothing was computed", (t) => {
	const surface = newSurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 0.1, steps: 2 });
	valuesOf(surface).loss.set([0.1 + 0.2, Number.NaN, 1e30, Number.NEGATIVE_INFINITY, 0, 5]);
	valuesOf(surface).accuracy.set([1, 0.5, 0, 0.25, 0, 1]);
	surface.done.set([1, 1, 1, 1, 0, 0]);
	t.is(
		formatCsv(surface),
		[
			"alpha,beta,loss,accuracy",
			"-1,0,0.30000000000000004,1",
			"0,0,NaN,0.5",
			"1,0,1e+30,0",
			"-1,0.1,-Infinity,0.25",
			"0,0.1,,",
			"1,0.1,,",
			"",
		].join("\n"),
	);
});

test("of an adaptive sweep a last column says which points are interpolated", (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 2 }, null);
	valuesOf(surface).loss.set([1, 2]);
	valuesOf(surface).accuracy.set([0, 0.5]);
	surface.done.fill(1);
	t.is(
		formatCsv({ ...surface, interpolated: Uint8Array.of(0, 1) }),
		"alpha,beta,loss,accuracy,interpolated\n0,0,1,0,0\n1,0,2,0.5,1\n",
	);
});
