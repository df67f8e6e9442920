import test from "ava";
import { drawTopology, type TopologyPictureOptions } from "../../src/render/topology.js";
import type { Surface } from "../../src/surface/surface.js";
import { type TopologyOptions, topology } from "../../src/topology/index.js";
import { axis, labelsOf, surfaceOf } from "./surfaces.js";

/** Three wells of a quarter, half and one deep below 2, a long way apart, with a dent of 0.001 between. */
const wells = surfaceOf(axis(-1, 1, 21), axis(-1, 1, 21), (x, y) => {
	const well = (depth: number, at: number) => depth * Math.max(0, 1 - 4 * Math.hypot(x - at, y));
	return 2 - well(0.25, -0.7) - well(0.5, 0) - well(1, 0.7) - (x === 0 && y === 0.9 ? 0.001 : 0);
});

async function drawn(surface: Surface, options: TopologyPictureOptions = {}, asked: TopologyOptions = {}) {
	const pictures = await drawTopology(surface, topology(surface, asked), { formats: ["svg"], ...options });
	return new Map(pictures.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]));
}

test("a plane has a barcode, a tree and a map of basins; a line no map; equal input gives equal bytes", async (t) => {
	const files = await drawn(wells);
	t.deepEqual([...files.keys()], ["barcode.svg", "merge-tree.svg", "basins.svg"]);
	t.deepEqual(await drawn(wells), files);
	const line = surfaceOf(axis(-1, 1, 9), null, (x) => x ** 4 - x * x);
	t.deepEqual([...(await drawn(line)).keys()], ["barcode.svg", "merge-tree.svg"]);
	const [first] = await drawTopology(wells, topology(wells));
	t.is(first?.name, "barcode.svg");
});

test("bars run from birth to death on the axis, and one that never ends has an arrow", async (t) => {
	const svg = (await drawn(wells)).get("barcode.svg") ?? "";
	const bars = [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)H([\d.]+)" stroke="([^"]+)"/g)].map(
		([, from, , to, colour]) => ({
			from: Number(from),
			to: Number(to),
			colour,
		}),
	);
	// Depths 1, ½, ¼ and 0.001: the last is not significant, and of another colour.
	t.is(bars.length, 4);
	const [one, half, quarter, dent] = bars.map(({ from, to }) => to - from);
	t.true(Math.abs((half ?? 0) / (one ?? 1) - 0.5) < 0.01 && Math.abs((quarter ?? 0) / (one ?? 1) - 0.25) < 0.01);
	t.true((dent ?? 9) < 2);
	t.not(bars[3]?.colour, bars[2]?.colour);
	t.is([...svg.matchAll(/l-10 -4\.5v9z/g)].length, 1);
	t.true(labelsOf(svg).includes("not significant") && labelsOf(svg).includes("3"));
});

test("branches of the tree are as high as their pairs, and none crosses another", async (t) => {
	const random = surfaceOf(
		axis(0, 1, 13),
		axis(0, 1, 13),
		(x, y) => Math.sin(40 * x) * Math.cos(37 * y) + Math.sin(19 * x * y),
	);
	for (const surface of [wells, random]) {
		const svg = (await drawn(surface)).get("merge-tree.svg") ?? "";
		const branches = [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)" fill="none"/g)].map((match) =>
			match.slice(1).map(Number),
		);
		t.is(branches.length, topology(surface).minima.length - 1);
		for (const [x = 0, , top = 0, into = 0] of branches)
			for (const [other = 0, low = 0, high = 0] of branches) {
				// An upright line strictly between the ends of a level one ends below it, or begins above it.
				const isBetween = other > Math.min(x, into) && other < Math.max(x, into);
				t.false(isBetween && high < top - 0.02 && low > top + 0.02, `${other} crosses ${x} to ${into}`);
			}
	}
});

test("the map marks significant minima by number, saddles and borders, and holes stay holes", async (t) => {
	const svg = (await drawn(wells, {}, { persistence: 0.3 })).get("basins.svg") ?? "";
	const labels = labelsOf(svg);
	for (const label of ["significant minimum", "saddle at which it meets a lower one", "border of its basin", "1", "2"])
		t.true(labels.includes(label), label);
	t.false(labels.includes("3"));
	t.is([...svg.matchAll(/<circle[^>]*r="3\.6"/g)].length, 3, "two minima and the legend's");
	const torn = { ...wells, done: wells.done.map((mark, point) => (point < 42 ? 0 : mark)) };
	t.true(labelsOf((await drawn(torn)).get("basins.svg") ?? "").includes("not computed: 42 points"));
	await t.throwsAsync(drawTopology(wells, topology(wells), { colour: "red" } as never), {
		message: /^colour: no such option/,
	});
});

test("shares are drawn in per cent, and dark pictures have a dark ground", async (t) => {
	const files = await drawn(wells, { theme: "dark" }, { field: "accuracy" });
	const labels = labelsOf(files.get("barcode.svg") ?? "");
	t.true(labels.includes("accuracy (%)") && labels.includes("Minima of the accuracy of small-net"));
	t.true(files.get("basins.svg")?.includes("#14171c"));
});
