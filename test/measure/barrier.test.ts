import test from "ava";
import { barrier } from "../../src/measure/barrier.js";
import type { Surface } from "../../src/surface/surface.js";
import { axis, surfaceOf, withAnchors } from "../render/surfaces.js";

/** The line between two networks with these losses; points for which it gives undefined are left uncomputed. */
function between(loss: (alpha: number) => number | undefined, x = axis(-0.5, 1.5, 9)): Surface {
	return withAnchors(surfaceOf(x, null, loss), "start", "init:1");
}

test("a parabola between unequal ends rises over their line by a quarter, half-way", (t) => {
	// 1 + α + α·(1 − α): over the line from 1 to 2 by α·(1 − α), at most 1/4 at α = 1/2.
	t.deepEqual(barrier(between((a) => 1 + a + a * (1 - a))), { height: 0.25, alpha: 0.5 });
});

test("a convex path has no barrier, and what lies beyond its ends does not count", (t) => {
	t.deepEqual(barrier(between((a) => (a - 0.4) ** 2)), { height: 0, alpha: 0 });
	t.deepEqual(barrier(between((a) => (a < 0 || a > 1 ? 100 : 3))), { height: 0, alpha: 0 });
});

test("ends that the axis meets only up to rounding are ends", (t) => {
	const found = barrier(between((a) => a * (1 - a), axis(-0.1, 1.1, 13)));
	t.true(Math.abs((found?.height ?? 0) - 0.25) < 1e-12);
	t.true(Math.abs((found?.alpha ?? 0) - 0.5) < 1e-12);
});

test("there is no barrier without both ends, nor for surfaces that are no interpolation", (t) => {
	const bump = (a: number) => a * (1 - a);
	for (const x of [axis(0.5, 1.5, 5), axis(-1, 0.5, 4), axis(2, 3, 5), axis(-3, -2, 5), axis(-0.5, 1.5, 8)])
		t.is(barrier(between(bump, x)), null);
	t.is(barrier(surfaceOf(axis(0, 1, 5), null, bump)), null);
	const plane = surfaceOf(axis(0, 1, 5), axis(0, 1, 5), bump);
	t.is(barrier(withAnchors(plane, "a", "b", "c")), null);
});

test("values that are not finite are kept on the way, and at an end leave nothing to measure from", (t) => {
	const at = (place: number, value: number | undefined) => barrier(between((a) => (a === place ? value : 1)));
	t.deepEqual(at(0.5, Number.POSITIVE_INFINITY), { height: Number.POSITIVE_INFINITY, alpha: 0.5 });
	t.deepEqual(at(0.25, Number.NaN), { height: Number.NaN, alpha: 0.25 });
	t.is(at(0.25, undefined), null);
	t.is(at(0, Number.NaN), null);
	t.is(at(1, Number.POSITIVE_INFINITY), null);
	t.deepEqual(at(1.5, Number.NaN), { height: 0, alpha: 0 });
});

test("what notes say of a sweep changes nothing", (t) => {
	const bump = (a: number) => a * (1 - a);
	const surface = surfaceOf(axis(0, 1, 5), null, bump);
	const noted = { ...surface, provenance: { ...surface.provenance, notes: { to: "my colleague" } } };
	t.is(barrier(noted), null);
	t.deepEqual(barrier({ ...between(bump), provenance: noted.provenance }), barrier(between(bump)));
});
