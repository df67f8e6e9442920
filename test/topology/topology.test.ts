import test from "ava";
import { OptionError } from "../../src/errors.js";
import { RandomStream } from "../../src/exact/random.js";
import { type Axis, coordinatesOf } from "../../src/surface/grid.js";
import type { Surface } from "../../src/surface/surface.js";
import { smad } from "../../src/topology/smad.js";
import { significantOf, type Topology, topology } from "../../src/topology/topology.js";
import { axis, surfaceOf } from "../render/surfaces.js";
import { pairsByFlooding } from "./brute-force.js";

const significant = (pairs: Topology["minima"]) => pairs.filter((pair) => pair.significant);
const places = (surface: Surface, pairs: Topology["minima"]) =>
	pairs.map(({ point }) => coordinatesOf(surface.grid, point));
const diagram = ({ minima }: Topology) =>
	minima.map(({ birth, death, essential }) => [birth, essential ? null : death] as const).sort(([a], [b]) => a - b);

/** A surface of values drawn at random, some of them missing. */
function randomSurface(seed: number, x: Axis, y: Axis | null, holes = 0): Surface {
	const random = new RandomStream(seed, "directionX");
	return surfaceOf(x, y, () => {
		const value = random.normal();
		return random.normal() < -2 + holes ? (value < 0 ? Number.NaN : undefined) : value;
	});
}

test("two wells are one pair, as deep as the ridge between them, and the lower one is essential", (t) => {
	// x⁴ − x² + y² has minima of −¼ at x = ±1/√2 and a saddle of 0 at the origin, which the grid holds; the tilt makes the left one lower.
	const surface = surfaceOf(axis(-1, 1, 101), axis(-1, 1, 81), (x, y) => x ** 4 - x * x + y * y + 1e-6 * x);
	const { minima, domains, maxima } = topology(surface);
	const [first, second] = minima;
	t.is(minima.length, 2);
	t.is(domains, 1);
	t.true(Math.abs((second?.persistence ?? 0) - 0.25) < 2e-4, String(second?.persistence));
	t.deepEqual(coordinatesOf(surface.grid, second?.end ?? 0), [0, 0]);
	t.deepEqual(places(surface, minima), [
		[-0.7, 0],
		[0.7, 0],
	]);
	t.deepEqual([first?.essential, second?.essential, second?.into], [true, false, 0]);
	t.true(second?.significant === true && second.border === false);
	// Along either edge of y = ±1 the ends and the middle are the highest places.
	t.true(significant(maxima).length === 6 && significant(maxima).every(({ border }) => border));
});

test("an egg box has a minimum in each hollow and basins of one size", (t) => {
	// cos(πx)·cos(πy) around 16 whole places: a hollow of −1 where their sum is odd, a peak where it is even, saddles of 0 between.
	const fine = axis(-0.5, 3.5, 81);
	const surface = surfaceOf(fine, fine, (x, y) => Math.cos(Math.PI * x) * Math.cos(Math.PI * y));
	const { minima, basinAreas } = topology(surface);
	const deep = significant(minima);
	t.is(deep.length, 8);
	for (const { birth, death, essential } of deep) {
		t.true(Math.abs(birth + 1) < 1e-12);
		t.true(essential ? death > 0.99 : Math.abs(death) < 1e-12);
	}
	t.true(Math.abs(basinAreas.reduce((sum, area) => sum + area, 0) - 16) < 1e-9, "the basins make up the grid");
	for (const { point } of deep) {
		const [x = 0, y = 0] = coordinatesOf(surface.grid, point);
		t.is(Math.abs(x + y) % 2, 1);
	}
});

test("pairs, of minima and of maxima, are those that flooding by thresholds finds, with holes and on lines too", (t) => {
	for (let seed = 0; seed < 40; seed++) {
		const y = seed % 4 === 0 ? null : axis(0, 1, 3 + (seed % 5));
		const surface = randomSurface(seed, axis(0, 1, y === null ? 30 : 7), y, (seed % 3) / 2);
		const values = surface.fields[0]?.values ?? new Float64Array();
		for (const neighbours of [4, 6] as const) {
			const found = topology(surface, { neighbours });
			t.deepEqual(diagram(found), pairsByFlooding(surface.grid, values, neighbours), `seed ${seed}`);
			const upside = pairsByFlooding(
				surface.grid,
				values.map((value) => -value),
				neighbours,
			);
			const maxima = found.maxima
				.map(({ birth, death, essential }) => [-birth, essential ? null : -death] as const)
				.sort(([a], [b]) => a - b);
			t.deepEqual(maxima, upside, `maxima, seed ${seed}`);
		}
	}
});

test("what keeps the order of values keeps pairs and basins", (t) => {
	const surface = randomSurface(5, axis(0, 1, 12), axis(0, 1, 9), 0.5);
	const [loss] = surface.fields;
	if (loss === undefined) return t.fail();
	const stretched = { ...surface, fields: [{ ...loss, values: loss.values.map((value) => value ** 3 + value) }] };
	const [before, after] = [topology(surface), topology(stretched)];
	const byPoint = ({ minima }: Topology) =>
		minima
			.map(({ point, end, into }) => [point, end, into === null ? null : minima[into]?.point])
			.sort(([a], [b]) => Number(a) - Number(b));
	t.deepEqual(byPoint(after), byPoint(before));
});

test("a constant surface has one essential minimum and none that is significant, whatever its plateaus", (t) => {
	const { minima, maxima, basinAreas } = topology(surfaceOf(axis(0, 2, 5), axis(0, 1, 4), () => 3));
	t.is(minima.length, 1);
	t.deepEqual([minima[0]?.essential, minima[0]?.persistence, minima[0]?.significant], [true, 0, false]);
	t.is(maxima.length, 1);
	t.true(Math.abs((basinAreas[0] ?? 0) - 2) < 1e-12);
	// A ring of zeros around a peak: one plateau, however its points are numbered.
	const ring = surfaceOf(axis(0, 4, 5), axis(0, 4, 5), (x, y) => (x > 0 && x < 4 && y > 0 && y < 4 ? 1 : 0));
	t.is(topology(ring).minima.length, 1);
});

test("a ring of missing points separates what lies in it, and nothing is filled", (t) => {
	const hole = (x: number, y: number) => Math.max(Math.abs(x), Math.abs(y)) === 2;
	const surface = surfaceOf(axis(-4, 4, 9), axis(-4, 4, 9), (x, y) =>
		hole(x, y) ? (x > 0 ? undefined : Number.NaN) : 1 + x * x + y * y,
	);
	const { minima, domains, missing, basins } = topology(surface);
	t.is(domains, 2);
	t.is(missing, 16);
	const essential = minima.filter((pair) => pair.essential);
	t.deepEqual(places(surface, essential).at(-1), [0, 0]);
	t.deepEqual(
		essential.map(({ birth, death }) => [birth, death]),
		[
			[10, 33],
			[1, 3],
		],
	);
	t.is([...basins].filter((basin) => basin === -1).length, 16);
	t.true(essential[0]?.border, "a hole beside it is a border");
});

test("+∞ is the highest value, −∞ is refused, and so is a field without any", (t) => {
	const wall = surfaceOf(axis(0, 4, 5), null, (x) => [1, 3, Number.POSITIVE_INFINITY, 0, 2][x]);
	const { minima, domains } = topology(wall);
	t.is(domains, 1);
	t.deepEqual(
		minima.map(({ birth, death, essential }) => [birth, death, essential]),
		[
			[1, Number.POSITIVE_INFINITY, false],
			[0, 3, true],
		],
	);
	t.throws(() => topology(surfaceOf(axis(0, 4, 5), null, (x) => (x === 3 ? Number.NEGATIVE_INFINITY : x))), {
		instanceOf: OptionError,
		message: "field: expected values above −∞, got −∞ at (3)",
	});
	t.throws(() => topology(surfaceOf(axis(0, 4, 5), null, () => Number.NaN)), { message: /loss has none/ });
	t.throws(() => topology(wall, { neighbours: 8 as never }), { message: /^neighbours: expected 4 or 6/ });
	t.throws(() => topology(wall, { field: "los" }), { message: /^field: expected one of loss, accuracy/ });
});

test("a pair is significant above the noise of its two values, the persistence asked for, or a hundredth of the range", (t) => {
	// Two dents, 0.4 and 0.004 deep, in a range of 10.
	const losses = [10, 1, 1.4, 0, 5, 4.996, 10];
	const line = surfaceOf(axis(0, 6, 7), null, (x) => losses[x]);
	const deep = (surface: Surface, persistence?: number) =>
		significant(topology(surface, persistence === undefined ? {} : { persistence }).minima).map(({ birth }) => birth);
	t.deepEqual(deep(line), [0, 1]);
	t.deepEqual(deep(line, 0.001), [0, 1, 4.996]);
	t.deepEqual(deep(line, 0.5), [0]);
	const withErrors = (error: number): Surface => ({
		...line,
		fields: [
			...line.fields,
			{
				...{ name: "loss-error", label: "standard error of loss", unit: "loss", errorOf: "loss" },
				values: new Float64Array(7).fill(error),
			},
		],
	});
	// 2·√2·0.14 is 0.396 and 2·√2·0.15 is 0.424.
	t.deepEqual(deep(withErrors(0.14)), [0, 1]);
	t.deepEqual(deep(withErrors(0.15)), [0]);
	t.deepEqual(deep(withErrors(0.001)), [0, 1, 4.996]);
	t.is(topology(withErrors(0.1)).rule, "standard error");
});

test("basins go the steepest way down in units of the axes, and minima that do not count fall to what they meet", (t) => {
	// From the middle, 1 down by a step of 1 to the left is steeper than 1.5 down by one of 2 upwards.
	const steep = surfaceOf(axis(0, 1, 2), axis(0, 2, 2), (x, y) => (y === 0 ? (x === 0 ? 1 : 2) : x === 0 ? 3 : 0.5));
	const { basins, minima } = topology(steep, { neighbours: 4 });
	t.is(minima[basins[1] ?? 0]?.birth, 1);
	const losses = [10, 1, 1.4, 0, 5, 4.996, 10];
	const line = topology(surfaceOf(axis(0, 6, 7), null, (x) => losses[x]));
	t.deepEqual([...line.basins], [1, 1, 0, 0, 0, 2, 2]);
	t.deepEqual(line.basinAreas, [3, 1.5, 1.5]);
	t.deepEqual(significantOf(line.minima), [0, 1, 0]);
	// 0.4 and 0.004 deep.
	t.true(Math.abs(smad(line) - 0.202) < 1e-12);
	t.true(Math.abs(smad(line, { range: 10, weighted: true }) - (0.4 * 1.5 + 0.004 * 1.5) / 6 / 2 / 10) < 1e-12);
	t.is(smad(topology(surfaceOf(axis(-1, 1, 5), null, (x) => x * x))), 0);
});
