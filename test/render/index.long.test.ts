import test from "ava";
import fc from "fast-check";
import sharp from "sharp";
import { OptionError } from "../../src/errors.js";
import { drawSvg, render } from "../../src/render/index.js";
import { axis, surfaceOf } from "./surfaces.js";

const plane = surfaceOf(axis(-1, 1, 5), axis(-2, 2, 4), (a, b) => 1 + a * a + b * b);
const curve = surfaceOf(axis(-1, 1, 5), null, (a) => 1 + a * a);

test("of the pictures those that are asked for are drawn, the same as by themselves", async (t) => {
	const [chosen, ...others] = await render(plane, { pictures: ["contour"], formats: ["svg"] });
	t.deepEqual(others, []);
	t.is(chosen?.name, "contour.svg");
	t.is(new TextDecoder().decode(chosen?.bytes), await drawSvg(plane));
	t.deepEqual(await render(plane, { pictures: [] }), []);
	await t.throwsAsync(() => render(curve, { pictures: ["relief"] }), {
		instanceOf: OptionError,
		message: /^pictures\[0\]: expected one of curve, got "relief"/,
	});
});

test("a plane gives heat maps and contours, a line gives a curve", async (t) => {
	t.deepEqual(
		(await render(plane)).map(({ name }) => name),
		["heatmap.png", "contour.svg", "contour.png", "relief.svg", "relief.png", "accuracy-heatmap.png"],
	);
	t.deepEqual(
		(await render(curve)).map(({ name }) => name),
		["curve.svg", "curve.png"],
	);
	const [loss, accuracy] = plane.fields;
	if (loss === undefined || accuracy === undefined) return t.fail();
	const fitted = { ...accuracy, name: "r2", label: "R²", unit: "none" } as const;
	t.deepEqual(
		(await render({ ...plane, fields: [loss, fitted, accuracy] })).map(({ name }) => name),
		["heatmap.png", "contour.svg", "contour.png", "relief.svg", "relief.png", "r2-heatmap.png", "accuracy-heatmap.png"],
	);
	t.deepEqual(
		(await render({ ...curve, fields: [...curve.fields, fitted] })).map(({ name }) => name),
		["curve.svg", "curve.png", "r2-curve.svg", "r2-curve.png"],
	);
});

test("equal surfaces give equal bytes", async (t) => {
	t.deepEqual(await render(plane, { colormap: "magma" }), await render(plane, { colormap: "magma" }));
	t.deepEqual(await render(curve), await render(curve));
});

test("PNGs have two pixels a unit and carry title and source as text", async (t) => {
	const [heatmap] = await render(plane, { width: 400, title: "Loss of θ*" });
	const bytes = Buffer.from(heatmap?.bytes ?? []);
	const { format, width, comments } = await sharp(bytes).metadata();
	t.is(format, "png");
	t.is(width, 800);
	const texts = Object.fromEntries((comments ?? []).map(({ keyword, text }) => [keyword, text]));
	t.is(texts.Title, "Loss of θ*");
	t.regex(texts.Source ?? "", /^surface [0-9a-f]{64}$/);
	t.regex(texts.Description ?? "", /Lowest loss .* small-net · digits · 100 samples/);
});

test("options that cannot be are refused before anything is drawn", async (t) => {
	for (const surface of [plane, curve]) {
		await t.throwsAsync(render(surface, { colormap: "jet" }), { instanceOf: OptionError, message: /viridis/ });
		await t.throwsAsync(render(surface, { width: 10 }), { instanceOf: OptionError, message: /^width: / });
		await t.throwsAsync(render(surface, { scale: "cubic" as "log" }), { instanceOf: OptionError });
		await t.throwsAsync(render(surface, { smooth: true, cells: true }), {
			instanceOf: OptionError,
			message: "cells: expected cells or a smooth surface, got both",
		});
		await t.throwsAsync(render(surface, { view: { azimuth: 0, elevation: 90 } }), {
			instanceOf: OptionError,
			message: 'view: expected azimuth:elevation with -360 to 360 and 5 to 80 degrees, got "0:90"',
		});
	}
});

test("any small surface can be drawn, whatever its values and its shape", async (t) => {
	const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, 1e30, Number.NaN, Number.POSITIVE_INFINITY, undefined));
	await t.notThrowsAsync(
		fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 2, max: 4 }),
				fc.integer({ min: 1, max: 4 }),
				fc.array(value, { minLength: 16, maxLength: 16 }),
				async (columns, rows, values) => {
					let next = 0;
					const y = rows === 1 ? null : axis(-25e6, 25e6, rows);
					const pictures = await render(
						surfaceOf(axis(-25e6, 25e6, columns), y, () => values[next++]),
						{ width: 320, formats: ["svg", "png", "pdf"] },
					);
					for (const { name, bytes } of pictures) {
						const text = name.endsWith(".svg") ? new TextDecoder().decode(bytes) : "";
						if (/ (d|x|y|width|height|x1)="[^"]*(NaN|Infinity)/.test(text)) throw new Error(name);
					}
				},
			),
			{ seed: 3, numRuns: 12 },
		),
	);
});
