import "../../../src/render/fonts.js";
import test from "ava";
import sharp from "sharp";
import { superscript } from "../../../src/render/parts/superscript.js";
import { drawText, round, textPath, textWidth, wrapText } from "../../../src/render/parts/text.js";

test("the font has an outline for every sign that pictures use", (t) => {
	const empty = textPath("\u{10ffff}", 0, 0, { size: 20 });
	for (const sign of "αβθδη−×·⁰¹²³⁴⁵⁶⁷⁸⁹⁻∞%()0123456789abcABC") {
		const data = textPath(sign, 0, 0, { size: 20 });
		t.true(data.length > 0, sign);
		t.not(data, empty, sign);
	}
});

test("text is as wide as its advance widths: a digit of DejaVu Sans is 1303 of 2048 units", (t) => {
	t.is(textWidth("0", 2048), 1303);
	t.is(textWidth("000", 10), (3 * 1303 * 10) / 2048);
	t.is(textWidth("", 10), 0);
});

test("the anchor shifts the outline by half or all of the width", (t) => {
	const startOf = (anchor: "start" | "middle" | "end") =>
		Number(/^m(-?[\d.]+)/.exec(textPath("0", 100, 50, { size: 20, anchor }))?.[1]);
	const width = textWidth("0", 20);
	t.true(Math.abs(startOf("start") - startOf("middle") - width / 2) < 0.02);
	t.true(Math.abs(startOf("start") - startOf("end") - width) < 0.02);
});

test("text is drawn where no fonts are installed, and turned text stands upright", async (t) => {
	const inkIn = async (rotate: number) => {
		const words = drawText("lllll", 50, 50, { size: 24, anchor: "middle", middle: true, rotate, fill: "#000" });
		const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="100" height="100" fill="#fff"/>${words}</svg>`;
		const { data } = await sharp(Buffer.from(svg)).greyscale().raw().toBuffer({ resolveWithObject: true });
		const dark = [...data.keys()].filter((i) => (data[i] ?? 255) < 100);
		const xs = dark.map((i) => i % 100);
		const ys = dark.map((i) => Math.floor(i / 100));
		return { width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys), middle: xs };
	};
	// Five strokes: 5 · 0.278 em wide, less the sides of the outer ones; 0.76 em high.
	const level = await inkIn(0);
	t.true(level.width > 24 && level.width < 34 && level.height > 15 && level.height < 20);
	const turned = await inkIn(90);
	t.true(turned.height > 24 && turned.height < 34 && turned.width > 15 && turned.width < 20);
});

test("the words stay readable for programs, with XML's own characters escaped", (t) => {
	t.true(drawText('a<b & "c"', 0, 0, { size: 10 }).includes('aria-label="a&lt;b &amp; &quot;c&quot;"'));
	t.is(drawText("", 0, 0, { size: 10 }), "");
});

test("superscripts are glyphs of their own", (t) => {
	t.is(superscript(-1234567890), "⁻¹²³⁴⁵⁶⁷⁸⁹⁰");
});

test("coordinates are rounded to hundredths and never a negative zero", (t) => {
	t.is(round(1.23456), "1.23");
	t.is(round(-0.001), "0");
});

test("text is broken at spaces into lines no wider than asked", (t) => {
	const lines = wrapText("one two three four five six", 80, 14);
	t.is(lines.join(" "), "one two three four five six");
	t.true(lines.length > 1);
	t.true(lines.every((line) => textWidth(line, 14) <= 80));
	t.deepEqual(wrapText("unbreakable", 1, 14), ["unbreakable"]);
});
