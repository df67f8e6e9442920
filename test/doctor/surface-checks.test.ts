import test from "ava";
import { regularGrid } from "../../src/surface/grid.js";
import { emptySurface, record, type Surface } from "../../src/surface/surface.js";
import { axis, surfaceOf } from "../render/surfaces.js";
import { ask, executor, mlp, type Run, says, swept } from "./runs.js";

let healthy: Run;
test.before(async () => {
	healthy = await swept(mlp);
});
test.after.always(() => executor.close());

const plane = axis(-1, 1, 21);
const bowl = surfaceOf(plane, plane, (x, y) => 0.1 + x * x + y * y);

test("a sweep that is not complete says how many points it lacks, and how to go on", async (t) => {
	t.is(await ask("complete", healthy), null);
	const { surface } = healthy;
	const half = { ...surface, done: surface.done.map((mark, point) => (point < 40 ? mark : 0)) };
	says(
		t,
		await ask("complete", { surface: half }),
		"doubtful",
		/^41 of 81 points are not computed/,
		/^isoloss sweep --model \S*a\.onnx/,
	);
});

test("values that are not finite, or near overflow, are counted", async (t) => {
	says(t, await ask("finite", healthy), "fine", /^All 81 losses are finite; the largest is 1\.\d+/);
	const far = await swept({ ...mlp, x: { min: -1e39, max: 1e39, steps: 3 }, y: null });
	says(t, await ask("finite", far), "wrong", /^2 of 3 losses \(66\.67 %\) are NaN or infinite/, /--x=-5e\+38:5e\+38:3/);
	const near = surfaceOf(axis(0, 2, 3), null, (x) => 10 ** (16 * x));
	says(
		t,
		await ask("finite", { surface: near }),
		"doubtful",
		/^The largest loss is 1×10³²/,
		/^isoloss sweep \.\.\. --x 0:1:3/,
	);
});

test("an origin beyond the axes, between points, or above an edge is told", async (t) => {
	says(t, await ask("border", healthy), "fine", /^The origin and the lowest place, \(0, 0\), lie inside\.$/);
	const beside = await swept({ ...mlp, x: { min: 0.5, max: 1.5, steps: 3 }, y: null });
	says(t, await ask("border", beside), "wrong", /origin lies beyond the axes/, /--x=-1\.5:1\.5:3/);
	const even = await swept({ ...mlp, x: { min: -1, max: 1, steps: 4 }, y: null });
	says(t, await ask("border", even), "doubtful", /between points of the grid/, /--x=-1:1:5/);
	const slope = surfaceOf(plane, plane, (x, y) => 3 + x + y * y);
	says(t, await ask("border", { surface: slope }), "doubtful", /2 at \(−1, 0\), lies at the edge/, /--x=-2:2:21/);
});

test("an origin that is not the lowest place is told by how far it is from that to the median", async (t) => {
	says(t, await ask("origin", healthy), "fine", /^No point of the grid lies below the origin's loss/);
	const off = (at: number) => surfaceOf(plane, plane, (x, y) => 0.1 + (x - at) ** 2 + y * y);
	// The median of the distances squared is near 2/3·… of them all; 0.01 and 0.36 are 2 % and over a quarter of it.
	says(t, await ask("origin", { surface: off(0.1) }), "fine", /which no picture shows/);
	says(
		t,
		await ask("origin", { surface: off(0.6) }),
		"wrong",
		/the lowest, 0\.1, is at \(0\.6, 0\)/,
		/^isoloss topology runs\/a$/,
	);
	const none = surfaceOf(plane, plane, (x) => (x === 0 ? Number.NaN : 1));
	says(t, await ask("origin", { surface: none }), "wrong", /is not a finite number/);
});

test("a basin between few points is told in cells, with the range that would show it", async (t) => {
	// 0.1 + x² doubles at √0.1 = 0.316, and at 0.314 of straight lines between tenths: 0.3 + 0.01/0.07 of the next.
	says(t, await ask("basin-width", { surface: bowl }), "fine", /it is 0\.31 along α \(3\.1 cells\) and 0\.31 along β/);
	const wide = await swept({ ...mlp, x: { min: -40, max: 40, steps: 9 }, y: null });
	says(t, await ask("basin-width", wide), "wrong", /less than a cell along α\. .* between few points/, /--x=-1:1:9/);
	const narrow = surfaceOf(plane, plane, (x, y) => 9 + x * x + y * y);
	says(t, await ask("basin-width", { surface: narrow }), "unknown", /does not double within the grid/, /--x=-2:2:21/);
});

test("a range in which nothing changes is told from rounding", async (t) => {
	says(t, await ask("relief", healthy), "fine", /^Losses go from 0\.\d+ to 1\.\d+/);
	const flat = await swept({ ...mlp, x: { min: -0.01, max: 0.01, steps: 5 }, y: null });
	says(t, await ask("relief", flat), "doubtful", /range is too narrow/, /--x=-0\.1:0\.1:5/);
	const noise = await swept({ ...mlp, x: { min: -1e-7, max: 1e-7, steps: 5 }, y: null });
	says(t, await ask("relief", noise), "wrong", /the picture is rounding/, /^(?!.*--x).*--y none/);
});

test("a plane of one colour with a bright corner is told, and how to see the rest", async (t) => {
	says(t, await ask("colours", healthy), "fine", /% of the way up the linear scale/);
	const corner = surfaceOf(plane, plane, (x, y) => 2 + 0.1 * (x * x + y * y) + (x > 0.9 && y > 0.9 ? 30 : 0));
	says(
		t,
		await ask("colours", { surface: corner }),
		"doubtful",
		/take the colours of all others/,
		/^isoloss render runs\/a --scale log$/,
	);
	const signed = surfaceOf(plane, plane, (x, y) => (x > 0.9 && y > 0.9 ? 30 : 0.8 * x));
	says(t, await ask("colours", { surface: signed }), "doubtful", /Nine tenths/, /--zmax 0\.64$/);
});

test("a grid too coarse for its lines is told by cubics beside straight lines", async (t) => {
	says(t, await ask("spacing", healthy), "fine", /more than half a cell apart/);
	// Two points a period: what is between is anybody's guess, and no point is what those beside it say.
	const coarse = surfaceOf(axis(0, 10, 21), axis(0, 1, 2), (x) => 2 + Math.sin(5.7 * x));
	says(t, await ask("spacing", { surface: coarse }), "wrong", /guessed there/, /--x 0:10:41 --y 0:1:3/);
});

test("several basins are told, and a surface that is rough down to its grid", async (t) => {
	says(t, await ask("minima", healthy), "fine", /^There is one minimum\.$/);
	const two = surfaceOf(plane, plane, (x, y) => x ** 4 - x * x + y * y);
	says(
		t,
		await ask("minima", { surface: two }),
		"doubtful",
		/2 minima, 2 of them significant/,
		/^isoloss topology runs\/a$/,
	);
	const rough = surfaceOf(plane, plane, (x, y) => Math.sin(40 * x) * Math.sin(37 * y));
	says(t, await ask("minima", { surface: rough }), "doubtful", /rough down to the grid/, /--x=-1:1:41/);
});

test("interpolated values are told by their share", async (t) => {
	t.is(await ask("interpolated", healthy), null);
	const { grid, extras, anchors, fields, provenance } = healthy.surface;
	const partly = (count: number): Surface => {
		const surface = emptySurface({ grid, extras, anchors, fields, provenance, interpolates: true });
		record(surface, { first: 0, count: 81 - count, values: new Float64Array(2 * (81 - count)) });
		record(surface, { first: 81 - count, count, values: new Float64Array(2 * count), interpolated: true });
		return surface;
	};
	says(t, await ask("interpolated", { surface: partly(27) }), "fine", /^27 of 81 points \(33\.3 %\) are interpolated/);
	says(t, await ask("interpolated", { surface: partly(80) }), "doubtful", /^80 of 81/);
});

test("questions about a middle do not arise on planes between networks", async (t) => {
	const anchors = [
		{ label: "a", at: [0], role: "origin" as const },
		{ label: "b", at: [1], role: "end" as const },
	];
	const line = { ...surfaceOf(axis(0, 1, 5), null, (x) => 1 - x), anchors, grid: regularGrid(axis(0, 1, 5), null) };
	for (const name of ["origin", "basin-width", "minima"]) t.is(await ask(name, { surface: line }), null, name);
});
