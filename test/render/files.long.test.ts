import test from "ava";
import sharp from "sharp";
import { OptionError } from "../../src/errors.js";
import { compare, drawSvg, type Picture, type PictureOptions, render } from "../../src/render/index.js";
import { axis, labelsOf, surfaceOf } from "./surfaces.js";

const plane = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), (a, b) => 1 + a * a + b * b);
const line = surfaceOf(axis(-1, 1, 5), null, (a) => 1 + a * a);

/** By name; as small as pictures may be where nothing is said, which is drawn fastest. */
async function files(options: PictureOptions, surface = plane) {
	const pictures = await render(surface, options.size === undefined ? { width: 320, ...options } : options);
	return new Map(pictures.map(({ name, bytes }) => [name, Buffer.from(bytes)]));
}

const svgOf = async (name: string, options: PictureOptions) =>
	String((await files({ ...options, formats: ["svg"] })).get(`${name}.svg`));

test("every picture becomes the files that are asked for, each once", async (t) => {
	t.deepEqual(
		[...(await files({ formats: ["pdf", "svg", "pdf"] })).keys()],
		["heatmap", "contour", "relief", "accuracy-heatmap"].flatMap((name) => [`${name}.pdf`, `${name}.svg`]),
	);
	t.deepEqual([...(await files({ formats: ["webp"] }, line)).keys()], ["curve.webp"]);
	const compared = await compare([{ label: "a", surface: plane }], { formats: ["pdf"] });
	t.deepEqual(
		compared.map(({ name }) => name),
		["panels.pdf"],
	);
});

test("all formats have the same bytes twice", async (t) => {
	const options = { formats: ["svg", "png", "pdf", "webp"], size: "5cm", theme: "dark" } as const;
	t.deepEqual(await files(options), await files(options));
});

test("WebP has the pixels of the PNG, every one of them, and says what it shows", async (t) => {
	const both = await files({ formats: ["png", "webp"], title: "A valley" });
	const pixels = (name: string) => sharp(both.get(name)).removeAlpha().raw().toBuffer();
	t.deepEqual(await pixels("contour.webp"), await pixels("contour.png"));
	t.true((await sharp(both.get("contour.webp")).metadata()).xmp?.includes("A valley"));
});

test("text is outlines, or text in the same places that can be edited", async (t) => {
	const [outlined, edited] = [await svgOf("contour", {}), await svgOf("contour", { text: "text" })];
	t.false(/<text|data-text/.test(outlined));
	t.false(/aria-label="|data-text/.test(edited));
	const words = [...edited.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
	t.deepEqual(words, labelsOf(outlined));
	t.regex(edited, /font-family="DejaVu Sans, /);
	t.regex(
		edited,
		/<text x="[\d.]+" y="[\d.]+" font-size="14" text-anchor="middle" transform="rotate\(-90 [\d. ]+\)">β</,
	);
	// Widths are measured, so that a name at the end of its axis's tick is where its outline is.
	const [, x = 0, y = 0] =
		/<text x="([\d.]+)" y="([\d.]+)" font-size="16" font-weight="bold"/.exec(edited)?.map(Number) ?? [];
	const [, left = 0, foot = 0] = /aria-label="Loss of[^>]* d="m([\d.]+) ([\d.]+)/.exec(outlined)?.map(Number) ?? [];
	t.true(Math.abs(left - x) < 3 && Math.abs(foot - y) < 16, `${x} ${y} ${left} ${foot}`);
});

test("files that are no SVG do not depend on the fonts of a machine: they have outlines whatever is asked", async (t) => {
	const [usual, edited] = await Promise.all([
		files({ formats: ["png", "pdf"] }),
		files({ formats: ["png", "pdf"], text: "text" }),
	]);
	t.deepEqual(edited, usual);
});

test("a dark picture has no colour of the light one but those that are on maps, and a transparent one no ground", async (t) => {
	const dark = await svgOf("contour", { theme: "dark" });
	for (const colour of ["#fff", "#000", "#1a1a1a", "#333", "#777", "#e4e4e4"])
		t.false(dark.includes(`"${colour}"`), colour);
	t.false(/="(var|legible|line|tinted)\(/.test(dark));
	t.true(dark.includes('<rect width="100%" height="100%" fill="#14171c"/>'));
	const transparent = await svgOf("contour", { theme: "transparent" });
	t.is(transparent, dark.replace('<rect width="100%" height="100%" fill="#14171c"/>\n', ""));
	const { data } = await sharp((await files({ theme: "transparent" })).get("contour.png"))
		.raw()
		.toBuffer({ resolveWithObject: true });
	t.deepEqual([...data.subarray(0, 4)], [0, 0, 0, 0]);
});

/** Contrast of two colours (WCAG 2.2): their luminances, each with 0.05 more, divided. */
function contrast(one: string, other: string): number {
	const luminance = (colour: string) => {
		const channels = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255);
		const [r = 0, g = 0, b = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
	};
	const [a, b] = [luminance(one), luminance(other)];
	return Math.max(a, b) / Math.min(a, b);
}

test("lines of every map, and words, stand out from the dark ground by 4.5 to 1", async (t) => {
	for (const colormap of ["viridis", "coolwarm", "greys"]) {
		const dark = await svgOf("contour", { theme: "dark", colormap });
		const strokes = [...dark.matchAll(/ stroke="(#\w{6})" stroke-width="1.1"/g)].map((match) => match[1] ?? "");
		t.true(strokes.length > 2);
		for (const stroke of strokes) t.true(contrast(stroke, "#14171c") > 4.5, `${colormap}: ${stroke}`);
	}
	const dark = String((await files({ theme: "dark" }, line)).get("curve.svg"));
	const fills = [...dark.matchAll(/ fill="(#\w{6})"/g)]
		.map((match) => match[1] ?? "")
		.filter((fill) => fill !== "#14171c");
	for (const fill of fills) t.true(contrast(fill, "#14171c") > 4.5, fill);
});

test("a bare picture has neither title nor foot, and is lower by them", async (t) => {
	const [whole, bare] = [await svgOf("contour", {}), await svgOf("contour", { bare: true })];
	const height = (svg: string) => Number(/ height="(\d+)"/.exec(svg)?.[1]);
	const labels = labelsOf(bare);
	t.false(labels.some((label) => label === "Loss of small-net" || label.includes("isoloss 0.1.0")));
	t.true(labels.includes("α") && labels.includes("β"));
	t.true(height(bare) < height(whole) - 30);
	t.regex(bare, /<title id="title">Loss of small-net<\/title>/);
	t.regex(bare, /<desc id="desc">[^<]* small-net · digits · 100 samples/);
	const curve = String((await files({ bare: true }, line)).get("curve.svg"));
	t.false(labelsOf(curve).some((label) => label.includes("of small-net") || label.includes("isoloss")));
});

test("a size in print is that of every file: units in SVG, points in PDF, density in PNG", async (t) => {
	const sized = await files({ size: "3.25in", formats: ["svg", "png", "pdf"] });
	const svg = String(sized.get("contour.svg"));
	// 3.25 inches are 234 points, at 0.6 points a user unit 390 of them.
	const [, high = 0, units = 0] =
		/width="3\.25in" height="([\d.]+)in" viewBox="0 0 390 (\d+)"/.exec(svg)?.map(Number) ?? [];
	t.true(units > 0 && Math.abs(high - (units * 3.25) / 390) < 1e-4);
	const box =
		/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/
			.exec(String(sized.get("contour.pdf")))
			?.slice(1)
			.map(Number) ?? [];
	t.deepEqual(box[0], 234);
	t.true(Math.abs((box[1] ?? 0) - units * 0.6) < 1e-3);
	const { width, density } = await sharp(sized.get("contour.png")).metadata();
	// Whole pixels a user unit: the fewest that come to 300 an inch are 3.
	t.is(width, 3 * 390);
	t.is(density, 360);
	for (const [size, across] of [
		["1in", 320],
		["72pt", 320],
		["8cm", 3 * 378],
		["80mm", 3 * 378],
		["700", 1400],
	] as const) {
		const png = (await files({ size, formats: ["png"] }, line)).get("curve.png");
		t.is((await sharp(png).metadata()).width, across, size);
	}
	t.is(await drawSvg(plane, { size: "3.25in" }), svg);
});

test("sizes that are none, formats and themes there are not, and a size beside a width are refused", async (t) => {
	const refused = async (options: object, message: RegExp) =>
		t.throwsAsync(render(plane, options), { instanceOf: OptionError, message });
	for (const size of ["wide", "3.25", "3 feet", "0.5in", "60cm", "-8cm", "8 cm 2"])
		await refused({ size }, /^size: expected a width of 1in to 20in.*3\.25in, or 320 to 2400 user units, got "/);
	await refused({ size: "8cm", width: 400 }, /^size: expected either a size or a width, got both$/);
	await refused({ formats: ["jpg"] }, /^formats\[0\]: expected one of svg, png, pdf, webp, got "jpg"/);
	await refused({ formats: [] }, /^formats: /);
	await refused({ theme: "black" }, /^theme: expected one of light, dark, transparent/);
	await refused({ text: "words" }, /^text: expected one of outline, text/);
});

test("panels and differences take themes and sizes too", async (t) => {
	const other = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), (a, b) => 2 + a * a + b * b);
	const surfaces = [plane, other].map((surface, i) => ({ label: `run ${i}`, surface }));
	const pictures: Picture[] = await compare(surfaces, { size: "6in", theme: "dark", formats: ["svg"], bare: true });
	for (const { name, bytes } of pictures) {
		const svg = Buffer.from(bytes).toString();
		t.regex(svg, /width="6in" height="[\d.]+in" viewBox="0 0 720 /, name);
		t.true(svg.includes('fill="#14171c"'), name);
		t.false(
			labelsOf(svg).some((label) => label.includes("isoloss")),
			name,
		);
	}
});
