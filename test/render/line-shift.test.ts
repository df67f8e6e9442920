import test from "ava";
import { lineShift } from "../../src/render/line-shift.js";

/** A surface over whole numbers. */
function surfaceOf(columns: number, rows: number, height: (column: number, row: number) => number) {
	const values = Float64Array.from({ length: columns * rows }, (_, i) => height(i % columns, Math.floor(i / columns)));
	return { columns, rows, values };
}

const near = (value: number, expected: number) => Math.abs(value - expected) < 1e-9;

test("a slope moved by a third of a cell has all its lines a third of a cell away", (t) => {
	const [a, b] = [0, 1 / 3].map((by) => surfaceOf(9, 7, (column) => column - by));
	const { worst, nearlyAll, levels, leftOut } = lineShift(a ?? t.fail(), b ?? t.fail(), [2.5, 4.5]);
	t.true(near(worst, 1 / 3) && near(nearlyAll, 1 / 3));
	t.true(levels.every((level) => near(level.worst, 1 / 3)));
	t.is(leftOut, 0);
});

test("a slope moved along the diagonal is as far away as its lines are, not as the points moved", (t) => {
	const [a, b] = [0, 1].map((by) => surfaceOf(20, 20, (column, row) => column + row - by));
	const { nearlyAll } = lineShift(a ?? t.fail(), b ?? t.fail(), [19.5]);
	// x + y = c and x + y = c + 1 are 1/√2 apart; at an end the nearest place is the other's end.
	t.true(near(nearlyAll, 1 / Math.SQRT2) || nearlyAll <= 1);
});

test("a dent that few places of the lines see is in the worst, and not in what nearly all keep", (t) => {
	const flat = surfaceOf(3, 3000, (column) => column);
	const dented = surfaceOf(3, 3000, (column, row) => column - (row === 1500 ? 0.25 : 0));
	const { worst, nearlyAll } = lineShift(flat, dented, [0.5]);
	t.true(worst > 0.2 && worst <= 0.25);
	t.is(nearlyAll, 0);
});

test("a line that only one surface has is infinitely far away; loops shorter than two cells are counted and left out", (t) => {
	const flat = surfaceOf(9, 9, () => 0);
	const hill = (width: number) =>
		surfaceOf(9, 9, (column, row) => Math.max(0, width - Math.hypot(column - 4, row - 4)));
	t.is(lineShift(flat, hill(3), [1]).worst, Number.POSITIVE_INFINITY);
	// A square with its corners a fifth of a cell from the top: 4 · √2 / 5 cells long.
	const small = lineShift(flat, hill(1), [0.8]);
	t.deepEqual([small.worst, small.leftOut], [0, 1]);
});
