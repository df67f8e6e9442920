import test from "ava";
import sharp from "sharp";
import { OptionError } from "../../../src/errors.js";
import { isolines } from "../../../src/render/isolines.js";
import type { PictureOptions } from "../../../src/render/options.js";
import { heightsOf } from "../../../src/render/parts/interpolation.js";
import { placeLabels } from "../../../src/render/parts/labels.js";
import { drawnField } from "../../../src/render/parts/values.js";
import { contour } from "../../../src/render/pictures/contour.js";
import { axisValue } from "../../../src/surface/grid.js";
import type { Surface } from "../../../src/surface/surface.js";
import { axis, labelsOf, surfaceOf } from "../surfaces.js";

const identity = (value: number) => value;

/** The points of a line as pairs. */
const pairs = (line: Float64Array) =>
	Array.from({ length: line.length / 2 }, (_, i): [number, number] => [line[2 * i] ?? 0, line[2 * i + 1] ?? 0]);

test("the lines of x² + y² are closed and lie on circles", (t) => {
	const x = axis(-1, 1, 101);
	const y = axis(-1, 1, 81);
	const of = drawnField(
		surfaceOf(x, y, (a, b) => a * a + b * b),
		"loss",
	);
	for (const level of [0.04, 0.25, 0.81]) {
		const lines = isolines(heightsOf(of, identity), level);
		t.is(lines.length, 1);
		const points = pairs(lines[0] ?? new Float64Array());
		t.deepEqual(points[0], points.at(-1));
		for (const [column, row] of points) {
			const radius = Math.hypot(-1 + column / 50, -1 + row / 40);
			// Linear interpolation errs by at most h² / 8 · f'' / |f'| = 0.025² / 8 / radius.
			t.true(Math.abs(radius - Math.sqrt(level)) < 1e-4 / radius);
		}
	}
});

test("a line of a 2×2 surface ends where linear interpolation puts it", (t) => {
	// Corners 0, 1 below and 2, 3 above: value = column + 2 · row, which is 1.5 at (1, 0.25) and at (0, 0.75).
	const of = drawnField(
		surfaceOf(axis(0, 1, 2), axis(0, 1, 2), (a, b) => a + 2 * b),
		"loss",
	);
	const lines = isolines(heightsOf(of, identity), 1.5).map(pairs);
	t.is(lines.length, 1);
	t.deepEqual(
		(lines[0] ?? []).sort((p, q) => p[0] - q[0]),
		[
			[0, 0.75],
			[1, 0.25],
		],
	);
});

test("squares with a corner that has no value hold no line", (t) => {
	const gaps = [Number.NaN, Number.POSITIVE_INFINITY, undefined];
	for (const gap of gaps) {
		const surface = surfaceOf(axis(-2, 2, 5), axis(-2, 2, 5), (a, b) => (a === 1 && b === 1 ? gap : a));
		const lines = isolines(heightsOf(drawnField(surface, "loss"), identity), 0.5).map(pairs);
		// α = 0.5 is column 2.5; the point left out is in column 3, row 3, and takes rows 2 to 4 with it.
		t.is(lines.length, 1);
		const rows = (lines[0] ?? []).map(([, row]) => row);
		t.deepEqual([Math.min(...rows), Math.max(...rows)], [0, 2]);
		for (const [column] of lines[0] ?? []) t.is(column, 2.5);
	}
});

test("every crossing of a grid edge is on exactly one line, on a rough surface with saddles", (t) => {
	const surface = surfaceOf(axis(0, 19, 20), axis(0, 14, 15), (a, b) => Math.sin(a * 12.9898 + b * 78.233) * 5);
	const of = drawnField(surface, "loss");
	const value = (column: number, row: number) => of.values[row * 20 + column] ?? Number.NaN;
	let expected = 0;
	for (let row = 0; row < 15; row++) {
		for (let column = 0; column < 20; column++) {
			if (column < 19 && value(column, row) >= 0 !== value(column + 1, row) >= 0) expected++;
			if (row < 14 && value(column, row) >= 0 !== value(column, row + 1) >= 0) expected++;
		}
	}
	const keys = isolines(heightsOf(of, identity), 0).flatMap((line) => {
		const points = pairs(line).map(String);
		return points[0] === points.at(-1) ? points.slice(1) : points;
	});
	t.is(keys.length, expected);
	t.is(new Set(keys).size, expected);
});

test("every line of a bowl that is long enough is labelled with its level, once or twice", async (t) => {
	const surface = surfaceOf(axis(-1, 1, 25), axis(-1, 1, 25), (a, b) => 1 + 10 * (a * a + b * b));
	const labels = labelsOf(await contour(surface, "loss"));
	const frameLabels = labels.filter((label) => /^\d+$/.test(label) && label !== "0");
	for (const level of ["2", "4", "6", "8", "10", "12", "14"]) {
		const count = frameLabels.filter((label) => label === level).length;
		t.true(count >= 1 && count <= 2, `${level} stands ${count} times`);
	}
});

test("labels overlap neither one another nor foreign lines", (t) => {
	const circle = (radius: number) =>
		Float64Array.from({ length: 202 }, (_, i) => {
			const angle = (Math.floor(i / 2) / 100) * 2 * Math.PI;
			return 200 + radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
		});
	const lines = [40, 60, 80, 100, 120, 140].map((radius) => ({ points: circle(radius), text: String(radius) }));
	const labels = placeLabels(lines, { x: 0, y: 0, width: 400, height: 400 }, 10);
	t.is(labels.length, lines.length);
	for (const label of labels) {
		const radius = Number(label.text);
		const [cos, sin] = [Math.cos((label.angle * Math.PI) / 180), Math.sin((label.angle * Math.PI) / 180)];
		t.true(Math.abs(label.angle) <= 90);
		// The text's middle is on its own circle, and its corners stay half-way clear of the neighbouring ones, 20 apart.
		t.true(Math.abs(Math.hypot(label.x - 200, label.y - 200) - radius) < 3);
		for (const [u, v] of [-1, 1].flatMap((a) => [-1, 1].map((b) => [(a * label.width) / 2, b * 5] as const))) {
			const corner = Math.hypot(label.x + u * cos - v * sin - 200, label.y + u * sin + v * cos - 200);
			t.true(Math.abs(corner - radius) < 10);
		}
	}
});

/** The rings of a contour plot as points of the plane from -1 to 1, in rising order of their levels. */
async function rings(surface: Surface, options: PictureOptions): Promise<[number, number][][]> {
	const svg = await contour(surface, "loss", options);
	const [, left = 0, top = 0, width = 1, height = 1] =
		/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none"/.exec(svg)?.map(Number) ?? [];
	return [...svg.matchAll(/<path d="(M[^"]*)" fill="none" stroke="#\w+" stroke-width="1.1"/g)].map(([, path = ""]) =>
		[...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [
			-1 + (2 * (Number(x) - left)) / width,
			1 - (2 * (Number(y) - top)) / height,
		]),
	);
}

test("rings of a bowl of few points are circles, whose straight stretches stray less than a quarter of a unit from them", async (t) => {
	const surface = surfaceOf(axis(-1, 1, 11), axis(-1, 1, 11), (a, b) => a * a + b * b);
	const [ring = []] = await rings(surface, { levels: [0.33], scale: "linear" });
	const radius = Math.sqrt(0.33);
	// The plot is about 480 units wide: 2 / 480 of the plane a unit.
	const quarter = 0.25 / 240;
	t.true(ring.length > 100);
	for (const [i, [x, y]] of ring.entries()) {
		t.true(Math.abs(Math.hypot(x, y) - radius) < quarter);
		const [nextX, nextY] = ring[i + 1] ?? [x, y];
		// Labels leave a gap, across which there is no line.
		if (Math.hypot(nextX - x, nextY - y) < 0.05)
			t.true(Math.abs(Math.hypot((x + nextX) / 2, (y + nextY) / 2) - radius) < quarter);
	}
	const [polygon = []] = await rings(surface, { levels: [0.33], scale: "linear", cells: true });
	t.true(polygon.length < 40, "cells leave straight stretches from edge to edge");
});

test("levels can be named, and those beyond the values are left out", async (t) => {
	const surface = surfaceOf(axis(-1, 1, 25), axis(-1, 1, 25), (a, b) => a * a + b * b);
	const labels = labelsOf(await contour(surface, "loss", { levels: [0.33, 0.77, 50] }));
	t.true(labels.includes("0.33") && labels.includes("0.77"));
	t.false(labels.includes("50"));
});

test("a flat surface has no lines, and says what it is", async (t) => {
	const svg = await contour(
		surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), () => Math.LN10),
		"loss",
	);
	t.true(labelsOf(svg).includes("loss: 2.303 everywhere"));
});

test("the document has a size, a title, a description and no unrounded number", async (t) => {
	const surface = surfaceOf(axis(-25e6, 25e6, 11), axis(-25e6, 25e6, 11), (a, b) => Math.exp((a * a + b * b) / 1e13));
	const svg = await contour(surface, "loss", { title: "Far & wide", width: 500 });
	t.regex(svg, /^<svg [^>]*width="500" height="\d+" viewBox="0 0 500 \d+"/);
	t.true(svg.includes('<title id="title">Far &amp; wide</title>'));
	t.regex(svg, /<desc id="desc">Contour lines of the loss over α from −2\.5×10⁷ to 2\.5×10⁷ in 11 steps and β/);
	t.false(/ (d|x|y|width|height)="[^"]*(\.\d{3}|NaN|Infinity)/.test(svg));
	t.is((await sharp(Buffer.from(svg)).metadata()).width, 500);
});

test("points are drawn where they are: a ring around (0.5, −0.5) is in the lower right", async (t) => {
	const x = axis(-1, 1, 41);
	const surface = surfaceOf(x, x, (a, b) => (a - 0.5) ** 2 + (b + 0.5) ** 2);
	t.is(axisValue(x, 30), 0.5);
	const svg = await contour(surface, "loss", { levels: [0.04], width: 600 });
	const [, left, top, width, height] =
		/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none"/.exec(svg)?.map(Number) ?? [];
	const path = /<path d="(M[^"]*)" fill="none" stroke="#\w+" stroke-width="1.1"/.exec(svg)?.[1] ?? "";
	const numbers = [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(
		([, px, py]) => [Number(px), Number(py)] as const,
	);
	t.true(numbers.length > 20);
	for (const [px, py] of numbers) {
		const alpha = -1 + (2 * (px - (left ?? 0))) / (width ?? 1);
		const beta = 1 - (2 * (py - (top ?? 0))) / (height ?? 1);
		t.true(Math.abs(Math.hypot(alpha - 0.5, beta + 0.5) - 0.2) < 0.01);
	}
});

test("a surface of one axis has no contours, and is refused", async (t) => {
	const surface = surfaceOf(axis(-1, 1, 5), null, (a) => a);
	await t.throwsAsync(contour(surface, "loss"), { instanceOf: OptionError, message: /needs a surface with two axes/ });
});
