import test from "ava";
import { deepestBasin } from "../../../src/render/parts/basin.js";
import { drawnField } from "../../../src/render/parts/values.js";
import { axis, surfaceOf } from "../surfaces.js";

const identity = (value: number) => value;

/** The deepest basin of a function at whole numbers, so many to either side of 0. */
function basinOf(side: number, loss: (alpha: number, beta: number) => number | undefined) {
	const x = axis(-side, side, 2 * side + 1);
	return deepestBasin(drawnField(surfaceOf(x, x, loss), "loss"), identity);
}

test("a bowl is closed up to the lowest value at the edge", (t) => {
	t.deepEqual(
		basinOf(4, (a, b) => a * a + b * b),
		{ bottom: 0, rim: 16 },
	);
	t.deepEqual(
		basinOf(4, (a, b) => a * a + b * b - 100),
		{ bottom: -100, rim: -84 },
	);
});

test("a wall along the edge is as high as its lowest place", (t) => {
	const loss = (a: number, b: number) => {
		if (Math.max(Math.abs(a), Math.abs(b)) < 3) return 1 + a * a + b * b;
		return a === 3 && b === 3 ? 20 : 30;
	};
	// The corner (3, 3) is next to (2, 2), whose value is 9: past that the way out is up to 20.
	t.deepEqual(basinOf(3, loss), { bottom: 1, rim: 20 });
});

test("of two wells it is the deeper one, up to the edge and not to the pass between them", (t) => {
	// Bottoms 1 at (-2, 0) and 0 at (2, 0), a pass of 16 at (0, 0); at (2, ±4) the edge is at 32, at (±4, 0) at 144.
	const loss = (a: number, b: number) => (a * a - 4) ** 2 + 2 * b * b + (a < 0 ? 1 : 0);
	t.deepEqual(basinOf(4, loss), { bottom: 0, rim: 32 });
});

test("a well beside a lower edge is a basin up to the pass over which it runs out", (t) => {
	// Along α: 9, 4, 5, 6, 3 with walls of 9 above and below: out of 4 the way leads over 6 to the edge.
	const along = [9, 4, 5, 6, 3];
	t.deepEqual(
		basinOf(2, (a, b) => (Math.abs(b) === 2 ? 9 : along[a + 2])),
		{ bottom: 4, rim: 6 },
	);
});

test("a point without a value is an edge", (t) => {
	for (const gap of [Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
		// Beside the gap at (3, 0) the lowest point is (2, 0), at 4.
		t.deepEqual(
			basinOf(5, (a, b) => (a === 3 && b === 0 ? gap : a * a + b * b)),
			{ bottom: 0, rim: 4 },
		);
	}
});

test("a slope, a plane and a surface without values have no basin", (t) => {
	t.is(
		basinOf(3, (a, b) => a + b),
		null,
	);
	t.is(
		basinOf(3, () => 2),
		null,
	);
	t.is(
		basinOf(3, () => undefined),
		null,
	);
});
