import test from "ava";
import { areaBelow } from "../../src/measure/area-below.js";
import { convexityShare } from "../../src/measure/convexity.js";
import { halfWidth } from "../../src/measure/half-width.js";
import { measureSurface, measures } from "../../src/measure/index.js";
import { levelOf, originValue } from "../../src/measure/measure.js";
import { minimum } from "../../src/measure/minimum.js";
import { planeSharpness } from "../../src/measure/plane-sharpness.js";
import { roughness } from "../../src/measure/roughness.js";
import { record } from "../../src/surface/surface.js";
import { newSurface } from "../fixtures.js";
import { axis, surfaceOf } from "../render/surfaces.js";

const fine = axis(-1, 1, 201);
/** c + a·α² + b·β²: the loss doubles at √(c/a) and √(c/b), on an ellipse of area π·c/√(a·b). */
const quadratic = surfaceOf(fine, fine, (a, b) => 0.1 + a * a + 4 * b * b);
const saddle = surfaceOf(axis(-1, 1, 21), axis(-1, 1, 11), (a, b) => 1 + a * b);
const plane = surfaceOf(axis(-2, 2, 17), axis(-1, 1, 9), (a, b) => 1 + 0.5 * a + 0.1 * b);
const parabola = surfaceOf(axis(-1, 1, 21), null, (a) => 0.25 + a * a);

const near = (actual: number | null, expected: number, within = 1e-12) =>
	actual !== null && Math.abs(actual - expected) <= within;

test("the loss at the origin is that of the grid, or else of the point apart from it", (t) => {
	t.is(originValue(quadratic), 0.1);
	const off = surfaceOf(axis(1, 2, 3), null, (a) => a);
	t.is(originValue(off), null);
	const apart = newSurface(axis(1, 2, 3), null, undefined, [[0]]);
	t.is(originValue(apart), null);
	record(apart, { first: 3, count: 1, values: Float64Array.of(0.5, 1) });
	t.is(originValue(apart), 0.5);
	t.is(originValue(apart, { field: "accuracy" }), 1);
	t.is(originValue(surfaceOf(axis(-1, 1, 3), null, () => Number.NaN)), Number.NaN);
	t.is(originValue(surfaceOf(axis(-1, 1, 3), null, () => undefined)), null);
});

test("a quadratic doubles at the square root of its height over its curvature", (t) => {
	t.true(near(halfWidth(quadratic, "x"), Math.sqrt(0.1), 1e-4));
	t.true(near(halfWidth(quadratic, "y"), Math.sqrt(0.1 / 4), 1e-4));
	// 0.25 + α² is 0.5 at α = 0.5, a grid point.
	t.true(near(halfWidth(parabola, "x"), 0.5));
	t.is(halfWidth(parabola, "y"), null);
});

test("to a level of one's own the half-width is that of the level, and none where the origin is above it", (t) => {
	// 0.25 + α² is 0.61 at α = 0.6.
	t.true(near(halfWidth(parabola, "x", { level: 0.61 }), 0.6));
	t.is(halfWidth(parabola, "x", { level: 0.25 }), null);
	t.is(halfWidth(parabola, "x", { level: 1e9 }), null);
	t.deepEqual([levelOf(parabola), levelOf(parabola, { level: 3 }), levelOf(plane)], [0.5, 3, 2]);
});

test("the half-width is the mean of both sides, linear between points", (t) => {
	// From 1 at 0: reaches 2 at 1/3 of the first step to the right, and in the middle of the second to the left.
	const losses = [4, 3, 1, 1, 4, 9];
	const surface = surfaceOf(axis(-3, 2, 6), null, (a) => losses[a + 3]);
	t.true(near(halfWidth(surface, "x"), (1 / 3 + 1.5) / 2));
});

test("a width that the grid does not show is not made up", (t) => {
	const of = (losses: (number | undefined)[]) =>
		halfWidth(
			surfaceOf(axis(-2, 2, 5), null, (a) => losses[a + 2]),
			"x",
		);
	t.is(of([1, 1, 1, 2, 3]), null);
	t.is(of([3, Number.NaN, 1, 2, 3]), null);
	t.is(of([3, undefined, 1, 2, 3]), null);
	t.is(of([3, 2, 0, 2, 3]), null);
	t.is(of([Number.NaN, 2, 1, 2, undefined]), 1);
	t.is(of([Number.POSITIVE_INFINITY, 1, 1, 2, 3]), 1);
	t.is(halfWidth(plane, "y"), null);
	t.is(
		halfWidth(
			surfaceOf(axis(1, 2, 3), null, (a) => a),
			"x",
			{ level: 1 },
		),
		null,
	);
});

test("the area below a level is that of the ellipse, and gets nearer with a finer grid", (t) => {
	const ellipse = (Math.PI * 0.1) / 2;
	// On a cell's triangles the quadratic is too high by at most (1 + 4)·h²/4, and π/2 of that is area.
	t.true(near(areaBelow(quadratic), ellipse, (Math.PI / 2) * 1.25e-4));
	const coarse = surfaceOf(axis(-1, 1, 21), axis(-1, 1, 21), (a, b) => 0.1 + a * a + 4 * b * b);
	const miss = Math.abs((areaBelow(coarse) ?? 0) - ellipse);
	t.true(miss > 1e-3 && miss < (Math.PI / 2) * 1.25e-2);
});

test("the area below a level is exact for a plane and for a saddle's own level", (t) => {
	// 1 + α/2 + β/10 lies below 1 on half of the rectangle of 4 × 2; below 1.6 where α < 1.2 − β/5: 2·(2 + 1.2).
	t.true(near(areaBelow(plane, { level: 1 }), 4));
	t.true(near(areaBelow(plane, { level: 1.6 }), 6.4));
	t.true(near(areaBelow(saddle, { level: 1 }), 2));
	t.true(near(areaBelow(plane, { level: 100 }), 8));
	t.is(areaBelow(plane, { level: -100 }), 0);
});

test("on a line the area is a length", (t) => {
	t.true(near(areaBelow(parabola), 1));
	t.true(
		near(
			areaBelow(
				surfaceOf(axis(0, 4, 5), null, (a) => a),
				{ level: 2.5 },
			),
			2.5,
		),
	);
});

test("cells with a value that is not finite have no area below, and missing points leave it unknown", (t) => {
	const of = (value: number | undefined) =>
		areaBelow(
			surfaceOf(axis(0, 2, 3), axis(0, 2, 3), (a, b) => (a === 0 && b === 0 ? value : 1)),
			{ level: 2 },
		);
	t.is(of(1), 4);
	t.is(of(Number.NaN), 3);
	t.is(of(Number.POSITIVE_INFINITY), 3);
	t.is(of(undefined), null);
});

test("roughness is the change of slope: none for a plane, 2·a·(length − spacing) for a parabola", (t) => {
	t.true(near(roughness(plane), 0));
	t.true(near(roughness(parabola), 2 * (2 - 0.1)));
	t.true(near(roughness(quadratic), (2 * (2 - 0.01) + 8 * (2 - 0.01)) / 2, 1e-9));
	// Along each row and column α·β is straight.
	t.true(near(roughness(saddle), 0));
	// Up and down by 1 each step: every slope but the first differs by 2 from the one before.
	t.is(roughness(surfaceOf(axis(0, 10, 11), null, (a) => a % 2)), 18);
});

test("lines with a missing or infinite value have no roughness", (t) => {
	for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
		t.is(roughness(surfaceOf(axis(0, 4, 5), null, (a) => (a === 2 ? value : a))), null);
		// Only the row and the column through (2, 1) are left out.
		t.true(
			near(
				roughness(surfaceOf(axis(0, 4, 5), axis(0, 2, 3), (a, b) => (a === 2 && b === 1 ? value : a * a))),
				(2 * (4 - 1)) / 2,
			),
		);
	}
	t.is(roughness(surfaceOf(axis(0, 1, 2), null, (a) => a)), null);
});

test("a bowl is convex everywhere, a saddle, a dome, a plane and a trough nowhere", (t) => {
	t.is(convexityShare(quadratic), 1);
	t.is(convexityShare(parabola), 1);
	t.is(convexityShare(saddle), 0);
	t.is(convexityShare(plane), 0);
	const of = (loss: (a: number, b: number) => number) =>
		convexityShare(surfaceOf(axis(-1, 1, 9), axis(-1, 1, 7), loss));
	t.is(
		of((a, b) => -a * a - b * b),
		0,
	);
	t.is(
		of((a) => a * a),
		0,
	);
	// Second differences along both axes are above 0, but along α = −β the surface curves down.
	t.is(
		of((a, b) => a * a + b * b + 3 * a * b),
		0,
	);
	t.is(
		of((a, b) => a * a + b * b + a * b),
		1,
	);
});

test("half of a cubic is convex, and points next to missing values do not count", (t) => {
	// α³ curves up right of 0; at 0 the second difference is 0.
	t.is(convexityShare(surfaceOf(axis(-4, 4, 9), null, (a) => a ** 3)), 3 / 7);
	t.is(convexityShare(surfaceOf(axis(-4, 4, 9), null, (a) => (a === -4 ? Number.NaN : a ** 3))), 3 / 6);
	t.is(convexityShare(surfaceOf(axis(-4, 4, 9), null, (a) => (a === -4 ? undefined : a ** 3))), 3 / 6);
	t.is(convexityShare(surfaceOf(axis(0, 2, 3), axis(0, 2, 3), (a, b) => (a === b ? Number.NaN : 1))), null);
});

test("the minimum and where it lies; on a line it has no β", (t) => {
	const surface = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), (a, b) => (a - 0.5) ** 2 + (b + 1) ** 2 + 3);
	t.deepEqual(
		(["value", "alpha", "beta"] as const).map((part) => minimum(surface, part)),
		[3, 0.5, -1],
	);
	t.is(minimum(parabola, "alpha"), 0);
	t.is(minimum(parabola, "beta"), null);
	t.is(
		minimum(
			surfaceOf(axis(-1, 1, 3), null, () => Number.NaN),
			"value",
		),
		null,
	);
});

test("sharpness in the plane is the rise within the box over 1 + the loss, in per cent", (t) => {
	// At the box's corner (0.1, 0.1) the quadratic is 0.1 + 0.01 + 0.04.
	t.true(near(planeSharpness(quadratic), (0.05 / 1.1) * 100, 1e-9));
	t.true(near(planeSharpness(quadratic, { epsilon: 0.5 }), (1.25 / 1.1) * 100, 1e-9));
	t.true(near(planeSharpness(parabola, { epsilon: 0.1 }), (0.01 / 1.25) * 100, 1e-9));
	// A maximum at the origin is not sharp.
	t.is(planeSharpness(surfaceOf(axis(-1, 1, 21), null, (a) => 1 - a * a)), 0);
	t.is(planeSharpness(quadratic, { epsilon: 0.001 }), null);
	const of = (value: number | undefined) =>
		planeSharpness(
			surfaceOf(axis(-1, 1, 21), null, (a) => (a === 0.1 ? value : 1)),
			{ epsilon: 0.1 },
		);
	t.is(of(Number.NaN), Number.NaN);
	t.is(of(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
	t.is(of(undefined), null);
});

test("every measure has a name of its own, and all of them come at once", (t) => {
	const found = measureSurface(parabola);
	t.deepEqual(
		Object.keys(found),
		measures.map(({ name }) => name),
	);
	t.is(found.originLoss, 0.25);
	t.is(found.barrier, null);
});
