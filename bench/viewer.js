#!/usr/bin/env node
/**
 * The page of a plane in a real browser: its size, how long it takes to be drawn, and how long a frame takes while the relief turns.
 *
 * Without a graphics card Chromium draws by the processor (SwiftShader), which is far slower than any card: frames a second are
 * then those of the processor, and only the milliseconds of the page's own script say something of other machines.
 *
 *   node bench/viewer.js [POINTS] [CHROMIUM]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { emptySurface, regularGrid } from "../dist/src/surface/index.js";
import { viewerPage } from "../dist/src/view/index.js";

const points = Number(process.argv[2] ?? 101);
const executablePath = process.argv[3] ?? "/usr/bin/chromium";

const axis = { min: -1, max: 1, steps: points };
const fields = [
	{ name: "loss", label: "loss", unit: "loss" },
	{ name: "accuracy", label: "accuracy", unit: "fraction" },
];
const provenance = { plan: { model: "waves" }, version: "0", caption: ["waves"], assumptions: [], notes: {} };
const surface = emptySurface({ grid: regularGrid(axis, axis), extras: [], fields, anchors: [], provenance });
for (let i = 0; i < points * points; i++) {
	const [a, b] = [-1 + (2 * (i % points)) / (points - 1), -1 + (2 * Math.floor(i / points)) / (points - 1)];
	surface.fields[0].values[i] = 0.05 + a * a + 2 * b * b + 0.3 * Math.sin(9 * a) * Math.cos(8 * b) + 0.3;
	surface.fields[1].values[i] = Math.exp(-surface.fields[0].values[i]);
}
surface.done.fill(1);

const directory = mkdtempSync(join(tmpdir(), "viewer-"));
const path = join(directory, "viewer.html");
const html = viewerPage([{ surface }]);
writeFileSync(path, html);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
console.log(
	`viewer.html of ${points} × ${points} points: ${kilobytes(html.length)}, ${kilobytes(gzipSync(html).length)} as gzip`,
);

const browser = await chromium.launch({
	executablePath,
	args: ["--no-sandbox", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const started = performance.now();
await page.goto(pathToFileURL(path).href);
await page.waitForFunction(() => document.querySelector("canvas.relief")?.width > 300);
await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
console.log(`drawn after ${(performance.now() - started).toFixed(0)} ms`);

/** Turns the relief by a key a frame, and measures the script's time and the frames'. */
const { frames, seconds, script } = await page.evaluate(async () => {
	const views = document.querySelector(".views");
	const request = window.requestAnimationFrame.bind(window);
	let own = 0;
	// What the page asks to be called back for is its drawing.
	window.requestAnimationFrame = (draw) =>
		request((time) => {
			const begun = performance.now();
			draw(time);
			own += performance.now() - begun;
		});
	let count = 0;
	const begun = performance.now();
	while (performance.now() - begun < 4000) {
		views.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
		await new Promise((resolve) => request(resolve));
		count += 1;
	}
	return { frames: count, seconds: (performance.now() - begun) / 1000, script: own / count };
});
const renderer = await page.evaluate(() => {
	const context = document.createElement("canvas").getContext("webgl2");
	const names = context?.getExtension("WEBGL_debug_renderer_info");
	return names ? context.getParameter(names.UNMASKED_RENDERER_WEBGL) : "unknown";
});
console.log(`turning: ${(frames / seconds).toFixed(1)} frames/s, ${script.toFixed(1)} ms of the page's script a frame`);
console.log(`drawn by ${renderer}`);
await browser.close();
rmSync(directory, { recursive: true });
