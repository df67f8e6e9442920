import test from "ava";
import { OptionError } from "../../../src/errors.js";
import { rangesAround } from "../../../src/render/parts/ranges.js";
import { axis, surfaceOf } from "../surfaces.js";

const plane = (x: ReturnType<typeof axis>, y: ReturnType<typeof axis>) => rangesAround(surfaceOf(x, y, () => 1));

test("ranges grow by a point to each side, from two around the origin to the whole grid", (t) => {
	t.deepEqual(plane(axis(-1, 1, 9), axis(-1, 1, 9)), [
		{ columns: [2, 6], rows: [2, 6] },
		{ columns: [1, 7], rows: [1, 7] },
		{ columns: [0, 8], rows: [0, 8] },
	]);
	const sizes = plane(axis(-1, 1, 101), axis(-1, 1, 101)).map(({ columns: [first, last] }) => last - first + 1);
	t.deepEqual(
		sizes,
		Array.from({ length: 49 }, (_, i) => 5 + 2 * i),
	);
});

test("a side with fewer points takes its share of them at each frame", (t) => {
	// The origin is point 1 of α, with 6 after it, and point 3 of β, with 3 to each side.
	t.deepEqual(plane(axis(-1, 6, 8), axis(-3, 3, 7)), [
		{ columns: [0, 3], rows: [2, 4] },
		{ columns: [0, 4], rows: [1, 5] },
		{ columns: [0, 5], rows: [1, 5] },
		{ columns: [0, 6], rows: [0, 6] },
		{ columns: [0, 7], rows: [0, 6] },
	]);
});

test("of a large grid sixty ranges are shown, and where the origin is no point they grow around the one nearest to it", (t) => {
	const large = plane(axis(-1, 1, 301), axis(-1, 1, 5));
	t.is(large.length, 60);
	t.deepEqual(large[0], { columns: [148, 152], rows: [1, 3] });
	t.deepEqual(large.at(-1), { columns: [0, 300], rows: [0, 4] });
	t.deepEqual(plane(axis(1, 7, 7), axis(1, 7, 7))[0], { columns: [0, 2], rows: [0, 2] });
});

test("a line has no range to grow over, and a plane needs four points to one side of the origin", (t) => {
	t.throws(() => rangesAround(surfaceOf(axis(-1, 1, 9), null, () => 1)), {
		instanceOf: OptionError,
		message: "animate: range: expected a plane, got a line",
	});
	t.throws(() => plane(axis(-1, 1, 7), axis(-1, 1, 5)), {
		message: "animate: range: expected at least 4 points to one side of the origin, got a plane of 7 × 5",
	});
});
