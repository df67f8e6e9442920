import test from "ava";
import sharp from "sharp";
import { OptionError } from "../../src/errors.js";
import { type CompareOptions, compare, render } from "../../src/render/index.js";
import { panelColumns } from "../../src/render/parts/plane-figure.js";
import { differenceField, drawnField } from "../../src/render/parts/values.js";
import type { Axis } from "../../src/surface/grid.js";
import type { Surface } from "../../src/surface/surface.js";
import { axis, labelsOf, surfaceOf, withAnchors } from "./surfaces.js";

const square = axis(-1, 1, 2);
const named = (...surfaces: Surface[]) => surfaces.map((surface, i) => ({ label: `run ${i + 1}`, surface }));
const constant = (value: number | undefined, x: Axis = square) => surfaceOf(x, x, () => value);

/** The pictures by name; SVG documents as text. */
async function drawn(surfaces: Surface[], options: CompareOptions = {}) {
	const pictures = await compare(named(...surfaces), options);
	return new Map(pictures.map(({ name, bytes }) => [name, Buffer.from(bytes)]));
}

/** The frames of an SVG document, and the colour of its PNG in the middle of each. */
async function middles(files: Map<string, Buffer>, name: string): Promise<number[][]> {
	const svg = String(files.get(`${name}.svg`));
	const { data, info } = await sharp(files.get(`${name}.png`))
		.raw()
		.toBuffer({ resolveWithObject: true });
	const frames = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none"/g)]
		.map((match) => match.slice(1).map(Number) as [number, number, number, number])
		// The colour bar has a frame as well.
		.filter(([, , width]) => width > 20);
	return frames.map(([x, y, width, height]) => {
		// A little off the middle, where the cross of the origin is.
		const from = (Math.round(2 * (y + height * 0.3)) * info.width + Math.round(2 * (x + width * 0.3))) * info.channels;
		return [...data.subarray(from, from + 3)];
	});
}

test("planes give panels and differences, lines give one plot", async (t) => {
	const plane = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 4), (a, b) => 1 + a * a + b * b);
	const line = surfaceOf(axis(-1, 1, 5), null, (a) => 1 + a * a);
	t.deepEqual(
		[...(await drawn([plane, plane])).keys()],
		["panels.svg", "panels.png", "differences.svg", "differences.png"],
	);
	t.deepEqual([...(await drawn([plane])).keys()], ["panels.svg", "panels.png"]);
	const other = surfaceOf(axis(-1, 1, 6), axis(-1, 1, 4), (a) => a);
	t.deepEqual([...(await drawn([plane, other])).keys()], ["panels.svg", "panels.png"]);
	t.deepEqual([...(await drawn([line, line])).keys()], ["curves.svg", "curves.png"]);
	t.deepEqual(await drawn([plane, other]), await drawn([plane, other]));
});

/** The same with another field in place of the accuracy, whose values are a hundred times as large. */
function measuredBy(name: string, surface: Surface): Surface {
	const fields = surface.fields.map((field) =>
		field.name === "accuracy"
			? { name, label: name, unit: "none" as const, values: field.values.map((value) => 100 * value) }
			: field,
	);
	return { ...surface, fields };
}

test("a metric is asked for by its name; shares run to 100 %, other metrics as far as their values", async (t) => {
	const line = surfaceOf(axis(-1, 1, 3), null, (a) => a * a);
	const shares = labelsOf(String((await drawn([line, line], { metric: "accuracy" })).get("curves.svg")));
	t.true(shares.includes("accuracy (%)") && shares.includes("100"));
	const errors = measuredBy(
		"mae",
		surfaceOf(axis(-1, 1, 3), null, (a) => 1 / (1 + a * a) / 1000),
	);
	const svg = String((await drawn([errors, errors], { metric: "mae" })).get("curves.svg"));
	t.true(labelsOf(svg).includes("mae") && svg.includes("Curve of the mae over"));
	t.true(labelsOf(svg).some((label) => Number(label) > 99 && Number(label) < 100));
	await t.throwsAsync(drawn([line, line], { metric: "mae" }), {
		instanceOf: OptionError,
		message: 'metric: expected a field that all runs have (loss, accuracy), got "mae"',
	});
	await t.throwsAsync(drawn([line, errors], { metric: "mae" }), {
		instanceOf: OptionError,
		message: 'metric: expected a field that all runs have (loss), got "mae"',
	});
});

test("one scale holds for all panels: equal values have equal colours, others do not", async (t) => {
	const [first, second, third] = await middles(await drawn([constant(1), constant(3), constant(1)]), "panels");
	t.deepEqual(first, third);
	t.notDeepEqual(first, second);
	// Viridis from 1 to 3: its lowest and its highest colour.
	t.deepEqual(
		[first, second],
		[
			[68, 1, 84],
			[253, 231, 37],
		],
	);
});

test("a panel is titled with its run, and bar and axes stand once", async (t) => {
	const svg = String((await drawn([constant(1), constant(2), constant(3)])).get("panels.svg"));
	const labels = labelsOf(svg);
	for (const label of ["Loss of small-net", "run 1", "run 2", "run 3"]) t.true(labels.includes(label), label);
	t.is(labels.filter((label) => label === "β").length, 1);
	t.is(labels.filter((label) => label === "α").length, 3);
	t.is(labels.filter((label) => label === "loss").length, 1);
	t.is(labels.filter((label) => label.startsWith("run 2: small-net")).length, 1);
	t.is([...svg.matchAll(/id="colour-bar"/g)].length, 1);
});

test("differences are from the first run, red above it, blue below, and 0 has the palest colour", async (t) => {
	const files = await drawn([constant(2), constant(5), constant(-1), constant(2)]);
	const [above = [], below = [], same = []] = await middles(files, "differences");
	t.true((above[0] ?? 0) > 2 * (above[2] ?? 0) && (below[2] ?? 0) > 2 * (below[0] ?? 0), `${above} ${below}`);
	t.true(same.every((channel) => channel > 235));
	const labels = labelsOf(String(files.get("differences.svg")));
	t.true(labels.includes("Loss of small-net, less that of run 1"));
	t.true(labels.includes("difference in loss"));
	t.false(labels.includes("run 1"));
});

test("a difference is the one value less the other, NaN for ∞ − ∞, and not computed where either is", (t) => {
	const of = (values: (number | undefined)[]) => {
		let next = 0;
		return drawnField(
			surfaceOf(axis(0, 3, 4), null, () => values[next++]),
			"loss",
		);
	};
	const inf = Number.POSITIVE_INFINITY;
	const difference = differenceField(of([3, inf, 1, undefined]), of([1, inf, inf, 2]));
	t.deepEqual(difference.kinds, ["finite", "NaN", "−∞", "not computed"]);
	t.is(difference.values[0], 2);
});

test("planes of other ranges are drawn on axes that hold all of them, each over its own part", async (t) => {
	const files = await drawn([constant(1, axis(-4, 4, 3)), constant(2, axis(-1, 1, 3))]);
	const labels = labelsOf(String(files.get("panels.svg")));
	t.is(labels.filter((label) => label === "4").length, 3);
	const [, small] = await middles(files, "panels");
	// 0.3 of the way from -6 to 6 lies beyond -1.5.
	t.deepEqual(small, [255, 255, 255]);
});

test("curves are told apart in the legend, and α runs over all of them", async (t) => {
	const line = (x: Axis, factor: number) => surfaceOf(x, null, (a) => (a > 1.5 ? Number.NaN : 1 + factor * a * a));
	const files = await drawn([line(axis(-1, 1, 5), 1), line(axis(0, 2, 5), 2), line(axis(-1, 1, 3), 3)]);
	const svg = String(files.get("curves.svg"));
	const labels = labelsOf(svg);
	for (const label of ["run 1", "run 2", "run 3", "run 2 NaN: 1 point", "−1.0", "2.0"])
		t.true(labels.includes(label), `${label} is not among ${labels}`);
	const colours = [...svg.matchAll(/fill="none" stroke="(#\w+)" stroke-width="1.6" stroke-linejoin/g)];
	t.is(new Set(colours.map((match) => match[1])).size, 3);
});

test("the networks that a surface goes through are marked without asking", async (t) => {
	const x = axis(-0.5, 1.5, 5);
	const plane = surfaceOf(x, x, (a, b) => 1 + a * a + b);
	const through = withAnchors(plane, "a", "b", "init:7");
	const [heatmap] = await render(through);
	t.truthy(heatmap);
	const svg = String((await drawn([through])).get("panels.svg"));
	for (const label of ["a", "b", "init:7"]) t.true(labelsOf(svg).includes(label), label);
	t.false(labelsOf(svg).includes("origin (0, 0)"));
	const line = withAnchors(
		surfaceOf(x, null, (a) => a),
		"start",
		"b",
	);
	const [curve] = await render(line);
	const labels = labelsOf(String(Buffer.from(curve?.bytes ?? [])));
	for (const label of ["start", "b"]) t.true(labels.includes(label), label);
});

test("panels fill rows of at most four, as equal as can be", (t) => {
	t.deepEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 12].map(panelColumns), [1, 2, 3, 4, 3, 3, 4, 4, 3, 4]);
});

test("what can't be compared or drawn is refused", async (t) => {
	const line = surfaceOf(square, null, () => 1);
	const refused = async (surfaces: Surface[], options: object, message: RegExp) =>
		t.throwsAsync(compare(named(...surfaces), options), { instanceOf: OptionError, message });
	await refused([], {}, /at least one/);
	await refused([constant(1), line], {}, /all lines or all planes, got run 1, a plane, and run 2, a line/);
	await refused([constant(1)], { colormap: "jet" }, /viridis/);
	await refused([line], { scale: "cubic" }, /linear/);
	await refused([constant(-1)], { scale: "log" }, /log needs values above 0/);
	await refused([constant(1)], { width: 100 }, /^width: /);
	await refused([constant(1), constant(1), constant(1), constant(1)], { width: 320 }, /4 panels side by side/);
	await refused(
		[constant(1), constant(1), constant(1), constant(1)],
		{ size: "3in" },
		/^size: expected more for 4 panels side by side, got "3in"$/,
	);
});
