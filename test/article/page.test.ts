import { createHash } from "node:crypto";
import test from "ava";
import { commandsOf } from "../../src/article/commands.js";
import { formulas } from "../../src/article/essay/formulas.js";
import { references } from "../../src/article/essay/references.js";
import { figures } from "../../src/article/figures/index.js";
import type { FinishedFigure } from "../../src/article/finished.js";
import { page } from "../../src/article/page.js";
import { settingOf, trained } from "../../src/article/setting.js";
import { newSurface } from "../fixtures.js";

const setting = settingOf("quick");

const finished: readonly FinishedFigure[] = figures.map((figure) => ({
	figure,
	verdict: {
		borneOut: "no",
		because: `Because of <b>${figure.number}</b> & "more".`,
		numbers: [{ label: "a < b", value: "1" }],
	},
	pictures: [
		{
			...{ name: "figures/x-curves.svg", darkName: "figures/x-curves-dark.svg" },
			...{ bytes: new TextEncoder().encode('<svg id="a"/>'), dark: new TextEncoder().encode('<svg id="b"/>') },
			caption: `What "${figure.number}" <shows>.`,
		},
	],
	planes: [],
	...commandsOf(figure, setting, "a folder"),
}));

const network = { name: "net", recipe: trained(setting), path: "net.safetensors", testAccuracy: 0.9876 };
const opening = {
	...{ name: "figures/00-relief.webp", darkName: "figures/00-relief-dark.webp" },
	...{ bytes: Uint8Array.of(1), dark: Uint8Array.of(2), words: 'A pit, "cut" <along> two of its dimensions.' },
};
const whole = page({ setting, figures: finished, networks: [network], opening });
/** Without the scripts, which have a test of their own. */
const html = whole.replaceAll(/<script.*?<\/script>/gs, "");

/** All that a pattern's first group matches in the page. */
const all = (pattern: RegExp, text = html) => [...text.matchAll(pattern)].map(([, found = ""]) => found);
const ids = all(/ id="([^"]*)"/g);

test("the page holds every figure with its command, its verdict and its numbers", (t) => {
	for (const { figure, command, steps } of finished) {
		t.true(html.includes(`<h2>${figure.number}. ${figure.title}</h2>`), figure.title);
		const text = html.replaceAll(/<\/?span[^>]*>/g, "");
		t.true(text.includes(`<pre class="command">${command}</pre>`), command);
		for (const step of steps) t.true(text.includes(`<code>${step}</code>`), step);
		t.true(html.includes(`Because of &lt;b&gt;${figure.number}&lt;/b&gt; &amp; &quot;more&quot;.`));
		t.true(html.includes(`<b>Figure ${figure.number}.</b> What &quot;${figure.number}&quot; &lt;shows&gt;.`));
	}
	// In the table of contents, in each section, in the explanation and in the closing notes.
	t.is(html.match(/not borne out by this data/g)?.length, 2 * figures.length + 2);
	t.true(html.includes("a &lt; b"));
	t.true(html.includes("98.8 %"));
	t.true(html.includes("<code>figures/x-curves-dark.svg</code>"));
});

test("nothing is loaded: pictures are in the page, links lead to its own parts or to papers, and its policy allows no more", (t) => {
	for (const target of all(/ (?:src|srcset)="([^"]*)"/g))
		t.regex(target, /^data:image\/(?:svg\+xml|webp);base64,[\w+/=]*$/);
	for (const target of all(/ href="([^"]*)"/g)) t.regex(target, /^(#[\w-]+|https:\/\/(arxiv|doi)\.org\/.*)$/);
	t.notRegex(html, /url\(|@import|<script|<link|<iframe|<object| on[a-z]+=/);
	const scripts = all(/<script>(.*?)<\/script>/gs, whole);
	t.is(scripts.length, 1);
	const digest = `sha256-${createHash("sha256")
		.update(scripts[0] ?? "")
		.digest("base64")}`;
	t.is(
		all(/http-equiv="Content-Security-Policy" content="([^"]*)"/g)[0],
		`default-src 'none'; script-src '${digest}'; img-src data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`,
	);
});

test("every link within the page lands, and no place has the name of another", (t) => {
	t.is(new Set(ids).size, ids.length);
	for (const target of all(/ href="#([^"]*)"/g)) t.true(ids.includes(target), target);
	const contents = all(/ href="#([^"]*)"/g, /<nav.*?<\/nav>/s.exec(html)?.[0] ?? "");
	t.deepEqual(contents, [
		"reading",
		...figures.map(({ number }) => `figure-${number}`),
		"closing",
		"networks",
		"references",
	]);
});

test("citations lead to the list of references, and from there back to each of their places", (t) => {
	const list = /<ol class="references">.*?<\/ol>/s.exec(html)?.[0] ?? "";
	const cited = all(/<a class="citation" id="cite-([^"]*)"/g);
	t.true(cited.length > 12, String(cited.length));
	t.deepEqual(all(/ href="#cite-([^"]*)"/g, list).toSorted(), cited.toSorted());
	const keys = [...new Set(cited.map((place) => place.replace(/-\d+$/, "")))];
	t.deepEqual(all(/<li id="([^"]*)"/g, list), keys.toSorted());
	t.is(all(/ href="(https:[^"]*)"/g, list).length, keys.length);
	// Nothing of the text is left in brackets, and nothing is listed that the text has no use for.
	t.notRegex(html.replaceAll(/base64,[^"]*/g, ""), /\[[a-z]+\d{4}\]/);
	t.deepEqual(keys.toSorted(), Object.keys(references).toSorted());
});

test("each formula stands once, in well-formed MathML, with its symbols and in words for those who can't see it", (t) => {
	const shown = all(/<div class="formula" id="formula-([^"]*)"/g);
	t.deepEqual(shown.toSorted(), Object.keys(formulas).toSorted());
	for (const [name, { plain, symbols }] of Object.entries(formulas)) {
		t.true(
			html.includes(`alttext="${plain.replaceAll("&", "&amp;").replaceAll(">", "&gt;").replaceAll("<", "&lt;")}"`),
			name,
		);
		for (const [symbol] of symbols) t.true(html.includes(`<math>${symbol.markup}</math>`), name);
	}
	for (const math of all(/(<math.*?<\/math>)/gs)) {
		const open: string[] = [];
		for (const [, slash, tag = ""] of math.matchAll(/<(\/?)(\w+)[^>]*>/g))
			if (slash === "") open.push(tag);
			else t.is(open.pop(), tag, math);
		t.deepEqual(open, [], math);
		t.notRegex(math.replaceAll(/<[^>]*>/g, ""), /[<>]/);
	}
});

test("a formula is numbered where it first stands, and linked to from the figures after", (t) => {
	const section = (number: number) =>
		html.slice(html.indexOf(`id="figure-${number}"`), html.indexOf(`id="figure-${number + 1}"`));
	t.true(section(8).includes('id="formula-bezier"'));
	const number = /id="formula-bezier".*?<span class="count">\((\d+)\)/s.exec(html)?.[1];
	t.true(section(13).includes(`Bezier curve with one bend (<a href="#formula-bezier">${number}</a>)`));
	// Of some figures alone, each has the formulas that it needs.
	const alone = page({ setting, figures: finished.filter(({ figure }) => figure.number === 13), networks: [] });
	for (const name of ["bezier", "matching", "barrier"]) t.true(alone.includes(`id="formula-${name}"`), name);
	t.false(alone.includes('id="formula-filter"'));
});

test("every picture has words for those who can't see it, and a twin for a dark ground", (t) => {
	const pictures = all(/(<picture>.*?<\/picture>)/gs);
	t.is(pictures.length, figures.length + 1);
	t.is(html.match(/<img /g)?.length, pictures.length);
	for (const picture of pictures) {
		t.regex(picture, /<img alt="[^"]{10,}" src="data:/);
		t.regex(picture, /<source media="screen and \(prefers-color-scheme: dark\)" srcset="data:/);
	}
	t.true(html.includes("Relief. A pit, &quot;cut&quot; &lt;along&gt; two of its dimensions."));
	t.regex(html, /@media screen and \(prefers-color-scheme: dark\)/);
	t.regex(html, /@media print/);
});

test("a figure's planes can be turned and read right below its pictures, and others' are others", (t) => {
	const [first, second] = finished;
	if (first === undefined || second === undefined) return t.fail();
	const plane = (name: string) => {
		const surface = newSurface({ min: 0, max: 1, steps: 2 }, { min: 0, max: 1, steps: 2 });
		return { name, surface };
	};
	const made = page({
		setting,
		figures: [
			{ ...first, planes: [plane("one"), plane("</script>")] },
			{ ...second, planes: [plane("three")] },
		],
		networks: [],
	});
	t.deepEqual(all(/<\/figure>\s*<div class="plane-viewer" data-runs="([^"]*)"><\/div>/g, made), ["0 1", "2"]);
	const [json = ""] = all(/<script type="application\/json" id="data">(.*?)<\/script>/gs, made);
	t.like(JSON.parse(json), { kind: "embedded", runs: [{ name: "one" }, { name: "</script>" }, { name: "three" }] });
});

test("without a plane to open with the page opens with words", (t) => {
	t.false(page({ setting, figures: finished, networks: [] }).includes("Relief. "));
});

test("a figure's commands train each network once, and quote a folder with a space", (t) => {
	const [six] = finished.filter(({ figure }) => figure.number === 6);
	t.is(six?.command, "node scripts/article.js --quick --only 6 --out 'a folder'");
	t.is(six?.steps.filter((step) => step.startsWith("node scripts/train.js")).length, 2);
	t.is(six?.steps.filter((step) => step.startsWith("node scripts/sweep.js")).length, 2 * setting.planes);
	for (const step of six?.steps ?? [])
		t.regex(step, / '?a folder\/networks\/mnist-cnn-w0\.25-adam-batch\d+-[0-9a-f]{8}\.safetensors'/);
});

test("what a shell gives back of a figure's command is the folder as it was", (t) => {
	const [first] = figures;
	if (first === undefined) return t.fail();
	t.regex(commandsOf(first, settingOf("full", 3), "it's").command, / --seed 3 --only 1 --out 'it'\\''s'$/);
});
