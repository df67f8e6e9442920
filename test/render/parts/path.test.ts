import test from "ava";
import { render } from "../../../src/render/index.js";
import type { PathPoint } from "../../../src/surface/trajectory.js";
import { axis, labelsOf, surfaceOf } from "../surfaces.js";

const network = (file: string, ...at: number[]): PathPoint => ({
	...{ file, at, offPlane: 0, offPlaneShare: 0, loss: 1, lossOwnStatistics: 1 },
});

/** Contour plot and relief. */
async function drawn(points: readonly PathPoint[], marks: readonly PathPoint[]): Promise<[string, string]> {
	const surface = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), (a, b) => 1 + a * a + b * b);
	const trajectories = { origin: "c", principal: null, paths: [{ label: "training", points }], marks };
	const pictures = await render({ ...surface, trajectories }, { formats: ["svg"] });
	const named = (wanted: string) => String(Buffer.from(pictures.find(({ name }) => name === wanted)?.bytes ?? []));
	return [named("contour.svg"), named("relief.svg")];
}

test("a training beyond the picture is cut off at its frame, its networks there are counted and not drawn", async (t) => {
	const [beyond, relief] = await drawn(
		[network("a", 0, 0), network("b", 3, 0.5), network("c", 0.5, 0.5)],
		[network("far.pt", 0, 9)],
	);
	t.true(beyond.includes('clip-path="url(#path-0)"'));
	for (const svg of [beyond, relief]) t.true(labelsOf(svg).includes("2 of 4 networks lie beyond the picture"));
	t.false(labelsOf(beyond).includes("far"));
	const [inside, wholeRelief] = await drawn(
		[network("a", 0, 0), network("b", 1, 0.5), network("c", 0.5, 0.5)],
		[network("near.pt", 0, -1)],
	);
	t.false(inside.includes("clip-path"));
	t.true(labelsOf(inside).includes("near"));
	t.false(labelsOf(wholeRelief).some((label) => label.endsWith("beyond the picture")));
	// One dot between the square at the start and the diamond at the end, and that of the legend; b's is beyond the frame.
	const dots = (svg: string) => svg.match(/<circle [^>]*r="3"[^>]*stroke-width="0\.9"/g)?.length;
	t.is((dots(inside) ?? 0) - (dots(beyond) ?? 0), 1);
});

test("of networks whose losses and distances nobody knows no ring is drawn, and the legend says so", async (t) => {
	const unknown = (at: number[]): PathPoint => ({
		...{
			file: "a",
			at,
			offPlane: Number.NaN,
			offPlaneShare: Number.NaN,
			loss: Number.NaN,
			lossOwnStatistics: Number.NaN,
		},
	});
	for (const svg of await drawn([unknown([0, 0]), unknown([0.5, 0.5])], [])) {
		t.false(svg.includes("NaN"));
		t.false(labelsOf(svg).some((label) => label.startsWith("share of its way")));
		t.true(labelsOf(svg).includes("a network, whose own loss is not known"));
	}
});
