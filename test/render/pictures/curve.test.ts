import test from "ava";
import type { PictureOptions } from "../../../src/render/options.js";
import { curve } from "../../../src/render/pictures/curve.js";
import type { Surface } from "../../../src/surface/surface.js";
import { axis, labelsOf, surfaceOf } from "../surfaces.js";

/** A curve of the surface's two fields. */
const line = (surface: Surface, options?: PictureOptions) => curve(surface, surface.fields, options);

/** The points of the loss curve, one list for each unbroken stretch. */
function lossCurve(svg: string): [number, number][][] {
	const data = /<path d="([^"]*)" fill="none" stroke="#0072b2" stroke-width="1.6"/.exec(svg)?.[1] ?? "";
	return data
		.split("M")
		.slice(1)
		.map((part) => part.split("L").map((point) => point.split(" ").map(Number) as [number, number]));
}

test("a curve runs through its points in equal steps, high losses above low ones", (t) => {
	const [points = [], ...others] = lossCurve(line(surfaceOf(axis(0, 4, 5), null, (a) => a)));
	t.is(others.length, 0);
	t.is(points.length, 5);
	for (let i = 1; i < 5; i++) {
		const [x0 = 0, y0 = 0] = points[i - 1] ?? [];
		const [x1 = 0, y1 = 0] = points[i] ?? [];
		t.true(Math.abs(x1 - x0 - ((points[4]?.[0] ?? 0) - (points[0]?.[0] ?? 0)) / 4) < 0.02);
		t.true(y1 < y0);
	}
});

test("a curve breaks at points without a value, which the legend counts by kind", (t) => {
	const values = [1, 2, Number.NaN, 3, 4, Number.POSITIVE_INFINITY, 5, undefined, 6];
	const svg = line(surfaceOf(axis(0, 8, 9), null, (a) => values[a]));
	t.deepEqual(
		lossCurve(svg).map((stretch) => stretch.length),
		[2, 2, 1, 1],
	);
	const labels = labelsOf(svg);
	for (const label of ["loss NaN: 1 point", "loss +∞: 1 point", "not computed: 1 point"]) {
		t.true(labels.includes(label), label);
	}
});

test("both axes are named, accuracy in per cent from 0 to 100", (t) => {
	const labels = labelsOf(line(surfaceOf(axis(-0.5, 1.5, 41), null, (a) => 0.1 + (a - 1) ** 2)));
	for (const label of ["α", "loss", "accuracy (%)", "100"]) t.true(labels.includes(label), label);
	t.is(labels.filter((label) => label === "accuracy (%)").length, 2);
});

test("marks name places on the axis, and those beyond it are left out", (t) => {
	const surface = surfaceOf(axis(-0.5, 1.5, 5), null, (a) => 1 + a);
	const marks = [
		{ alpha: 0, label: "first" },
		{ alpha: 1, label: "second" },
		{ alpha: 9, label: "third" },
	];
	const svg = line(surface, { marks });
	t.true(labelsOf(svg).includes("first") && labelsOf(svg).includes("second"));
	t.false(labelsOf(svg).includes("third"));
	t.is([...svg.matchAll(/stroke-dasharray="2 3"/g)].length, 2);
});

test("a surface without a finite value still gives a picture", (t) => {
	const svg = line(surfaceOf(axis(-1, 1, 3), null, () => Number.NaN));
	t.true(labelsOf(svg).includes("loss NaN: 3 points"));
	t.false(/ d="[^"]*NaN/.test(svg));
});
