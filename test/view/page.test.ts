import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { OptionError } from "../../src/errors.js";
import type { Surface } from "../../src/surface/surface.js";
import { galleryPage, viewerPage } from "../../src/view/page.js";
import { doublesOf, doublesText, surfaceData, surfaceOf } from "../../src/view/page-data.js";
import { newSurface, provenance } from "../fixtures.js";

function plane(model = "a-network"): Surface {
	const surface = newSurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 2, steps: 4 }, provenance({ model }));
	for (const { values } of surface.fields) for (let i = 0; i < values.length; i++) values[i] = i / 7;
	surface.done.fill(1);
	return surface;
}

function dataOf(html: string): unknown {
	const [, json = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
	return JSON.parse(json);
}

test("numbers go into a page and come out of it with every bit", (t) => {
	fc.assert(
		fc.property(fc.float64Array({ maxLength: 300 }), (values) => {
			const back = doublesOf(doublesText(values));
			t.deepEqual(back, values);
			t.true([...back].every((value, i) => Object.is(value, values[i])));
		}),
	);
});

test("values of a hundred thousand points go into a page", (t) => {
	const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
	t.deepEqual(doublesOf(doublesText(values)), values);
});

test("a surface comes out of a page as it went in, with what is not finite and what was not computed", (t) => {
	const surface = plane();
	const [loss] = surface.fields;
	loss?.values.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324]);
	surface.done[7] = 0;
	const point = { file: "NaN", at: [0.5, -0], offPlane: 1, offPlaneShare: Number.NaN, loss: Number.POSITIVE_INFINITY };
	const whole: Surface = {
		...surface,
		anchors: [{ label: "Infinity", at: [0, 0], role: "origin" }],
		trajectories: {
			origin: "-Infinity",
			principal: { centred: false, singularValues: [3, Number.NaN], explainedVariance: [1, 0] },
			paths: [{ label: "NaN", points: [{ ...point, lossOwnStatistics: Number.NEGATIVE_INFINITY }] }],
		},
	};
	t.deepEqual(surfaceOf(JSON.parse(JSON.stringify(surfaceData(whole)))), {
		...whole,
		trajectories: {
			...(whole.trajectories as NonNullable<Surface["trajectories"]>),
			// JSON has one 0.
			paths: [{ label: "NaN", points: [{ ...point, at: [0.5, 0], lossOwnStatistics: Number.NEGATIVE_INFINITY }] }],
		},
	});
});

test("a page allows itself one script and one style, by their digests, and nothing from elsewhere", (t) => {
	const html = viewerPage([{ surface: plane() }]);
	const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
	const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
	const [, script = ""] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
	const [, style = ""] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
	t.true(script.length > 100_000);
	t.deepEqual(policy.split("; "), [
		"default-src 'none'",
		`script-src ${digest(script)}`,
		`style-src ${digest(style)}`,
		"img-src data: blob:",
		"base-uri 'none'",
		"form-action 'none'",
	]);
	t.notRegex(html.replace(script, ""), /\b(src|href|action)=/);
});

test("names from outside are text on a page, whatever they say", (t) => {
	const name = `</script><script>alert("x")</script><!-- & 'quoted'`;
	const html = viewerPage([{ surface: plane(name), name }]);
	t.is(html.match(/<script/g)?.length, 2);
	t.false(html.includes("<!-- &"));
	t.regex(html, /<title>&lt;\/script&gt;&lt;script&gt;alert\(&quot;x&quot;\)/);
	t.like(dataOf(html), { title: name, runs: [{ name }] });
});

test("the same surfaces make the same bytes", (t) => {
	t.is(viewerPage([{ surface: plane() }]), viewerPage([{ surface: plane() }]));
});

test("an index holds its runs by their names and days", (t) => {
	const runs = ["first", "second"].map((name) => ({ surface: plane(), name, date: "2026-11-27" }));
	const data = dataOf(galleryPage("Runs", runs));
	t.like(data, { kind: "gallery", title: "Runs", runs: [{ name: "first", date: "2026-11-27" }, { name: "second" }] });
});

test("what is no surface is refused by name", (t) => {
	const error = t.throws(() => viewerPage([{ surface: {} as Surface }]), { instanceOf: OptionError });
	t.regex(error?.message ?? "", /^surface/);
});
