import test from "ava";
import sharp from "sharp";
import { OptionError } from "../../../src/errors.js";
import { svgToPng } from "../../../src/render/encode.js";
import { cutColour, drawShadedSurface } from "../../../src/render/parts/shaded-surface.js";
import { type Box, projectionOf, type View } from "../../../src/render/parts/view.js";
import { contour } from "../../../src/render/pictures/contour.js";
import { heatmap } from "../../../src/render/pictures/heatmap.js";
import { relief } from "../../../src/render/pictures/relief.js";
import { axis, labelsOf, surfaceOf } from "../surfaces.js";

const side = axis(-1, 1, 5);
const bowl = (a: number, b: number) => 1 + a * a + b * b;

/** Tiles are the only closed shapes of straight lines whose edge has the colour of their inside. */
const tilesIn = (svg: string) => [...svg.matchAll(/<path d="[^"]*z" fill="(#[0-9a-f]{6})" stroke="\1"\/>/g)];

test("what is seen from the front has α to the right, β away and heights up, all in parallel lines", async (t) => {
	const box: Box = { depth: 0.8, height: 0.5, floor: -0.3 };
	const { place, nearY, bounds } = projectionOf({ azimuth: -90, elevation: 30 }, box, 100, 50, 400);
	const middle = place(0, 0, 0);
	const close = (actual: number, expected: number) => Math.abs(actual - expected) < 1e-9;
	t.true(close(place(0.5, 0, 0).x - middle.x, 200) && close(place(0.5, 0, 0).y, middle.y));
	// At 30 degrees a length on the floor is seen half as long, a height √3/2.
	t.true(close(place(0, 0.1, 0).y - middle.y, -400 * 0.1 * 0.5) && close(place(0, 0.1, 0).x, middle.x));
	t.true(close(place(0, 0, 0.1).y - middle.y, -400 * 0.1 * Math.sqrt(0.75)));
	t.is(nearY, -1);
	t.true(close(place(-0.5, 0.4, 0.5).y, 50) && close(place(0.5, -0.4, -0.3).y, 50 + bounds.height));
});

/** The colour at a place of a surface that is a wall, red, along β = -0.3, and flat, blue, elsewhere. */
async function seenAt(view: View, x: number, y: number): Promise<"red" | "blue" | "white"> {
	const [columns, rows] = [5, 41];
	const values = Float64Array.from({ length: columns * rows }, (_, i) => (Math.floor(i / columns) === 8 ? 1 : 0));
	const box: Box = { depth: 1, height: 0.4, floor: -0.1 };
	const projection = projectionOf(view, box, 0, 0, 300);
	const body = drawShadedSurface({
		...{ heights: { columns, rows, values }, box, projection, levels: [], standing: new Map() },
		map: (position) => (position < 0.3 ? "#0000ff" : "#ff0000"),
	});
	const { height } = projection.bounds;
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="${Math.ceil(height)}">${body}</svg>`;
	const place = projection.place(x, y, 0);
	const [red = 0, , blue = 0] = await sharp(await svgToPng(svg, { scale: 1 }))
		.extract({ left: Math.round(place.x), top: Math.round(place.y), width: 1, height: 1 })
		.raw()
		.toBuffer();
	return red > 200 && blue > 200 ? "white" : red > blue ? "red" : "blue";
}

test("a wall hides what is behind it and nothing else, from whichever side it is seen", async (t) => {
	// At 20 degrees a wall of 0.4 hides 0.4 / tan 20° = 1.1 behind it: from the front all, from behind what is before the edge.
	for (const azimuth of [-90, -60, -110]) {
		t.is(await seenAt({ azimuth, elevation: 20 }, 0, 0.2), "red", `${azimuth}, behind`);
		t.is(await seenAt({ azimuth, elevation: 20 }, 0, -0.45), "blue", `${azimuth}, before`);
	}
	for (const azimuth of [90, 60, 130]) {
		t.is(await seenAt({ azimuth, elevation: 20 }, 0, 0.2), "blue", `${azimuth}, before`);
		t.is(await seenAt({ azimuth, elevation: 20 }, 0, -0.45), "red", `${azimuth}, behind`);
	}
	// At 70 degrees it hides 0.15.
	t.is(await seenAt({ azimuth: -90, elevation: 70 }, 0, 0.2), "blue");
});

test("squares with a corner without a value are holes, named in the legend", async (t) => {
	const surface = surfaceOf(side, side, (a, b) => (a === 0 && b === 0 ? Number.NaN : bowl(a, b)));
	// Of 4 × 4 squares the four around the middle; a tile for each of the others where nothing is interpolated.
	t.is(tilesIn(await relief(surface, "loss", { cells: true })).length, 12);
	t.true(labelsOf(await relief(surface, "loss")).includes("NaN: 1 point"));
	const uncomputed = surfaceOf(side, side, (a, b) => (a === 0 && b === 0 ? undefined : bowl(a, b)));
	t.regex(await relief(uncomputed, "loss"), /<pattern id="not-computed".*fill="url\(#not-computed\)"/s);
});

test("above a value the relief is cut off, flat, in a colour of its own that the legend names", async (t) => {
	const surface = surfaceOf(side, side, bowl);
	const whole = await relief(surface, "loss");
	t.false(whole.includes(cutColour));
	t.deepEqual(await relief(surface, "loss", { zmax: 100 }), whole);
	const cut = await relief(surface, "loss", { zmax: 1.4, cells: true });
	t.true(labelsOf(cut).includes("loss above 1.4, cut off"));
	// 1 in the middle, 1.25 half-way to the edges, 1.5 half-way to the corners: of 4 × 4 squares those at the corners are cut off,
	// the other twelve in part, each a grey tile and what is left over it.
	const colours = tilesIn(cut).map(([, colour]) => colour);
	t.is(colours.length, 4 + 2 * 12);
	t.is(colours.filter((colour) => colour === cutColour).length, 4 + 12);
	// The scale ends there: 1 to 1.4, not 1 to 3.
	t.true(labelsOf(cut).includes("1.3") && !labelsOf(cut).includes("2.0"));
	await t.throwsAsync(relief(surface, "loss", { zmax: 1 }), {
		instanceOf: OptionError,
		message: "zmax: expected more than the lowest value, 1, got 1",
	});
});

test("heat map, contour plot and relief have lines at the same levels", async (t) => {
	const wide = axis(-1, 1, 21);
	const surface = surfaceOf(wide, wide, (a, b) => 0.05 + 0.25 * a * a + 5.4 * b * b);
	for (const [options, count] of [
		[{}, 8],
		[{ levels: [0.1, 0.7, 3] }, 3],
	] as const) {
		const [flat, lines, raised] = [
			await heatmap(surface, "loss", options),
			await contour(surface, "loss", options),
			await relief(surface, "loss", options),
		];
		t.is(flat.match(/stroke-opacity="0.7" stroke-width="0.7" stroke-linejoin/g)?.length, count);
		t.is(lines.match(/stroke-width="1.1"/g)?.length, count);
		t.is(raised.match(/stroke-width="1" stroke-linejoin/g)?.length, count);
	}
});

test("a document stays below a megabyte, of however many points; noise is an image of less than two, and the foot says so", async (t) => {
	for (const points of [3, 86, 150]) {
		const many = axis(-1, 1, points);
		const svg = await relief(
			surfaceOf(many, many, (a, b) => 2 + Math.sin(9 * a) * Math.cos(7 * b)),
			"loss",
		);
		t.true(svg.length < 1e6, `${points} points: ${svg.length}`);
		t.false(/ (d|x|y|width|height)="[^"]*(NaN|Infinity)/.test(svg));
		t.false(labelsOf(svg).some((label) => label.includes("an image")));
	}
	const fine = axis(-1, 1, 81);
	const noise = await relief(
		surfaceOf(fine, fine, (a, b) => 2 + Math.sin(a * 1e4 + b * 7e4)),
		"loss",
	);
	t.true(noise.length < 2e6 && noise.includes("<image") && tilesIn(noise).length === 0);
	t.true(labelsOf(noise).some((label) => label.includes("the surface is an image")));
});

test("the pin at the origin is named, and marks by their labels", async (t) => {
	const surface = surfaceOf(side, side, bowl);
	t.true(labelsOf(await relief(surface, "loss")).includes("origin (0, 0)"));
	const marked = labelsOf(await relief(surface, "loss", { marks: [{ alpha: 0, beta: 0, label: "mine" }] }));
	t.true(marked.includes("mine") && !marked.includes("origin (0, 0)"));
});

test("a surface of one axis has no relief, and is refused", async (t) => {
	const surface = surfaceOf(side, null, (a) => a);
	await t.throwsAsync(relief(surface, "loss"), { instanceOf: OptionError, message: /needs a surface with two axes/ });
});
