import "../../../src/render/fonts.js";
import test from "ava";
import { isolines } from "../../../src/render/isolines.js";
import { heightsOf, refinedHeights } from "../../../src/render/parts/interpolation.js";
import { planeLevels, scaleLevels } from "../../../src/render/parts/levels.js";
import { planeScale, valueScale } from "../../../src/render/parts/scale.js";
import { drawnField, finiteValues } from "../../../src/render/parts/values.js";
import { axis, surfaceOf } from "../surfaces.js";

/** A function over [-side, side]² at 41 × 41 points, with its scale. */
function plane(side: number, loss: (alpha: number, beta: number) => number, field = "loss") {
	const x = axis(-side, side, 41);
	const of = drawnField(surfaceOf(x, x, loss), field);
	return { of, scale: planeScale(of.spec, finiteValues(of)) };
}

function levelsOf({ of, scale }: ReturnType<typeof plane>, named?: readonly number[]): number[] {
	return planeLevels(of, scale, named).map(({ value }) => value);
}

test("a scale's levels are spaced as it is and lie between its ends", (t) => {
	const levels = (...values: number[]) => scaleLevels(valueScale(values), 12).map(({ value }) => value);
	t.deepEqual(levels(0.03, 20), [2, 4, 6, 8, 10, 12, 14, 16, 18]);
	t.deepEqual(levels(0.5, 2e6), [1, 10, 100, 1e3, 1e4, 1e5, 1e6]);
	t.true(levels().length > 0);
});

test("a bowl has evenly stepped levels, four of them below its edge", (t) => {
	// From 0 to 2, closed up to 1.
	t.deepEqual(levelsOf(plane(1, (a, b) => a * a + b * b)), [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8]);
	// The same below 0: from -5 to -3, closed up to -4.
	t.deepEqual(levelsOf(plane(1, (a, b) => a * a + b * b - 5)), [-4.8, -4.6, -4.4, -4.2, -4, -3.8, -3.6, -3.4, -3.2]);
});

test("a steep bowl of 1.6 decades has logarithmic levels, four of them below its edge", (t) => {
	// From 0.05 to 2, closed up to 1.025.
	const bowl = plane(1, (a, b) => 0.05 + 0.975 * (a * a + b * b));
	t.is(bowl.scale.kind, "log");
	t.deepEqual(levelsOf(bowl), [0.1, 0.2, 0.5, 1]);
});

test("a basin that is closed only far below the highest values has round levels of its own", (t) => {
	// From 0.05 to 5.7, closed up to 0.3, below which 1-2-5 has only 0.1 and 0.2.
	const valley = plane(1, (a, b) => 0.05 + 0.25 * a * a + 5.4 * b * b);
	t.deepEqual(levelsOf(valley), [0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 5]);
});

test("two wells have levels below their common edge, finer than above it", (t) => {
	// Bottoms 0 at (±1, 0), a pass of 1, the edge at (±1, ±2) at 4, the corners at 13; whole numbers leave three below 4.
	const wells = plane(2, (a, b) => (a * a - 1) ** 2 + b * b);
	t.deepEqual(levelsOf(wells), [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("at least four levels of a basin are closed lines around its bottom", (t) => {
	const steep = plane(1, (a, b) => 0.05 + 0.975 * (a * a + b * b));
	const valley = plane(1, (a, b) => 0.05 + 0.25 * a * a + 5.4 * b * b);
	const wells = plane(2, (a, b) => (a * a - 1) ** 2 + b * b);
	for (const { of, scale } of [steep, valley, wells]) {
		const heights = refinedHeights(heightsOf(of, scale.position), 3, 3);
		const closed = planeLevels(of, scale).filter(({ position }) =>
			isolines(heights, position).every((line) => line[0] === line.at(-2) && line[1] === line.at(-1)),
		);
		t.true(closed.length >= 4, `${closed.length}`);
	}
});

test("a slope, a dent and a share of samples keep the levels of the scale", (t) => {
	t.deepEqual(levelsOf(plane(1, (a) => a)), [-0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8]);
	// A dent of 0.02 in a slope of 2 is less than a fiftieth of it.
	const dent = plane(1, (a, b) => a - (a === 0 && b === 0 ? 0.06 : 0));
	t.deepEqual(levelsOf(dent), [-0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8]);
	// An accuracy of 1 / (1 + loss): from 100 / 3 to 100 % in steps of 5.
	const share = levelsOf(plane(1, (a, b) => a * a + b * b, "accuracy"));
	t.deepEqual([share[0], share.at(-1)], [35, 95]);
});

test("levels that are named win, in rising order, without those beyond the values", (t) => {
	t.deepEqual(
		levelsOf(
			plane(1, (a, b) => a * a + b * b),
			[7, 0.5, 0.25, 0.5, -1],
		),
		[0.25, 0.5],
	);
});
