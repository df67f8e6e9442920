import test from "ava";
import { planeLevels } from "../../../src/render/parts/levels.js";
import { planeScale } from "../../../src/render/parts/scale.js";
import { rowOf } from "../../../src/render/parts/terminal.js";
import { drawnField, finiteValues } from "../../../src/render/parts/values.js";
import { preview } from "../../../src/render/pictures/preview.js";
import { axis, surfaceOf } from "../surfaces.js";

const bowl = surfaceOf(axis(-1, 1, 21), axis(-1, 1, 21), (a, b) => 0.5 + a * a + 2 * b * b);
/** The rows between a frame's edges, without codes. */
const inside = (lines: readonly string[]) => lines.map(plain).flatMap((line) => /│(.*)│/.exec(line)?.slice(1) ?? []);
// biome-ignore lint/suspicious/noControlCharactersInRegex: codes of terminals begin with one
const plain = (line: string) => line.replaceAll(/\x1b\[[\d;]*m/g, "");

test("a plane is about 40 characters by 20, in the heat map's colours, with its lowest point marked", (t) => {
	const lines = preview(bowl, { columns: 79, colours: "all", levels: [0.6] });
	const rows = inside(lines);
	t.is(rows.length, 20);
	for (const row of rows) t.regex(row, /^[▀+]{40}$/);
	// The lowest value lies in the middle, where rows and columns of an even number meet.
	t.is(rows[10]?.indexOf("+"), 20);
	t.is(rows.join("").split("+").length, 2);
	// The upper left pixel's middle is (-0.975, 0.975), of value 3.352: at 0.951 of the scale viridis is bright yellow.
	const [red = 0, green = 0, blue = 255] = /38;2;(\d+);(\d+);(\d+)/.exec(lines.join(""))?.slice(1).map(Number) ?? [];
	t.true(red > 220 && green > 215 && blue < 50, `${red} ${green} ${blue}`);
	t.true(lines.map(plain).includes("lines at 0.6  + lowest, 0.5 at (0, 0)"));
	t.true(lines.some((line) => /^0\.5 █{16} 3\.5$/.test(plain(line))));
});

test("its lines are at the levels of the heat map and the contour plot, or at those named", (t) => {
	const of = drawnField(bowl, "loss");
	const usual = planeLevels(of, planeScale(of.spec, finiteValues(of)));
	t.true(usual.length >= 4);
	for (const [options, expected] of [
		[{}, usual.map(({ label }) => label)],
		[{ levels: [2.5, 0.7, 1] }, ["0.7", "1", "2.5"]],
	] as const) {
		const lines = preview(bowl, { ...options, columns: 200, colours: "none" });
		t.true(
			lines.some((line) => line.startsWith(`lines at ${expected.join(", ")}  +`)),
			lines.join("\n"),
		);
	}
});

test("without colours lines are dots, where a level is crossed and nowhere else", (t) => {
	const lines = preview(
		surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), (a) => 2 + a),
		{
			...{ columns: 79, colours: "none", levels: [2.5] },
		},
	);
	t.false(lines.join("").includes("\x1b"));
	// α = 0.5 lies at three quarters of the width.
	for (const [i, row] of inside(lines).entries()) {
		const dotted = [...row].flatMap((character, column) => (/[\u2800-\u28ff]/.test(character) ? [column] : []));
		t.deepEqual(dotted, [29], `row ${i}: ${row}`);
	}
});

test("points without a value have signs, which the legend explains", (t) => {
	const holed = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), (a, b) => {
		if (a < -0.4) return b < 0 ? undefined : Number.NaN;
		return a > 0.9 && b > 0.9 ? Number.POSITIVE_INFINITY : 1 + a * a + b * b;
	});
	for (const colours of ["none", "all"] as const) {
		const lines = preview(holed, { columns: 79, colours });
		const rows = inside(lines);
		// Half-way to the next point, at α = -0.25 and 0.75, of a width of 2 and 40 characters.
		t.regex(rows[0] ?? "", /^\?{15}[^?·∞]+∞{5}$/);
		t.regex(rows.at(-1) ?? "", /^·{15}[^?·∞]+$/);
		const legend = lines.map(plain).join("  ");
		for (const words of ["· not computed at 4 points", "? NaN at 6 points", "∞ +∞ at 1 point"])
			t.true(legend.includes(words), legend);
	}
});

test("a line is a curve of dots from its first to its last point, with its lowest marked", (t) => {
	const lines = preview(
		surfaceOf(axis(0, 1, 3), null, (a) => 1 + Math.abs(a - 0.5)),
		{ columns: 79, colours: "all" },
	);
	const rows = inside(lines);
	t.is(rows.length, 10);
	t.regex(rows[0] ?? "", /^[^ ]{1,2} +[^ ]{1,2}$/, "highest at both ends");
	t.regex(rows[9] ?? "", /^ {16,19}[^ ]*\+[^ ]* {16,19}$/, "lowest in the middle");
	t.true(lines.includes("+ lowest, 1 at (0.5)"));
	const holed = inside(
		preview(
			surfaceOf(axis(0, 1, 5), null, (a) => (a > 0.9 ? undefined : a)),
			{ columns: 60, colours: "none" },
		),
	);
	t.regex(holed[9] ?? "", /·$/);
});

test("no line is wider than the terminal", (t) => {
	const line = surfaceOf(axis(0, 1, 9), null, (a) => 1 + a);
	for (let columns = 20; columns < 100; columns++)
		for (const surface of [bowl, line])
			for (const colours of ["none", "256"] as const)
				for (const text of preview(surface, { columns, colours }).map(plain))
					t.true([...text].length <= columns, `${columns}: ${text}`);
});

test("equal values everywhere, no value at all and a single point are said in words or not drawn", (t) => {
	const options = { columns: 79, colours: "none" } as const;
	const flat = preview(
		surfaceOf(axis(0, 1, 3), axis(0, 1, 3), () => 2),
		options,
	);
	t.true(flat.includes("loss: 2 everywhere"));
	t.false(flat.join("").includes("+ lowest"));
	const none = preview(
		surfaceOf(axis(0, 1, 3), axis(0, 1, 3), () => Number.NaN),
		options,
	);
	t.true(none.includes("? NaN at 9 points"));
	t.deepEqual(
		preview(
			surfaceOf(axis(0, 0, 1), null, () => 1),
			options,
		),
		[],
	);
});

test("names from files move no cursor, and what can't be drawn is refused", (t) => {
	const [loss, ...others] = bowl.fields;
	if (loss === undefined) return t.fail();
	const named = { ...bowl, fields: [{ ...loss, label: "lo\x1b[2Jss" }, ...others] };
	t.is(preview(named, { columns: 79, colours: "none" })[0], "lo\\x1b[2Jss");
	t.throws(() => preview(bowl, { columns: 19, colours: "all" }), { message: /^columns: / });
	t.throws(() => preview(bowl, { columns: 80, colours: "16" as "all" }), { message: /^colours: expected / });
	t.throws(() => preview(bowl, { columns: 80, colours: "all", colormap: "jet" }), { message: /^colormap: / });
});

test("of 256 colours the nearest is taken, and codes end with the row", (t) => {
	const cell = (colour: readonly [number, number, number]) => ({ character: "x", colour });
	// Corners of the cube, 16 + 36 r + 6 g + b, and a grey that the cube has not: 8 + 10 × 12.
	t.is(rowOf([cell([255, 0, 0])], "256"), "\x1b[38;5;196mx\x1b[0m");
	t.is(rowOf([cell([0, 0, 255])], "256"), "\x1b[38;5;21mx\x1b[0m");
	t.is(rowOf([cell([128, 128, 128])], "256"), "\x1b[38;5;244mx\x1b[0m");
	t.is(rowOf([cell([1, 2, 3]), cell([1, 2, 3]), { character: "y" }], "all"), "\x1b[38;2;1;2;3mxx\x1b[0my");
	t.is(rowOf([cell([1, 2, 3])], "none"), "x");
});
