import test from "ava";
import fc from "fast-check";
import { curveSection, shapeOf } from "../../src/section/curve.js";
import { norm } from "../../src/section/products.js";
import { formState } from "../../src/section/section.js";
import { weightings } from "../../src/section/weights.js";

const network = (...parameters: number[]) => ({
	parameters: Float32Array.from(parameters),
	statistics: new Float32Array(),
});

function placeOn(curve: Parameters<typeof curveSection>[0], t: number): number[] {
	const out = {
		parameters: new Float32Array(curve.networks[0]?.parameters.length ?? 0),
		statistics: new Float32Array(),
	};
	formState(out, curveSection(curve, ["a", "b"]), [t]);
	return [...out.parameters];
}

test("Bernstein's weights are (1−t)², 2t(1−t), t², sum to 1, and leave the ends alone at the ends", (t) => {
	t.deepEqual(weightings.bezier([0.25], 3), [0.5625, 0.375, 0.0625]);
	t.deepEqual(weightings.bezier([0], 5), [1, 0, 0, 0, 0]);
	t.deepEqual(weightings.bezier([1], 5), [0, 0, 0, 0, 1]);
	fc.assert(
		fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 2, max: 9 }), (at, count) => {
			const all = Object.entries(weightings).filter(([name]) => name === "bezier" || name === "polygonal");
			return all.every(([, weigh]) => {
				const weights = weigh([at], count);
				return Math.abs(weights.reduce((sum, weight) => sum + weight) - 1) < 1e-12 && weights.every((w) => w >= 0);
			});
		}),
	);
});

test("a curve passes through its ends to the bit, a polygonal one through its bends too", (t) => {
	const networks = [network(0.1, 0.2, 0.3), network(1.7, -0.4, 0), network(-3.3, 0.7, 1 / 3)];
	const [from, bend, to] = networks.map(({ parameters }) => [...parameters]);
	for (const kind of ["bezier", "polygonal"] as const) {
		t.deepEqual(placeOn({ kind, networks }, 0), from);
		t.deepEqual(placeOn({ kind, networks }, 1), to);
	}
	t.deepEqual(placeOn({ kind: "polygonal", networks }, 0.5), bend);
	// ¼ of the first, ½ of the bend, ¼ of the last.
	t.deepEqual(placeOn({ kind: "bezier", networks: [network(0, 8), network(4, 4), network(8, -8)] }, 0.5), [4, 2]);
});

test("the plane of a curve with one bend holds it: along the chord and across it, in lengths", (t) => {
	// From (0, 0, 0) to (6, 0, 0) by a bend at (2, 3, 4): 5 across.
	const curve = { kind: "bezier" as const, networks: [network(0, 0, 0), network(2, 3, 4), network(6, 0, 0)] };
	const { chord, distance, plane } = shapeOf(curve, ["a", "b"]);
	t.is(chord, 6);
	t.is(distance(0, 1), 6);
	const [, x, y] = plane?.section.vectors ?? [];
	t.deepEqual([...(x ?? [])], [1, 0, 0]);
	t.true([0, 0.6, 0.8].every((part, i) => Math.abs(part - (y?.[i] ?? 9)) < 1e-15));
	const { at: [along = 0, across = 0] = [], offPlane } = plane?.at(0.5) ?? {};
	// ½·(2, 3, 4) + ¼·(6, 0, 0) = (2.5, 1.5, 2): 2.5 across.
	t.true(Math.abs(along - 2.5) < 1e-12 && Math.abs(across - 2.5) < 1e-12);
	t.is(offPlane, 0);
	t.deepEqual(
		plane?.section.anchors.map(({ at }) => at),
		[
			[0, 0],
			[6, 0],
		],
	);
});

test("of several bends the plane tells how far off it each place is, as the vectors themselves do", (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(
				fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 6, maxLength: 6 }), {
					minLength: 4,
					maxLength: 6,
				}),
				fc.constantFrom("bezier" as const, "polygonal" as const),
				fc.double({ min: 0.01, max: 0.99, noNaN: true }),
				(given, kind, at) => {
					const networks = given.map((vector) => network(...vector));
					const { plane } = shapeOf({ kind, networks }, ["a", "b"]);
					if (plane === undefined) return true;
					const [origin, x, y] = plane.section.vectors;
					const place = placeOn({ kind, networks }, at);
					const {
						at: [along = 0, across = 0],
						offPlane,
					} = plane.at(at);
					const rest = place.map(
						(value, i) => value - (origin?.[i] ?? 0) - along * (x?.[i] ?? 0) - across * (y?.[i] ?? 0),
					);
					return Math.abs(norm(Float64Array.from(rest)) - offPlane) < 1e-4;
				},
			),
		),
	);
});

test("a curve whose bends lie on the straight line has no plane", (t) => {
	const networks = [network(0, 0), network(1, 1), network(3, 3)];
	t.is(shapeOf({ kind: "bezier", networks }, ["a", "b"]).plane, undefined);
});
