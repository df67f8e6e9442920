import test from "ava";
import { anchorsAround, anchorsOf } from "../../src/confidence/anchors.js";
import { distancesToLine } from "../../src/confidence/distances.js";
import { lineShifts } from "../../src/confidence/shift.js";
import { drawnField } from "../../src/render/parts/values.js";
import { axisValue, coordinatesOf, regularGrid } from "../../src/surface/grid.js";
import { axis, surfaceOf } from "../render/surfaces.js";

test("the distance to a circle is that to its radius, inside and outside", (t) => {
	const size = 81;
	const values = Float64Array.from({ length: size * size }, (_, i) =>
		Math.hypot((i % size) - 40, Math.floor(i / size) - 40),
	);
	const distances = distancesToLine({ columns: size, rows: size, values }, 25);
	// Half a step of the fine grid is an eighth of a cell.
	const worst = distances.reduce(
		(most, distance, i) => Math.max(most, Math.abs(distance - Math.abs((values[i] ?? 0) - 25))),
		0,
	);
	t.true(worst < 0.5, `${worst}`);
	t.true(distancesToLine({ columns: size, rows: size, values }, 99).every((each) => each === Number.POSITIVE_INFINITY));
});

test("on a slope a line shifts by half-width over gradient", (t) => {
	// A ramp of 1 a cell: whoever knows each value to 0.3 knows each line to 0.3 cells.
	const surface = surfaceOf(axis(0, 20, 21), axis(0, 8, 9), (alpha) => 10 + alpha);
	const of = drawnField(surface, "loss");
	const shifted = (half: number) => lineShifts(of, new Float64Array(21 * 9).fill(half));
	t.true(Math.abs(shifted(0.3).largest - 0.3) <= 0.25);
	t.is(shifted(0.3).unsettled.size, 0);
	t.true(Math.abs(shifted(1.5).largest - 1.5) <= 0.25);
	t.true(shifted(1.5).unsettled.size > 0);
});

test("only points around lines that may lie farther off are unsettled", (t) => {
	// Known well but for the right half.
	const x = axis(0, 20, 21);
	const surface = surfaceOf(x, axis(0, 8, 9), (alpha) => 10 + alpha);
	const halfWidths = Float64Array.from({ length: 21 * 9 }, (_, i) => (axisValue(x, i % 21) > 12 ? 0.9 : 0.01));
	const { unsettled } = lineShifts(drawnField(surface, "loss"), halfWidths);
	t.true(unsettled.size > 0);
	t.true([...unsettled].every((point) => point % 21 >= 11));
});

test("points without an error are settled, and those without a value hold no lines", (t) => {
	const surface = surfaceOf(axis(-1, 1, 9), axis(-1, 1, 9), (alpha, beta) =>
		alpha > 0.7 ? Number.POSITIVE_INFINITY : 1 + alpha * alpha + beta * beta,
	);
	const { unsettled, largest } = lineShifts(drawnField(surface, "loss"), new Float64Array(81));
	t.is(unsettled.size, 0);
	t.true(largest < 0.25);
});

test("anchors hold the corners, and their weights reproduce any plane", (t) => {
	for (const [columns, rows] of [
		[25, 25],
		[11, 6],
		[2, 9],
	] as const) {
		const grid = regularGrid(axis(-1, 1, columns), axis(0, 3, rows));
		const anchors = anchorsOf(grid);
		for (const corner of [0, columns - 1, columns * (rows - 1), columns * rows - 1]) t.true(anchors.includes(corner));
		const heightAt = (point: number) => {
			const [alpha = 0, beta = 0] = coordinatesOf(grid, point);
			return 3 + 2 * alpha - 5 * beta;
		};
		for (let point = 0; point < columns * rows; point++) {
			const around = anchorsAround(grid, point);
			t.true(around.every(({ anchor }) => anchors.includes(anchor)));
			const height = around.reduce((sum, { anchor, weight }) => sum + weight * heightAt(anchor), 0);
			t.true(Math.abs(height - heightAt(point)) < 1e-12);
		}
	}
});
