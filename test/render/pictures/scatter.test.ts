import test from "ava";
import { drawPoints } from "../../../src/render/index.js";

const points = [
	{ label: "one & only", group: "first", x: 1, y: 10 },
	{ label: "two", group: "first", x: 2, y: 20 },
	{ label: "three", group: "second", x: 3, y: 10 },
	{ label: "lost", group: "second", x: Number.NaN, y: 1 },
];
const options = {
	title: "Of points",
	x: { label: "across" },
	y: { label: "up" },
	text: "text",
	formats: ["svg"],
} as const;

async function svgOf(given = points, more = {}): Promise<string> {
	const pictures = await drawPoints(given, { ...options, ...more });
	return pictures.map(({ name, bytes }) => (name === "scatter.svg" ? new TextDecoder().decode(bytes) : name)).join();
}

/** The middles of the dots in the plot, which are drawn before those of the legend. */
function dots(svg: string): readonly (readonly [number, number])[] {
	return [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)m[^"]*" fill="#/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

test("points stand where their numbers are, with their names, and those without a number are told of", async (t) => {
	const svg = await svgOf();
	const [a, b, c] = dots(svg);
	if (a === undefined || b === undefined || c === undefined) return t.fail(svg);
	// Half-way across and above the others, which are as high as each other.
	t.true(Math.abs(b[0] - (a[0] + c[0]) / 2) < 0.02);
	t.is(a[1], c[1]);
	t.true(b[1] < a[1]);
	for (const name of ["one &amp; only", "two", "three", "across", "up", "first", "second"])
		t.true(svg.includes(`>${name}</text>`), name);
	t.true(svg.includes("1 of 4 have no such number"));
	t.false(svg.includes("lost"));
});

test("of a logarithmic axis equal ratios are equal lengths", async (t) => {
	const at = [1, 10, 100].map((x) => ({ label: `p${x}`, group: "g", x, y: 1 }));
	const [a, b, c] = dots(await svgOf(at, { x: { label: "x", scale: "log" } }));
	if (a === undefined || b === undefined || c === undefined) return t.fail();
	t.true(Math.abs(b[0] - (a[0] + c[0]) / 2) < 0.02);
});

test("names keep clear of each other, and one that has no room is left out", async (t) => {
	const crowd = Array.from({ length: 40 }, (_, i) => ({ label: `name ${i}`, group: "g", x: 1 + i / 1000, y: 1 }));
	const svg = await svgOf([...crowd, { label: "far", group: "g", x: 9, y: 9 }]);
	const names = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(?:name \d+)<\/text>/g)];
	t.true(names.length < 40 && names.length > 2, String(names.length));
	t.true(svg.includes(">far</text>"));
});

test("one clear line for no point, a name that is none, and a logarithm of 0", async (t) => {
	await t.throwsAsync(() => drawPoints([], options), {
		message: "points: expected one with two finite numbers, got none",
	});
	await t.throwsAsync(() => drawPoints([{ label: "", group: "g", x: 1, y: 1 }], options), {
		message: /^points\[0\]\.label: expected a text/,
	});
	await t.throwsAsync(
		() => drawPoints([{ label: "a", group: "g", x: 0, y: 1 }], { ...options, x: { label: "x", scale: "log" } }),
		{ message: /log/ },
	);
});
