import test from "ava";
import fc from "fast-check";
import { type Heights, heightsBetween, refinedHeights } from "../../../src/render/parts/interpolation.js";

/** Heights of a function at whole numbers from 0. */
function heightsOf(columns: number, rows: number, height: (column: number, row: number) => number): Heights {
	const values = Float64Array.from({ length: columns * rows }, (_, i) => height(i % columns, Math.floor(i / columns)));
	return { columns, rows, values };
}

const at = (heights: Heights, u: number, v: number) =>
	heightsBetween(heights, Float64Array.of(u), Float64Array.of(v))[0] ?? Number.NaN;

test("parabolas are met exactly where their lowest point is one of the grid's", (t) => {
	const bowl = heightsOf(5, 6, (column, row) => (column - 2) ** 2 + 3 * (row - 2) ** 2);
	for (const u of [0, 0.3, 1, 1.5, 2.25, 3.9, 4]) {
		for (const v of [0, 0.7, 1, 2.5, 4.9, 5])
			t.true(Math.abs(at(bowl, u, v) - ((u - 2) ** 2 + 3 * (v - 2) ** 2)) < 1e-12, `${u}, ${v}`);
	}
});

test("a step stays a step: flat beside it, rising throughout, half-way in its middle", (t) => {
	const step = heightsOf(4, 2, (column) => (column < 2 ? 0 : 1));
	t.deepEqual([at(step, 0.5, 0), at(step, 0.9, 0.5), at(step, 2.1, 1), at(step, 2.7, 0.3)], [0, 0, 1, 1]);
	// Slopes of 0 at both ends: 3t² - 2t³, which is 5/32 at a quarter.
	t.deepEqual([at(step, 1.25, 0), at(step, 1.5, 0.5)], [5 / 32, 0.5]);
});

test("between two points a line is straight", (t) => {
	const tile = heightsOf(2, 2, (column, row) => column + 2 * row);
	t.deepEqual([at(tile, 0.25, 0), at(tile, 0, 0.5), at(tile, 0.5, 0.25)], [0.25, 1, 1]);
});

const rough = fc
	.tuple(
		fc.integer({ min: 2, max: 6 }),
		fc.integer({ min: 2, max: 6 }),
		fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
	)
	.map(([columns, rows, stream]) => heightsOf(columns, rows, () => stream.next().value ?? 0));

test("no height is beyond those of the corners of its square, by anything", (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(rough, (heights) => {
				const fine = refinedHeights(heights, 5, 4);
				return fine.values.every((height, i) => {
					const [u, v] = [(i % fine.columns) / 5, Math.floor(i / fine.columns) / 4];
					const corners = [Math.floor(v), Math.ceil(v)].flatMap((row) =>
						[Math.floor(u), Math.ceil(u)].map((column) => heights.values[row * heights.columns + column] ?? Number.NaN),
					);
					return height >= Math.min(...corners) && height <= Math.max(...corners);
				});
			}),
			{ seed: 5, numRuns: 200 },
		),
	);
});

test("rows and columns are treated alike", (t) => {
	const height = (a: number, b: number) => ((a * 7 + b * 13 + a * b) % 11) / 11;
	const [one, other] = [heightsOf(5, 4, height), heightsOf(4, 5, (column, row) => height(row, column))];
	for (const [u, v] of [
		[0.3, 0.7],
		[2.6, 1.1],
		[3.5, 2.5],
	] as const)
		t.is(at(one, u, v), at(other, v, u));
});

test("a square with a corner without a value has none inside, and the others do", (t) => {
	const holed = heightsOf(5, 4, (column, row) => (column === 2 && row === 1 ? Number.NaN : column + row));
	for (let row = 0; row < 3; row++) {
		for (let column = 0; column < 4; column++) {
			const touches = column >= 1 && column <= 2 && row <= 1;
			const height = at(holed, column + 0.5, row + 0.5);
			t.is(Number.isNaN(height), touches, `${column}, ${row}`);
			// A slope of 1 each way is met up to the hole.
			if (!touches) t.is(height, column + row + 1);
		}
	}
	t.is(at(holed, 1, 1), 2);
});

test("refined heights pass through the points", (t) => {
	const bumps = heightsOf(4, 3, (column, row) => (column * 5 + row * 3) % 7);
	const fine = refinedHeights(bumps, 3, 2);
	t.deepEqual([fine.columns, fine.rows], [10, 5]);
	for (let row = 0; row < 3; row++) {
		for (let column = 0; column < 4; column++)
			t.is(fine.values[row * 2 * fine.columns + column * 3], bumps.values[row * 4 + column]);
	}
});
