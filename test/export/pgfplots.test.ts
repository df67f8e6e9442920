import test from "ava";
import { exportSurface } from "../../src/export/index.js";
import { newSurface, valuesOf } from "../fixtures.js";

test("a plane is a matrix of cells with its table in row order, and nan where there is nothing to draw", async (t) => {
	const surface = newSurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 0.5, steps: 2 });
	valuesOf(surface).loss.set([0.1 + 0.2, Number.NaN, 2, Number.POSITIVE_INFINITY, 0, 5]);
	valuesOf(surface).accuracy.set([1, 0.5, 0, 0.25, 0, 1]);
	surface.done.set([1, 1, 1, 1, 0, 1]);
	const lines = String(await exportSurface(surface, "a.tex")).split("\n");
	t.true(lines.some((line) => line.includes("\\addplot[matrix plot*, mesh/cols=3, point meta=\\thisrow{loss}, ")));
	const from = lines.indexOf("alpha beta loss accuracy");
	t.deepEqual(lines.slice(from + 1), [
		"-1 0 0.30000000000000004 1",
		"0 0 nan 0.5",
		"1 0 2 0",
		"-1 0.5 nan 0.25",
		"0 0.5 nan nan",
		"1 0.5 5 1",
		"};",
		"\\end{axis}",
		"\\end{tikzpicture}",
		"",
	]);
});

test("beyond three decades colours and axes are logarithmic", async (t) => {
	const values = [1e-3, 1, 2];
	const plane = newSurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 0, steps: 1 });
	valuesOf(plane).loss.set(values);
	plane.done.fill(1);
	t.regex(String(await exportSurface(plane, "a.tex")), /point meta=\{log10\(\\thisrow\{loss\}\)\}/);
	const line = newSurface({ min: -1, max: 1, steps: 3 }, null);
	valuesOf(line).loss.set(values);
	line.done.fill(1);
	const text = String(await exportSurface(line, "a.tex"));
	t.regex(text, /ymode=log/);
	t.regex(text, /\\addplot\[thick, unbounded coords=jump\] table\[x=alpha, y=loss\]/);
});

test("names and axes are words to TeX, whatever signs they have, and braces match", async (t) => {
	const plane = newSurface({ min: 0, max: 1, steps: 2 }, { min: 0, max: 1, steps: 2 });
	const provenance = {
		...plane.provenance,
		plan: { ...plane.provenance.plan, model: "my_net {50%}" },
		caption: ["two\nlines"],
		axisLabels: ["eigenvector 1, λ = 2×10⁻³", "#2 & ~"],
	};
	const text = String(await exportSurface({ ...plane, provenance }, "a.tex"));
	t.true(text.startsWith("% two lines · isoloss "));
	t.true(text.includes("title={Loss of my\\_net \\{50\\%\\}}"));
	t.true(text.includes("xlabel={$\\alpha$: eigenvector 1, $\\lambda$ = 2$\\times$10$^{-3}$}"));
	t.true(text.includes("ylabel={$\\beta$: \\#2 \\& \\textasciitilde{}}"));
	const bare = text.replaceAll(/\\[{}]/g, "");
	t.is([...bare.matchAll(/\{/g)].length, [...bare.matchAll(/\}/g)].length);
});
