import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ExecutionContext } from "ava";
import type { Page } from "playwright-core";
import { writeWeights } from "../../../src/formats/index.js";
import { initialize } from "../../../src/network/initialize.js";
import { modelByName } from "../../../src/network/zoo/index.js";
import { readRun } from "../../../src/store/run.js";
import { start, temporaryDirectory } from "../../fixtures.js";
import { browserTests, open } from "../browser.js";

const test = browserTests();

const sweep = [
	...["--model", "mlp-256-64", "--weights", "net.safetensors", "--samples", "800", "--x=-1:1:25", "--y=-1:1:25"],
	...["--threads", "1", "--out", "run", "--live", "--quiet"],
];

async function withNetwork(t: ExecutionContext, model: string): Promise<string> {
	const directory = await temporaryDirectory(t);
	const graph = modelByName(model);
	await writeWeights(join(directory, "net.safetensors"), { graph, state: initialize(graph, 0) });
	return directory;
}

/** The address that a command says its page has. */
async function addressOf(child: ReturnType<typeof start>["child"]): Promise<string> {
	let text = "";
	return new Promise((resolve, reject) => {
		child.stderr.on("data", (part: string) => {
			text += part;
			const [, url] = /live page: (\S+)/.exec(text) ?? [];
			if (url !== undefined) resolve(url);
		});
		child.on("close", () => reject(new Error(`no page: ${text}`)));
	});
}

const doneOn = async (page: Page) =>
	Number(/^(\d+) of 625 points/.exec((await statusOf(page)) ?? "")?.[1] ?? Number.NaN);
const statusOf = (page: Page) => page.locator(".status").textContent();

async function until(t: ExecutionContext, what: string, holds: () => Promise<boolean>): Promise<void> {
	for (let i = 0; i < 400; i++) {
		if (await holds()) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	t.fail(`never: ${what}`);
}

test("a sweep is seen while it runs, killed and taken up under the page, and ends as a file of its own", async (t) => {
	const directory = await withNetwork(t, "mlp-256-64");
	const first = start("sweep.js", sweep, directory);
	const url = await addressOf(first.child);
	const { page, requests } = await open(t, url);
	await until(t, "rows appear", async () => (await doneOn(page)) > 25);
	const reading = (await page.locator(".facts").textContent()) ?? "";
	t.regex(reading, /Loss over α from −1 to 1 in 25 steps/);
	first.child.kill("SIGKILL");
	await first.finished;
	await until(t, "the page says so", async () => /Not connected/.test((await statusOf(page)) ?? ""));

	const second = start("sweep.js", sweep, directory);
	t.is(await addressOf(second.child), url, "the page's address is kept");
	await until(t, "the page goes on", async () => (await doneOn(page)) > 25);
	const { code } = await second.finished;
	t.is(code, 0);
	await until(t, "the end is said", async () => /^done; this page is saved as/.test((await statusOf(page)) ?? ""));
	t.is(await statusOf(page), `done; this page is saved as ${join("run", "viewer.html")}`);
	t.deepEqual(
		requests,
		requests.filter((asked) => asked === `${url}events`),
		"the page asks its own server alone",
	);

	// What the page has been told is the run, to the last digit that it shows.
	const saved = await open(t, pathToFileURL(join(directory, "run", "viewer.html")).href);
	const words = (await saved.page.locator(".facts").textContent()) ?? "";
	t.is(
		await page.locator(".facts p").first().textContent(),
		await saved.page.locator(".facts p").first().textContent(),
	);
	const { surface } = await readRun(join(directory, "run", "run.msgpack"));
	const loss = surface.fields[0]?.values.subarray(0, 625) ?? [];
	t.true(words.includes(`Lowest loss ${Number(Math.min(...loss).toPrecision(4))}`), words);
	await t.throwsAsync(readFile(join(directory, "run", "live.json")), { code: "ENOENT" });
});

test("a training's curves grow on its page, and an interruption is said there", async (t) => {
	const directory = await temporaryDirectory(t);
	const options = ["--model", "mlp-256-64", "--epochs", "40", "--samples", "2000"];
	const { child, finished } = start("train.js", [...options, "--quiet", "--live", "--out", "a.safetensors"], directory);
	const { page, errors } = await open(t, await addressOf(child));
	await until(t, "steps are told", async () => /^[1-9]\d* of/.test((await statusOf(page)) ?? ""));
	t.deepEqual(await page.locator("figcaption").allTextContents(), ["Training"]);
	await page.waitForTimeout(600);
	const seen = async () => (await page.locator("canvas.curve").screenshot()).toString("base64");
	const before = await seen();
	await page.waitForTimeout(1200);
	t.not(await seen(), before);
	child.kill("SIGINT");
	t.is((await finished).code, 130);
	await until(t, "the end is said", async () => /^interrupted/.test((await statusOf(page)) ?? ""));
	t.deepEqual(errors, []);
});

test("estimates of curvature settle on their page", async (t) => {
	const directory = await withNetwork(t, "mlp-32");
	const network = [
		"--model",
		"mlp-32",
		"--weights",
		"net.safetensors",
		"--samples",
		"200",
		"--top",
		"2",
		"--bottom",
		"1",
	];
	const { child, finished } = start("curvature.js", [...network, "--quiet", "--live", "--out", "c"], directory);
	const { page } = await open(t, await addressOf(child));
	const { code } = await finished;
	t.is(code, 0);
	await until(t, "the end is said", async () => /^done/.test((await statusOf(page)) ?? ""));
	t.deepEqual(await page.locator("figcaption").allTextContents(), ["eigenvalues"]);
	t.regex((await page.locator(".lines").textContent()) ?? "", /mlp-32/);
});
