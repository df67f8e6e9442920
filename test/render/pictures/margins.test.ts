import test from "ava";
import { render } from "../../../src/render/index.js";
import { contour } from "../../../src/render/pictures/contour.js";
import { curve } from "../../../src/render/pictures/curve.js";
import { differences } from "../../../src/render/pictures/panels.js";
import type { Field } from "../../../src/surface/field.js";
import { fieldNamed, type Surface } from "../../../src/surface/surface.js";
import { axis, labelsOf, surfaceOf } from "../surfaces.js";

/** The same surface, whose losses all have one standard error. */
function withErrors(surface: Surface, error: number): Surface {
	const loss = fieldNamed(surface, "loss");
	const errors: Field = {
		name: "loss-error",
		label: "standard error of loss",
		unit: "loss",
		errorOf: "loss",
		values: loss.values.map(() => error),
	};
	return { ...surface, fields: [...surface.fields, errors] };
}

/** The numbers of a path's points, in the figure's units. */
const pointsIn = (data: string) =>
	[...data.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

const ramp = surfaceOf(axis(0, 10, 11), axis(0, 10, 11), (alpha) => 10 + alpha);

test("where intervals are wider than lines are apart, only lines whose bands are clear of each other have one", async (t) => {
	// A margin of 2 to each side of lines that are 1 or 2 apart.
	const svg = await contour(withErrors(ramp, 2 / 1.984217), "loss");
	const [, width = 0] =
		svg.match(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="[\d.]+" fill="none"/)?.map(Number) ?? [];
	const bands = [...svg.matchAll(/<path d="([^"]*)"[^>]* fill-rule="evenodd"/g)];
	// Where each begins: 2 below its line, and so 4 or more after the one before has begun, which the frame may cut.
	const starts = bands.map(([, data = ""]) => Math.min(...pointsIn(data).map(([x = 0]) => x))).sort((a, b) => a - b);
	t.true(starts.length >= 2 && starts.length <= 3, String(starts));
	const [first = 0, second = 0, third = Number.POSITIVE_INFINITY] = starts;
	t.true(second - first >= 2 * (width / 10) - 1 && third - second >= 4 * (width / 10) - 1, String(starts));
});

test("a line on a slope has a band as wide as its interval, from edge to edge", async (t) => {
	// Student's 97.5 % quantile of 99 degrees is 1.98: a margin of 0.5 is half a cell to each side.
	const svg = await contour(withErrors(ramp, 0.5 / 1.984217), "loss");
	const [, x = 0, y = 0, width = 0, height = 0] =
		svg.match(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none"/)?.map(Number) ?? [];
	const bands = [...svg.matchAll(/<path d="([^"]*)"[^>]* fill-rule="evenodd"/g)].map(([, data = ""]) => pointsIn(data));
	t.true(bands.length >= 4);
	for (const band of bands) {
		// A band between two outlines, each closed along the frame, within which all is above.
		const inside = band.filter(([at = 0, up = 0]) => at < x + width - 1 && up > y + 1 && up < y + height - 1);
		const inner = inside.map(([at = 0]) => at);
		const wide = (Math.max(...inner) - Math.min(...inner)) / (width / 10);
		t.true(Math.abs(wide - 1) < 0.05, `${wide} cells`);
		const heights = band.map(([, at = 0]) => at);
		t.true(Math.abs(Math.min(...heights) - y) < 0.5 && Math.abs(Math.max(...heights) - y - height) < 0.5);
	}
	t.true(labelsOf(svg).includes("95 % interval"));
});

test("surfaces without errors have no bands, and those of errors of 0 neither", async (t) => {
	for (const surface of [ramp, withErrors(ramp, 0)]) {
		const svg = await contour(surface, "loss");
		t.false(svg.includes("evenodd"));
		t.false(labelsOf(svg).includes("95 % interval"));
	}
	t.is(await contour(withErrors(ramp, 0), "accuracy"), await contour({ ...withErrors(ramp, 0) }, "accuracy"));
});

test("errors have pictures of their own only where these are named", async (t) => {
	const surface = withErrors(ramp, 0.1);
	const names = async (pictures?: string[]) =>
		(await render(surface, { formats: ["svg"], ...(pictures && { pictures }) })).map(({ name }) => name);
	t.deepEqual(await names(), ["heatmap.svg", "contour.svg", "relief.svg", "accuracy-heatmap.svg"]);
	t.deepEqual(await names(["loss-error-heatmap"]), ["loss-error-heatmap.svg"]);
});

test("a curve's band lies within its frame", (t) => {
	const line = withErrors(
		surfaceOf(axis(0, 10, 11), null, (alpha) => 1 + alpha),
		0.5,
	);
	const svg = curve(line, line.fields.slice(0, 1));
	const [, data = ""] = svg.match(/<path d="([^"]*)"[^>]*fill-opacity="0.22"/) ?? [];
	const heights = pointsIn(data).map(([, y = 0]) => y);
	const [, , y = 0, , height = 0] =
		svg.match(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none"/)?.map(Number) ?? [];
	t.is(heights.length, 22);
	t.true(heights.every((at) => at > y && at < y + height));
	// Nowhere cut off: as high at both ends as in the middle.
	const tall = (i: number) => (heights[21 - i] ?? 0) - (heights[i] ?? 0);
	for (let i = 1; i < 11; i++) t.true(Math.abs(tall(i) / tall(0) - 1) < 0.02, `${i}`);
});

test("a difference is dotted where it lies within the intervals of both", async (t) => {
	const x = axis(0, 10, 11);
	const named = (label: string, surface: Surface) => ({ label, surface: withErrors(surface, 0.5) });
	// Up to 10 · 0.3 apart; both margins together are √2 · 0.99.
	const pair = [
		named("a", ramp),
		named(
			"b",
			surfaceOf(x, x, (alpha) => 10 + 1.3 * alpha),
		),
	];
	const drawing = await differences(pair, { field: fieldNamed(ramp, "loss") });
	const svg = drawing?.svg ?? "";
	const dots = [...(svg.match(/<path d="((?:M[-\d. ]+h0){20,})"/)?.[1]?.matchAll(/M/g) ?? [])].length;
	// α up to 4: 0.3 · 4 = 1.2 lies within 1.40, 0.3 · 5 = 1.5 beyond; eleven rows of five.
	t.is(dots, 55);
	t.true(labelsOf(svg).includes("not told from 0: within the 95 % interval"));
});
