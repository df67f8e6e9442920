import test from "ava";
import "../../../src/render/fonts.js";
import { drawCurvature } from "../../../src/render/curvature.js";
import type { CurvatureFigure } from "../../../src/render/pictures/curvature-figure.js";
import { eigenvalueBars } from "../../../src/render/pictures/eigenvalues.js";
import { secantCurves } from "../../../src/render/pictures/secant.js";

const eigenvalue = (value: number, residual: number, settled: boolean) => ({ value, residual, settled });

const figure: CurvatureFigure = {
	title: "Curvature of a test",
	foot: "Made up.",
	parameters: 100,
	density: null,
	top: [eigenvalue(8, 0, true), eigenvalue(5, 1, false)],
	bottom: [eigenvalue(-1, 0.5, false)],
	order: "value",
	noiseFloor: 8e-5,
	secant: null,
};

const labels = (svg = "") => [...svg.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);

test("settled eigenvalues are filled, others hollow, and both are named with residual and noise floor", (t) => {
	const svg = eigenvalueBars(figure) ?? "";
	// A bar each, and one in the legend.
	t.is(svg.match(/fill="#e78b45"/g)?.length, 2);
	t.is(svg.match(/fill="#fff" stroke="#d55e00"/g)?.length, 3);
	const said = labels(svg);
	for (const label of ["settled", "not settled", "residual", "0 within rounding, ± 8×10⁻⁵", "−1", "8", "5"])
		t.true(said.includes(label), label);
	t.false(labels(eigenvalueBars({ ...figure, top: figure.top.slice(0, 1), bottom: [] })).includes("not settled"));
	t.is(eigenvalueBars({ ...figure, top: [], bottom: [] }), undefined);
});

test("an error bar ends at the residual's ends, to scale", (t) => {
	const svg = eigenvalueBars(figure) ?? "";
	const bars = [...svg.matchAll(/<path d="M[\d.]+ ([\d.]+)V([\d.]+)M/g)].map(
		([, low, high]) => Number(low) - Number(high),
	);
	// ± 1 and ± 0.5, and the legend's.
	t.is(bars.length, 3);
	t.true(Math.abs((bars[0] ?? 0) / (bars[1] ?? 1) - 2) < 0.01);
});

test("eigenvalues over many decades stand on a symlog axis, on which the noise floor has a height", (t) => {
	const wide = { ...figure, top: [eigenvalue(10, 0, true)], bottom: [eigenvalue(1e-4, 2e-4, false)], noiseFloor: 1e-4 };
	const svg = eigenvalueBars(wide) ?? "";
	t.true(labels(svg).includes("eigenvalue of the Hessian (symlog scale)"));
	const height = Number(svg.match(/height="([\d.]+)" fill="#0072b2"/)?.[1]);
	t.true(height > 20, `${height}`);
});

test("of many eigenvalues' ranks only those are written that stand clear of each other", (t) => {
	const many = Array.from({ length: 40 }, (_, i) => eigenvalue(40 - i, 0, true));
	const svg = eigenvalueBars({ ...figure, top: many, bottom: many.map(({ value }) => eigenvalue(-value, 0, true)) });
	const ranks = labels(svg).filter((label = "") => /^−?\d+$/.test(label) && label !== "0");
	t.deepEqual(ranks.slice(0, 5), ["1", "10", "15", "20", "25"]);
});

const points = [1e-3, 1e-2, 1e-1, 1].map((step) => ({
	step,
	value: 4 + step,
	rounding: 1e-6 / step ** 2,
	lost: step === 1e-3,
}));

test("secant curvature has its eigenvalue as a line, and points lost in rounding are counted and not drawn", (t) => {
	const secant = { noise: 1e-7, curves: [{ eigenvalue: eigenvalue(4, 0, true), points }] };
	const svg = secantCurves({ ...figure, secant }) ?? "";
	// Three points, and one in the legend.
	t.is(svg.match(/<circle /g)?.length, 4);
	t.is(svg.match(/stroke-dasharray="5 3"/g)?.length, 2);
	const said = labels(svg);
	for (const label of ["secant curvature", "eigenvector 1, λ = 4", "lost in rounding, not drawn: 1 point"])
		t.true(said.includes(label), label);
	t.is(secantCurves(figure), undefined);
});

test("values of both signs and any size are drawn within the frame", (t) => {
	const sizes = [-3e5, Number.POSITIVE_INFINITY, 2e-3, 700];
	const wild = points.map((point, i) => ({ ...point, value: sizes[i] ?? 0, lost: false, rounding: 1 }));
	const svg = secantCurves({
		...figure,
		secant: { noise: 1e-7, curves: [{ eigenvalue: eigenvalue(-2, 0, true), points: wild }] },
	});
	t.false(/NaN|Infinity/.test((svg ?? "NaN").replace(/aria-label="[^"]*"/g, "")));
	t.true(labels(svg).includes("secant curvature (symlog scale)"));
});

test("pictures are files of what was computed alone, the same bytes each time", async (t) => {
	const once = await drawCurvature(figure);
	t.deepEqual(
		once.map(({ name }) => name),
		["eigenvalues.svg", "eigenvalues.png"],
	);
	t.deepEqual(await drawCurvature(figure), once);
});

test("curvature's pictures have the size, theme and formats that are asked for, and may be bare", async (t) => {
	const options = { size: "8cm", theme: "dark", formats: ["svg", "pdf"], text: "text", bare: true } as const;
	const [svg, pdf, ...more] = await drawCurvature(figure, options);
	t.deepEqual([svg?.name, pdf?.name, more.length], ["eigenvalues.svg", "eigenvalues.pdf", 0]);
	const drawing = String(Buffer.from(svg?.bytes ?? []));
	t.regex(drawing, /^<svg xmlns="[^"]*" width="8cm" /);
	t.true(drawing.includes('fill="#14171c"'), "the dark ground");
	t.regex(drawing, /<text /);
	t.false(/(var|line|tinted)\(/.test(drawing), "every colour has its value");
	t.false(/<text [^>]*>Curvature/.test(drawing), "no title");
	t.is(String(Buffer.from(pdf?.bytes.subarray(0, 8) ?? [])), "%PDF-1.4");
	await t.throwsAsync(drawCurvature(figure, { size: "wide" }), { message: /^size: expected a width/ });
});
