import test from "ava";
import { commandsOf } from "../../src/article/commands.js";
import { figures } from "../../src/article/figures/index.js";
import type { FinishedFigure } from "../../src/article/finished.js";
import { page } from "../../src/article/page.js";
import { settingOf, trained } from "../../src/article/setting.js";

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
	...commandsOf(figure, setting, "a folder"),
}));

const network = { name: "net", recipe: trained(setting), path: "net.safetensors", testAccuracy: 0.9876 };
const html = page({ setting, figures: finished, networks: [network] });

test("the page holds every figure with its command, its verdict and its numbers", (t) => {
	for (const { figure, command } of finished) {
		t.true(html.includes(`<h2>${figure.number}. ${figure.title}</h2>`), figure.title);
		t.true(html.includes(`<pre>${command}</pre>`), command);
		t.true(html.includes(`Because of &lt;b&gt;${figure.number}&lt;/b&gt; &amp; &quot;more&quot;.`));
	}
	t.is(html.match(/not borne out by this data/g)?.length, 2 * figures.length);
	t.true(html.includes("a &lt; b"));
	t.true(html.includes("98.8 %"));
});

test("the page refers to no file and to no other place", (t) => {
	for (const [, target] of html.matchAll(/(?:src|href)="([^"]*)"/g))
		t.regex(target ?? "", /^(#figure-\d+$|data:image\/)/);
	t.notRegex(html, /url\(|@import|<script|<link/);
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
