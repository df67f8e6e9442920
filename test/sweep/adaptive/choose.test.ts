import test from "ava";
import { gridPoints } from "../../../src/surface/grid.js";
import { pointsToCompute } from "../../../src/sweep/adaptive/choose.js";
import { firstPoints, latticeOf } from "../../../src/sweep/adaptive/lattice.js";
import { sampled } from "../../../src/sweep/adaptive/sampled.js";
import { analytic } from "./analytic.js";

/** Over columns and rows from 0 on, of which every fourth is known. */
function firstOf(steps: 17 | 33, height: (column: number, row: number) => number) {
	const half = (steps - 1) / 2;
	const surface = analytic(steps, (x, y) => height(half * (x + 1), half * (y + 1)));
	const isKnown = new Uint8Array(gridPoints(surface.grid));
	for (const point of firstPoints(latticeOf(surface.grid))) isKnown[point] = 1;
	return sampled(surface, isKnown);
}

test("fourth differences say where a cubic is not enough: on a slope of x⁴ + k·x from k = 700 on it is", (t) => {
	// Every fourth value of x⁴ has the fourth difference 4⁴ · 4! = 6144. Between 0 and 4 the five values are those at 0 to 16, whose second
	// differences are 4⁴ times 14, 50 and 110; so d₄/d₂ is 24/110, and the error 6144 · (5/128 + (24/110)² / 20) = 254.6. Half as much
	// again counts, 381.9; the slope there is (4⁴ + 4·k) / 4 = 64 + k a cell, of which half a cell is tolerated: up to k = 699.9.
	const chosen = (slope: number, cells: number) =>
		pointsToCompute(
			firstOf(17, (column) => column ** 4 + slope * column),
			cells,
		);
	const secondColumn = [0, 2, 4, 6, 8, 10, 12, 14, 16].map((row) => 17 * row + 2);
	t.deepEqual(chosen(700, 0.5), []);
	t.deepEqual(chosen(699, 0.5), secondColumn);
	t.deepEqual(chosen(318, 1), [], "of a whole cell up to k = 317.9");
	t.deepEqual(chosen(317, 1), secondColumn);
});

test("errors of less than an eighth of one of 256 colours count for nothing, however flat the surface is", (t) => {
	// A step at the end, of which cubics miss less than 1; the range is that of a ridge far away.
	const near = (range: number) =>
		pointsToCompute(
			firstOf(33, (column, row) => (row === 32 ? range : 0) + (column === 0 ? 1 : 0)),
			0.5,
		).filter((point) => point < 33 * 4);
	t.deepEqual(near(2048), []);
	t.true(near(200).length > 0);
});

test("beside a value that is not finite nothing is predicted", (t) => {
	const hole = firstOf(33, (column, row) => (column === 16 && row === 16 ? Number.NaN : column + row));
	const chosen = new Set(pointsToCompute(hole, 0.5));
	for (const point of [16 * 33 + 14, 16 * 33 + 18, 14 * 33 + 16, 18 * 33 + 16, 14 * 33 + 14]) t.true(chosen.has(point));
	t.false(chosen.has(2), "far from it a row is predicted");
});
