import { inflateSync } from "node:zlib";
import test from "ava";
import { render } from "../../../src/render/index.js";
import { svgToPdf } from "../../../src/render/pdf/index.js";
import { pathOperators } from "../../../src/render/pdf/path.js";
import { axis, surfaceOf } from "../surfaces.js";

const text = { Title: "Loss of θ*", Description: "A valley.", Software: "isoloss", Source: "surface 0" };

/** What a PDF file says of where its objects are, and the objects that are there. */
function objectsOf(pdf: Buffer): string[] {
	const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf.toString("latin1"))?.[1]);
	const table = pdf.subarray(start).toString("latin1");
	const size = Number(/^xref\n0 (\d+)\n0000000000 65535 f \n/.exec(table)?.[1]);
	const entries = [...table.matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
	if (entries.length !== size - 1) throw new Error(`${entries.length} entries for ${size}`);
	return entries.map((at, i) => {
		const end = entries[i + 1] ?? start;
		const body = pdf.subarray(at, end).toString("latin1");
		if (!body.startsWith(`${i + 1} 0 obj\n`) || !body.endsWith("\nendobj\n"))
			throw new Error(`object ${i + 1} is not at ${at}`);
		return body;
	});
}

/** The contents of streams, each of the length that it says. */
function streamsOf(pdf: Buffer): { readonly head: string; readonly data: Buffer }[] {
	return objectsOf(pdf).flatMap((body) => {
		const at = body.indexOf("\nstream\n");
		if (at < 0) return [];
		const [head, data] = [body.slice(0, at), body.slice(at + "\nstream\n".length)];
		const length = Number(/\/Length (\d+)/.exec(head)?.[1]);
		if (data.slice(length) !== "\nendstream\nendobj\n") throw new Error("a stream of another length than it says");
		return [{ head, data: inflateSync(Buffer.from(data.slice(0, length), "latin1")) }];
	});
}

const pdfOf = async (body: string) =>
	Buffer.from(await svgToPdf(`<svg width="100" height="50" viewBox="0 0 100 50">${body}</svg>`, 60, text));

test("a picture is one page of its size whose objects are where the table says, whose streams are as long as they say", async (t) => {
	const surface = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 4), (a, b) =>
		a > 0.6 ? undefined : a + b > 1 ? Number.NaN : a * a + b,
	);
	const pictures = await render(surface, { formats: ["pdf"] });
	t.is(pictures.length, 4);
	for (const { bytes } of pictures) {
		const pdf = Buffer.from(bytes);
		t.true(pdf.subarray(0, 9).equals(Buffer.from("%PDF-1.4\n")));
		const objects = objectsOf(pdf);
		t.is(objects.filter((body) => /\/Type \/Page[ \n]/.test(body)).length, 1);
		t.true(streamsOf(pdf).length >= 1);
		// What the page draws with, it has.
		const all = objects.join("");
		const content =
			streamsOf(pdf)
				.find(({ head }) => !head.includes("/Type"))
				?.data.toString() ?? "";
		for (const [, name = ""] of content.matchAll(/\/(\w+\d) (?:gs|Do|sh|scn)/g))
			t.true(all.includes(`/${name} `), name);
		t.is([...content.matchAll(/^q$/gm)].length, [...content.matchAll(/^Q$/gm)].length);
		t.false(/NaN|Infinity|undefined|e-\d/.test(content));
		t.false(/Date/.test(all));
	}
});

test("a heat map's cells are an image, clear where there is no value", async (t) => {
	const surface = surfaceOf(axis(0, 1, 2), axis(0, 1, 2), (a, b) => (a + b === 2 ? undefined : 3));
	const [heatmap] = await render(surface, { formats: ["pdf"] });
	const streams = streamsOf(Buffer.from(heatmap?.bytes ?? []));
	const size = (head: string) => [/\/Width (\d+)/, /\/Height (\d+)/].map((each) => Number(each.exec(head)?.[1]));
	const image = streams.find(({ head }) => head.includes("/SMask"));
	const mask = streams.find(({ head }) => head.includes("/DeviceGray"));
	const [width = 0, height = 0] = size(image?.head ?? "");
	t.deepEqual([width, height], size(mask?.head ?? ""));
	t.is(image?.data.length, width * height * 3);
	// A quarter of the cells, the upper right one, has no value.
	t.is(mask?.data.filter((alpha) => alpha === 0).length, (width * height) / 4);
	t.is(mask?.data[width - 1], 0);
	t.is(mask?.data[0], 255);
});

test("colours, lines, opacities and order of painting are those of the drawing", async (t) => {
	const pdf = await pdfOf(
		'<g fill="#ff0000"><rect x="1" y="2" width="3" height="4"/></g>' +
			'<path d="M1 2h3" fill="none" stroke="rgb(0, 255, 0)" stroke-width="1.5" stroke-dasharray="6 3" stroke-linecap="round" stroke-opacity="0.5"/>' +
			'<path d="M0 0v1z" fill="#00f" stroke="#fff" paint-order="stroke"/>',
	);
	const content = streamsOf(pdf)[0]?.data.toString() ?? "";
	t.is(
		content,
		[
			// 60 points for 100 units, upside down.
			"0.6 0 0 -0.6 0 30 cm",
			...["q", "1 0 0 rg", "1 2 3 4 re", "f", "Q"],
			...["q", "/ExtGState0 gs", "0 1 0 RG", "1.5 w", "1 J 0 j", "[6 3] 0 d", "1 2 m", "4 2 l", "S", "Q"],
			...["q", "0 0 1 rg", "1 1 1 RG", "1 w", "0 J 0 j", "0 0 m", "0 1 l", "h", "S", "0 0 m", "0 1 l", "h", "f", "Q"],
			"",
		].join("\n"),
	);
	t.regex(objectsOf(pdf).join(""), /\/ExtGState0 << \/ca 1 \/CA 0\.5 >>/);
	t.regex(objectsOf(pdf).join(""), /\/Title <feff004c006f00730073.*03b8002a>/);
});

test("path data keep their points, quadratic curves become cubic ones and arcs curves on their circle", (t) => {
	t.is(pathOperators("m1 2l3 4h-1v.5z"), "1 2 m\n4 6 l\n3 6 l\n3 6.5 l\nh");
	t.is(pathOperators("M0 0L1 1 2 0"), "0 0 m\n1 1 l\n2 0 l");
	// Two thirds of the way to the handle from either end.
	t.is(pathOperators("M0 0Q3 6 6 0"), "0 0 m\n2 4 4 4 6 0 c");
	const half = pathOperators("M10 10a3 3 0 1 0 6 0");
	const curves = half
		.split("\n")
		.slice(1)
		.map((line) => line.split(" ").slice(0, 6).map(Number));
	t.is(curves.length, 2);
	t.deepEqual(curves.at(-1)?.slice(4), [16, 10]);
	// Against the clock on paper, y growing downwards: through the lower end.
	t.deepEqual(curves[0]?.slice(4), [13, 13]);
});

test("what a drawing has that is not known is said, not left out", async (t) => {
	await t.throwsAsync(pdfOf("<ellipse/>"), { message: /<ellipse>/ });
	await t.throwsAsync(pdfOf('<path d="M0 0s1 1"/>'), { message: /path data with s/ });
	await t.throwsAsync(pdfOf('<path d="M0 0h1" fill="url(#none)"/>'), { message: /refers to none/ });
});
