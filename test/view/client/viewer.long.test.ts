import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ExecutionContext } from "ava";
import type { Page } from "playwright-core";
import sharp from "sharp";
import type { Surface } from "../../../src/surface/surface.js";
import { galleryPage, type ViewedRun, viewerPage } from "../../../src/view/page.js";
import { newSurface, provenance, temporaryDirectory } from "../../fixtures.js";
import { browserTests, open, type Watched } from "../browser.js";

const test = browserTests();

/** A bowl, 0.5 + α² + 2β², over 9 × 11 points from -1 to 1; three points were not computed, one is NaN. */
function bowl(model = "bowl"): Surface {
	const [x, y] = [
		{ min: -1, max: 1, steps: 9 },
		{ min: -1, max: 1, steps: 11 },
	];
	const surface = newSurface(x, y, provenance({ model }));
	const [loss, accuracy] = surface.fields;
	for (let point = 0; point < 99; point++) {
		const [alpha, beta] = [-1 + (point % 9) / 4, -1 + Math.floor(point / 9) / 5];
		loss?.values.set([0.5 + alpha ** 2 + 2 * beta ** 2], point);
		accuracy?.values.set([1 - (alpha ** 2 + beta ** 2) / 4], point);
	}
	surface.done.fill(1);
	surface.done.fill(0, 96, 99);
	loss?.values.set([Number.NaN], 95);
	return { ...surface, anchors: [{ label: "bowl", at: [0, 0], role: "origin" }] };
}

async function opened(t: ExecutionContext, html: string, options = {}): Promise<Watched> {
	const path = join(await temporaryDirectory(t), "page.html");
	await writeFile(path, html);
	return open(t, pathToFileURL(path).href, options);
}

const view = (t: ExecutionContext, runs: readonly ViewedRun[], options = {}) => opened(t, viewerPage(runs), options);

/** How many colours there are among the pixels of an element, and how many of them are of no grey. */
async function coloursOf(page: Page, selector: string): Promise<{ readonly all: number; readonly vivid: number }> {
	await page.waitForTimeout(300);
	const { data, info } = await sharp(await page.locator(selector).first().screenshot())
		.raw()
		.toBuffer({ resolveWithObject: true });
	const found = new Set<number>();
	for (let i = 0; i < data.length; i += info.channels)
		found.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
	const vivid = [...found].filter((colour) => {
		const channels = [colour >> 16, (colour >> 8) & 255, colour & 255];
		return Math.max(...channels) - Math.min(...channels) > 60;
	});
	return { all: found.size, vivid: vivid.length };
}

const choose = (page: Page, view: "Relief" | "Contour") => page.locator(".segments").getByText(view).click();

/** Points at a place of the contour plot, by shares of its frame, which is drawn in the middle of its box. */
async function pointAtContour(page: Page, u: number, v: number): Promise<string> {
	const words = () => page.locator(".reading").textContent();
	const before = await words();
	// The plot may still be on its way, and what is pointed at is read with the next picture.
	for (let tries = 0; tries < 40 && (await words()) === before; tries++) {
		const box = await page.locator("canvas.plane").boundingBox();
		if (box === null) throw new Error("no contour plot");
		const [wide, high] = [box.width - 58 - 92, box.height - 14 - 46];
		const side = Math.min(wide, high);
		const [x, y] = [box.x + 58 + Math.max(0, (wide - side) / 2), box.y + 14];
		await page.mouse.move(x + u * side, y + (1 - v) * side);
		await page.waitForTimeout(50);
	}
	return (await words()) ?? "";
}

test("a plane opens from disk as a relief, without errors and without asking anybody", async (t) => {
	const { page, errors, requests } = await view(t, [{ surface: bowl() }]);
	const { all, vivid } = await coloursOf(page, "canvas.relief");
	t.true(all > 500, `${all} colours`);
	t.true(vivid > 200, `${vivid} vivid colours`);
	t.deepEqual(errors, []);
	t.deepEqual(requests, []);
	t.is(await page.title(), "Loss of bowl");
});

test("dragging turns the relief, the wheel brings it nearer, keys do both", async (t) => {
	const { page, errors } = await view(t, [{ surface: bowl() }]);
	const seen = async () => {
		await page.waitForTimeout(250);
		return (await page.locator("canvas.relief").screenshot()).toString("base64");
	};
	const pictures = [await seen()];
	const box = await page.locator("canvas.relief").boundingBox();
	if (box === null) throw new Error("no relief");
	const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
	await page.mouse.move(x, y);
	await page.mouse.down();
	await page.mouse.move(x + 120, y + 40, { steps: 4 });
	await page.mouse.up();
	pictures.push(await seen());
	await page.mouse.wheel(0, -300);
	pictures.push(await seen());
	await page.locator(".views").focus();
	await page.keyboard.press("ArrowLeft");
	pictures.push(await seen());
	await page.keyboard.press("-");
	pictures.push(await seen());
	t.is(new Set(pictures).size, 5);
	t.deepEqual(errors, []);
});

test("the contour plot reads out the run's own values at its points, and says what lies between", async (t) => {
	const { page } = await view(t, [{ surface: bowl() }]);
	await choose(page, "Contour");
	await page.waitForTimeout(200);
	t.is(await pointAtContour(page, 0.5, 0.5), "α 0, β 0 · loss 0.5 · accuracy 100 % · computed");
	// α = 0.75 and β = 0.4: 0.5 + 0.5625 + 0.32 and 1 − (0.5625 + 0.16) / 4.
	t.is(await pointAtContour(page, 7 / 8, 7 / 10), "α 0.75, β 0.4 · loss 1.3825 · accuracy 81.9375 % · computed");
	// Half-way between points a cubic through a parabola is 0.5 + 0.125² + 2 · 0.1².
	const between = await pointAtContour(page, 0.5 + 0.125 / 2, 0.5 + 0.1 / 2);
	const [, loss = ""] = /loss ≈ ([\d.]+)/.exec(between) ?? [];
	t.true(Math.abs(Number(loss) - (0.5 + 0.125 ** 2 + 2 * 0.1 ** 2)) < 0.02, between);
	t.regex(between, /interpolated$/);
	t.regex(await pointAtContour(page, 1, 1), /loss not computed · accuracy not computed · computed$/);
	t.regex(await pointAtContour(page, 5 / 8, 1), /loss NaN/);
});

test("a value with a standard error is read with its 95 % interval, and one that is interpolated as such", async (t) => {
	const surface = bowl();
	const error = { name: "loss-error", label: "standard error of loss", unit: "loss", errorOf: "loss" } as const;
	const interpolated = new Uint8Array(surface.done.length);
	interpolated[49] = 1;
	const fields = [...surface.fields, { ...error, values: new Float64Array(surface.done.length).fill(0.01) }];
	const plan = { ...surface.provenance.plan, samples: 1_000_000 };
	const { page } = await view(t, [
		{ surface: { ...surface, fields, interpolated, provenance: { ...surface.provenance, plan } } },
	]);
	await choose(page, "Contour");
	await page.waitForTimeout(200);
	// 1.96 standard errors.
	t.is(await pointAtContour(page, 0.375, 0.5), "α −0.25, β 0 · loss 0.5625 ± 0.02 · accuracy 98.4375 % · computed");
	t.regex(await pointAtContour(page, 0.5, 0.5), /^α 0, β 0 · loss 0.5 ± 0.02 · .* · interpolated$/);
});

test("keys step from point to point, and what is read is told to screen readers", async (t) => {
	const { page } = await view(t, [{ surface: bowl() }]);
	await choose(page, "Contour");
	await page.locator(".views").focus();
	for (const key of ["ArrowRight", "ArrowRight", "ArrowUp"]) await page.keyboard.press(key);
	t.is(await page.locator(".reading").textContent(), "α 0.25, β 0.2 · loss 0.6425 · accuracy 97.4375 % · computed");
	t.is(await page.locator(".reading").getAttribute("aria-live"), "polite");
	t.regex(
		(await page.locator(".views").getAttribute("aria-label")) ?? "",
		/^Contour lines of the loss over α from −1 to 1/,
	);
	await choose(page, "Relief");
	await page.locator(".views").focus();
	await page.keyboard.press("Shift+ArrowRight");
	t.is(await page.locator(".reading").textContent(), "α 0.5, β 0.2 · loss 0.83 · accuracy 92.75 % · computed");
});

test("the relief is read where it is pointed at", async (t) => {
	const { page } = await view(t, [{ surface: bowl() }]);
	await page.waitForTimeout(300);
	const box = await page.locator("canvas.relief").boundingBox();
	if (box === null) throw new Error("no relief");
	await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.5);
	const words = (await page.locator(".reading").textContent()) ?? "";
	const [, alpha = "", beta = "", loss = ""] = /^α (\S+), β (\S+) · loss (?:≈ )?([\d.]+)/.exec(words) ?? [];
	const [a, b] = [alpha, beta].map((text) => Number(text.replace("−", "-")));
	t.true(Math.abs(Number(loss) - (0.5 + (a ?? 0) ** 2 + 2 * (b ?? 0) ** 2)) < 0.05, words);
	await page.mouse.move(box.x + 4, box.y + 4);
	t.is(await page.locator(".reading").textContent(), words, "beside the relief nothing is read");
});

test("fields, scales, a level and a cut are chosen; the level says how much of the plane lies below", async (t) => {
	const surface = bowl();
	surface.done.fill(1);
	surface.fields[0]?.values.set([0.5 + 0.0625 + 2], 95);
	const { page, errors } = await view(t, [{ surface }]);
	const level = page.getByLabel("Level");
	// Of 0.5 to 3.5 a third is 1.5: α² + 2β² < 1 is an ellipse of π/√2 of 4.
	await level.fill(String(1 / 3 - ((1 / 3) % 0.002)));
	const words = await level.locator("xpath=..").locator(".value").textContent();
	const [, value = "", share = ""] = /^([\d.]+) loss; ([\d.]+) % of the plane lies below$/.exec(words ?? "") ?? [];
	t.true(Math.abs(Number(value) - 1.5) < 0.01, words ?? "");
	t.true(Math.abs(Number(share) - (100 * Math.PI) / Math.SQRT2 / 4) < 1.5, words ?? "");
	await page.getByLabel("Cut off above").fill("0.5");
	t.is(await page.getByLabel("Cut off above").locator("xpath=..").locator(".value").textContent(), "2 loss");
	await page.getByLabel("Scale").selectOption("log");
	await page.getByLabel("Field").selectOption("accuracy");
	t.is(await level.inputValue(), "0", "another field has other levels");
	t.is(await level.locator("xpath=..").locator(".value").textContent(), "none");
	t.true(await page.getByLabel("Cut off above").isHidden());
	t.regex((await page.locator(".facts").textContent()) ?? "", /^Accuracy over α/);
	t.deepEqual(errors, []);
});

test("two planes stand beside each other, turned together and on one scale", async (t) => {
	const high = bowl("high");
	const values = high.fields[0]?.values ?? new Float64Array();
	for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * 10;
	const { page, errors } = await view(t, [
		{ surface: bowl(), name: "low" },
		{ surface: high, name: "high" },
	]);
	t.deepEqual(await page.locator("figcaption").allInnerTexts(), ["low", "high"]);
	const seen = async (i: number) => {
		await page.waitForTimeout(250);
		return (await page.locator("canvas.relief").nth(i).screenshot()).toString("base64");
	};
	const before = await seen(1);
	await page.locator(".views").first().focus();
	for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowLeft");
	const turned = await seen(1);
	t.not(turned, before, "the other relief turns too");
	await page.getByText("One scale for all").click();
	t.not(await seen(1), turned);
	t.deepEqual(errors, []);
});

test("another page's run is put beside this one from its file, and what is none is refused by name", async (t) => {
	const directory = await temporaryDirectory(t);
	await writeFile(join(directory, "other.html"), viewerPage([{ surface: bowl("other") }]));
	await writeFile(join(directory, "note.html"), "<p>nothing</p>");
	const { page } = await view(t, [{ surface: bowl() }]);
	const file = page.locator("input[type=file]");
	await file.setInputFiles(join(directory, "note.html"));
	await page.getByText("note.html: expected a viewer.html or a run.msgpack of isoloss").waitFor();
	await file.setInputFiles(join(directory, "other.html"));
	await page.getByText("Loss of other").first().waitFor();
	t.is(await page.locator("canvas.relief").count(), 2);
});

test("what is seen is saved as a PNG with its name and where it comes from", async (t) => {
	const { page } = await view(t, [{ surface: bowl() }]);
	const waiting = page.waitForEvent("download");
	await page.getByText("Save as PNG").click();
	const download = await waiting;
	t.is(download.suggestedFilename(), "Loss-of-bowl-relief.png");
	const { width = 0, height = 0 } = await sharp(await download.path()).metadata();
	t.true(width > 400 && height > 400);
	const { channels } = await sharp(await download.path()).stats();
	t.true(channels.slice(0, 3).every(({ stdev }) => stdev > 10));
});

test("light and dark follow the system, and a button changes them", async (t) => {
	const { page } = await view(t, [{ surface: bowl() }], { colorScheme: "dark" });
	const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
	t.is(await ground(), "rgb(20, 23, 28)");
	await page.getByText("Light theme").click();
	t.is(await ground(), "rgb(255, 255, 255)");
});

test("on a telephone nothing is wider than the page, and a tap reads", async (t) => {
	const { page } = await view(t, [{ surface: bowl() }], { viewport: { width: 390, height: 844 }, hasTouch: true });
	t.is(await page.evaluate("document.documentElement.scrollWidth"), 390);
	await choose(page, "Contour");
	await page.waitForTimeout(200);
	const box = await page.locator("canvas.plane").boundingBox();
	if (box === null) throw new Error("no contour plot");
	await page.touchscreen.tap(box.x + box.width / 2, box.y + 100);
	t.regex((await page.locator(".reading").textContent()) ?? "", /^α .* · loss/);
});

test("names from outside are shown as they are", async (t) => {
	const name = `<img src=x onerror="document.title='x'">`;
	const { page, errors, requests } = await view(t, [{ surface: bowl(name), name }]);
	t.is(await page.locator("h1").textContent(), name);
	t.deepEqual([errors, requests], [[], []]);
});

test("a line is a curve, read out too", async (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 5 }, null);
	surface.fields[0]?.values.set([0.5, 1, 2, 1, 0.25]);
	surface.fields[1]?.values.set([1, 0.5, 0.25, 0.5, 1]);
	surface.done.fill(1);
	const { page, errors } = await view(t, [{ surface }]);
	const box = await page.locator("canvas.plane").boundingBox();
	if (box === null) throw new Error("no curve");
	await page.mouse.move(box.x + 66 + (box.width - 132) / 2, box.y + 100);
	t.is(await page.locator(".reading").textContent(), "α 0.5 · loss 2 · accuracy (%) 25");
	t.true((await coloursOf(page, "canvas.plane")).vivid > 2);
	t.deepEqual(errors, []);
});

test("an index is searched by words, and two of its runs are compared", async (t) => {
	const runs = ["resnet", "mlp", "lstm"].map((model, i) => ({
		surface: bowl(model),
		name: model,
		date: `2026-11-2${i}`,
	}));
	const { page, errors, requests } = await opened(t, galleryPage("Runs", runs));
	t.is(await page.locator(".cards li").count(), 3);
	t.true((await coloursOf(page, "canvas.thumbnail")).vivid > 100);
	await page.getByLabel("Search").fill("2026-11-21 MLP");
	t.deepEqual(await page.locator(".cards li:visible .open").allInnerTexts(), ["mlp"]);
	await page.getByLabel("Search").fill("");
	await page.getByLabel("Choose resnet").check();
	await page.getByLabel("Choose lstm").check();
	t.true(await page.getByLabel("Choose mlp").isDisabled());
	await page.getByText("Compare the two").click();
	t.deepEqual(await page.locator("figcaption").allInnerTexts(), ["resnet", "lstm"]);
	await page.getByText("Close").click();
	await page.locator(".open", { hasText: "mlp" }).click();
	await page.waitForTimeout(200);
	t.is(await page.locator("canvas.relief").count(), 1);
	t.deepEqual([errors, requests], [[], []]);
});
