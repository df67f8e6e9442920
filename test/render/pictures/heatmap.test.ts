import test from "ava";
import { rgb } from "d3-color";
import sharp from "sharp";
import { svgToPng } from "../../../src/render/encode.js";
import { colormap } from "../../../src/render/parts/colormap.js";
import { noValueColours } from "../../../src/render/parts/no-value.js";
import { valueScale } from "../../../src/render/parts/scale.js";
import { heatmap } from "../../../src/render/pictures/heatmap.js";
import type { Surface } from "../../../src/surface/surface.js";
import { axis, labelsOf, surfaceOf } from "../surfaces.js";

/** A picture with a way to ask for the colour at a point of the plane, and for the share of dark pixels in a box. */
async function picture(surface: Surface, options: Parameters<typeof heatmap>[2] = {}) {
	const svg = await heatmap(surface, "loss", { lines: false, ...options });
	const png = await svgToPng(svg, { scale: 2 });
	const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
	const [, x = 0, y = 0, width = 0, height = 0] =
		/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none"/.exec(svg)?.map(Number) ?? [];
	const pixel = (px: number, py: number) => {
		const from = (Math.round(py) * info.width + Math.round(px)) * info.channels;
		return [...data.subarray(from, from + 3)];
	};
	return {
		svg,
		/** The pixel at a fraction of the frame: from its left edge, and from its lower. */
		inFrame: (u: number, v: number) => pixel(2 * (x + u * width), 2 * (y + (1 - v) * height)),
		inkIn: (box: { x0: number; y0: number; x1: number; y1: number }) => {
			let dark = 0;
			for (let py = box.y0 * 2; py < box.y1 * 2; py++) {
				for (let px = box.x0 * 2; px < box.x1 * 2; px++) if ((pixel(px, py)[0] ?? 255) < 110) dark++;
			}
			return dark;
		},
		frame: { x, y, width, height },
	};
}

const bytes = (colour: string) => {
	const { r, g, b } = rgb(colour);
	return [r, g, b];
};

const near = (actual: number[], expected: number[]) => actual.every((c, i) => Math.abs(c - (expected[i] ?? 0)) <= 3);

test("the four cells of a 2×2 surface have the colours of their values, β upwards", async (t) => {
	const x = axis(1, 2, 2);
	// Lower left 0, lower right 1, upper left 2, upper right 3.
	const { inFrame } = await picture(
		surfaceOf(x, x, (a, b) => a - 1 + 2 * (b - 1)),
		{ cells: true },
	);
	const viridis = colormap();
	t.true(near(inFrame(0.25, 0.25), bytes(viridis(0))));
	t.true(near(inFrame(0.75, 0.25), bytes(viridis(1 / 3))));
	t.true(near(inFrame(0.25, 0.75), bytes(viridis(2 / 3))));
	t.true(near(inFrame(0.75, 0.75), bytes(viridis(1))));
	// A cell has one colour up to its border.
	t.deepEqual(inFrame(0.02, 0.02), inFrame(0.48, 0.48));
});

test("a picture blends between the points and ends at them", async (t) => {
	const x = axis(1, 2, 2);
	const { inFrame } = await picture(surfaceOf(x, x, (a, b) => a - 1 + 2 * (b - 1)));
	const viridis = colormap();
	t.true(near(inFrame(0.004, 0.004), bytes(viridis(0))));
	t.true(near(inFrame(0.5, 0.5), bytes(viridis(0.5))));
	t.true(near(inFrame(0.9, 0.3), bytes(viridis((0.9 + 2 * 0.3) / 3))));
});

test("points without a value have a colour of their own, in the picture and in the legend", async (t) => {
	const x = axis(1, 3, 3);
	const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, undefined, 1, 2, 3, 4, Number.NaN];
	let next = 0;
	const { svg, inFrame } = await picture(
		surfaceOf(x, x, () => values[next++]),
		{ cells: true },
	);
	const colours = noValueColours(colormap(), "#fff");
	t.deepEqual(inFrame(1 / 6, 1 / 6), bytes(colours.NaN));
	t.deepEqual(inFrame(3 / 6, 1 / 6), bytes(colours["+∞"]));
	t.deepEqual(inFrame(5 / 6, 1 / 6), bytes(colours["−∞"]));
	t.deepEqual(inFrame(5 / 6, 5 / 6), bytes(colours.NaN));
	const labels = labelsOf(svg);
	for (const label of ["NaN: 2 points", "+∞: 1 point", "−∞: 1 point", "not computed: 1 point"]) {
		t.true(labels.includes(label), label);
	}
	// Hatching: grey or white, no hue.
	const [r = 0, g = 0, b = 0] = inFrame(1 / 6, 3 / 6);
	t.true(Math.max(r, g, b) - Math.min(r, g, b) < 4 && r > 150);
});

test("nothing is blended across a point without a value: cells around it stay as they are", async (t) => {
	const x = axis(0, 4, 5);
	const surface = surfaceOf(x, x, (a, b) => (a === 1 && b === 1 ? Number.NaN : a));
	const { inFrame } = await picture(surface, { scale: "linear" });
	const viridis = colormap();
	// The hole is its own cell, from 0.5 to 1.5; up to α = 2 the squares have it as a corner and keep the colour of the nearest point.
	t.deepEqual(inFrame(1.4 / 4, 1.4 / 4), bytes(noValueColours(viridis, "#fff").NaN));
	t.true(near(inFrame(1.6 / 4, 1.3 / 4), bytes(viridis(2 / 4))));
	t.true(near(inFrame(2.5 / 4, 1.3 / 4), bytes(viridis(2.5 / 4))));
	t.true(near(inFrame(1.5 / 4, 2.5 / 4), bytes(viridis(1.5 / 4))));
});

test("the foot says that values between the points are interpolated, unless cells are drawn", async (t) => {
	const surface = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 4), (a) => a);
	const foot = (svg: string) => labelsOf(svg).join(" ");
	t.regex(foot(await heatmap(surface, "loss")), /interpolated between 5 × 4 points/);
	t.notRegex(foot(await heatmap(surface, "loss", { cells: true })), /interpolated/);
});

test("a surface with all of its values has no legend entry for missing ones", async (t) => {
	const x = axis(-1, 1, 3);
	const labels = labelsOf(
		await heatmap(
			surfaceOf(x, x, (a, b) => 1 + a * a + b),
			"loss",
		),
	);
	t.false(labels.some((label) => /NaN|∞|not computed/.test(label)));
});

test("title, axes, ticks, colour bar and foot are drawn where no fonts are installed", async (t) => {
	const x = axis(-1, 1, 5);
	const { svg, inkIn, frame } = await picture(surfaceOf(x, x, (a, b) => 1 + a * a + b * b));
	const labels = labelsOf(svg);
	for (const label of ["Loss of small-net", "α", "β", "loss", "0", "0.4", "−0.4", "origin (0, 0)"]) {
		t.true(labels.includes(label), label);
	}
	const foot = labels.find((label) => label.startsWith("small-net"));
	t.regex(
		foot ?? "",
		/^small-net · digits · 100 samples · norm filter · seed 7 · exact · surface [0-9a-f]{8} · isoloss/,
	);
	const below = frame.y + frame.height;
	t.true(inkIn({ x0: 14, y0: 10, x1: 200, y1: 30 }) > 300, "title");
	t.true(
		inkIn({ x0: frame.x, y0: below + 8, x1: frame.x + frame.width, y1: below + 20 }) > 100,
		"ticks under the frame",
	);
	t.true(inkIn({ x0: 14, y0: frame.y, x1: 32, y1: below }) > 20, "β");
	t.true(inkIn({ x0: 570, y0: frame.y, x1: 590, y1: below }) > 20, "the bar's name");
});

test("accuracy is shown in per cent", async (t) => {
	const x = axis(0, 1, 3);
	const surface = surfaceOf(x, x, (a, b) => a + b);
	const svg = await heatmap(surface, "accuracy");
	// Loss 0 to 2 is accuracy 1 to 1/3.
	t.true(labelsOf(svg).includes("accuracy (%)"));
	t.true(svg.includes("Lowest accuracy 33.33 % at (1, 1), highest 100 % at (0, 0)."));
});

test("the colour bar names a scale that is not linear", async (t) => {
	const x = axis(-1, 1, 5);
	const svg = await heatmap(
		surfaceOf(x, x, (a, b) => 10 ** (4 * (a + b))),
		"loss",
	);
	t.true(labelsOf(svg).includes("loss (log scale)"));
});

test("the origin is marked only where the range holds it", async (t) => {
	const inside = surfaceOf(axis(-1, 1, 3), axis(-1, 1, 3), (a) => a);
	const outside = surfaceOf(axis(1, 2, 3), axis(-1, 1, 3), (a) => a);
	t.true(labelsOf(await heatmap(inside, "loss")).includes("origin (0, 0)"));
	t.false(labelsOf(await heatmap(outside, "loss")).includes("origin (0, 0)"));
});

test("two pictures can share one scale", async (t) => {
	const x = axis(1, 2, 2);
	const shared = valueScale([0, 10]);
	const { inFrame } = await picture(
		surfaceOf(x, x, () => 5),
		{ shared, cells: true },
	);
	t.true(near(inFrame(0.25, 0.25), bytes(colormap()(0.5))));
});

test("a plateau at the highest value has no line around its points", async (t) => {
	const x = axis(-3, 3, 7);
	// All samples right within two steps of the origin, half of them at 3: lines at 60, 70, 80 and 90 %, and none at 100.
	const surface = surfaceOf(x, x, (a, b) => (Math.max(Math.abs(a), Math.abs(b)) <= 2 ? 0 : 1));
	const svg = await heatmap(surface, "accuracy");
	t.true(labelsOf(svg).includes("100"));
	const lines = [...svg.matchAll(/<path d="(M[^"]*)" fill="none" stroke="#\w+" stroke-opacity="0.7"/g)];
	const inner = labelsOf(svg).filter((label) => Number(label) > 50 && Number(label) < 100);
	t.true(inner.length > 1);
	t.is(lines.length, inner.length);
});

test("the foot says how many points are interpolated, and there are dots at the others where they are asked for", async (t) => {
	const x = axis(-1, 1, 5);
	const all = surfaceOf(x, x, (a, b) => a + b);
	const marks = new Uint8Array(all.done.length).fill(1, 10, 25);
	const surface = { ...all, interpolated: marks };
	const { svg: without } = await picture(surface);
	t.true(labelsOf(without).some((label) => label.includes("10 of 25 points computed, 15 interpolated")));
	const { svg, frame } = await picture(surface, { points: true });
	t.true(labelsOf(svg).includes("10 points computed"));
	const dots = [...svg.matchAll(/<path d="((?:M[\d. ]+h0){2,})"/g)].map(
		([, data = ""]) => data.match(/M[\d. ]+/g) ?? [],
	);
	t.deepEqual(
		dots.map(({ length }) => length),
		[10, 10],
		"a ring and a dot each",
	);
	// The two lowest rows, from the left edge of the frame to the right one.
	t.is(dots[0]?.[0], `M${frame.x} ${frame.y + frame.height}`);
	t.is(dots[0]?.[9], `M${frame.x + frame.width} ${frame.y + (3 / 4) * frame.height}`);
	t.false(labelsOf((await picture(all, { points: true })).svg).some((label) => label.includes("interpolated,")));
});
