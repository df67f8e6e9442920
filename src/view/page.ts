import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defaultTitle } from "../render/parts/caption.js";
import { escapeXml } from "../render/parts/text.js";
import { checkSurface, mainField, type Surface } from "../surface/surface.js";
import { type PageData, surfaceData } from "./page-data.js";

/** A run on a page. */
export interface ViewedRun {
	readonly surface: Surface;
	/** What it is called; its title where nothing is said. */
	readonly name?: string;
	/** When it was made, for an index: a day as 2026-11-27. */
	readonly date?: string;
}

/**
 * A page with one surface, or with several side by side, as an HTML document: relief and contour plot that are turned, zoomed and read.
 * It is one file that refers to no other, runs without a network or a server, and holds every value of the surfaces to the bit. The same
 * bytes for the same surfaces.
 *
 * @throws {OptionError} for what is no surface
 */
export function viewerPage(runs: readonly ViewedRun[]): string {
	const title = runs.map(nameOf).join(" beside ");
	return page({ kind: "viewer", title, runs: runs.map(runData) });
}

/**
 * A page with an index of runs: a picture of each, search by model, date and whatever their captions say, and any two of them compared.
 *
 * @throws {OptionError} for what is no surface
 */
export function galleryPage(title: string, runs: readonly ViewedRun[]): string {
	return page({ kind: "gallery", title, runs: runs.map(runData) });
}

/** The page that listens to what is computed; it asks the server it comes from, and nobody else. */
export function livePage(title: string): string {
	return page({ kind: "live", title, runs: [] }, "connect-src 'self'; ");
}

/** What a page of somebody's own has to hold so that surfaces are turned and read in it. */
export interface ViewerParts {
	/** For its `<head>`. */
	readonly style: string;
	/** For the end of its `<body>`: the surfaces, and what shows them. */
	readonly script: string;
	/** What its Content-Security-Policy has to allow: `script-src 'sha256-…'; …`. */
	readonly policy: string;
	/** An element where some of the surfaces, by their numbers from 0, can be opened; empty until the script has run. */
	readonly place: (...runs: readonly number[]) => string;
}

/**
 * Viewers within a page: at each place a button opens one.
 *
 * @throws {OptionError} for what is no surface
 */
export function viewerParts(runs: readonly ViewedRun[]): ViewerParts {
	const { script, style, scriptDigest } = client();
	const data = jsonScript({ kind: "embedded", title: "", runs: runs.map(runData) });
	return {
		style: style.viewer,
		script: `${data}\n<script>${script}</script>`,
		policy: `script-src '${scriptDigest}'; img-src data: blob:`,
		place: (...numbers) => `<div class="plane-viewer" data-runs="${numbers.join(" ")}"></div>`,
	};
}

/** A run as pages hold it. */
export function runData(run: ViewedRun): PageData["runs"][number] {
	checkSurface("surface", run.surface);
	return { name: nameOf(run), surface: surfaceData(run.surface), ...(run.date !== undefined && { date: run.date }) };
}

function nameOf({ name, surface }: ViewedRun): string {
	checkSurface("surface", surface);
	return name ?? defaultTitle(surface, [mainField(surface)]);
}

/** What a page allows itself: its own script and style by their digests, pictures that it makes, and nothing from elsewhere. */
export function contentPolicy(also = ""): string {
	const { scriptDigest, styleDigest } = client();
	const pictures = "img-src data: blob:";
	return `default-src 'none'; script-src '${scriptDigest}'; style-src '${styleDigest}'; ${pictures}; ${also}base-uri 'none'; form-action 'none'`;
}

function page(data: PageData, also = ""): string {
	const { script, style } = client();
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(also)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="isoloss">
<title>${escapeXml(data.title)}</title>
<style>${style.page}</style>
</head>
<body>
<header><h1>${escapeXml(data.title)}</h1><div id="tools"></div></header>
<main id="main"><noscript>The surface is drawn by the script within this file, which this browser does not run.</noscript></main>
${jsonScript(data)}
<script>${script}</script>
</body>
</html>
`;
}

function jsonScript(data: PageData): string {
	// No element ends within JSON whose every < is written as what it stands for.
	return `<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`;
}

interface Client {
	readonly script: string;
	/** Of a viewer, and of a page that has nothing else. */
	readonly style: { readonly viewer: string; readonly page: string };
	readonly scriptDigest: string;
	readonly styleDigest: string;
}

let read: Client | undefined;

/** What the build has made of client/, read once. */
function client(): Client {
	if (read !== undefined) return read;
	const text = (name: string) => readFileSync(new URL(`client/${name}`, import.meta.url), "utf8").trim();
	const script = text("main.js");
	const viewer = text("viewer.css");
	const style = { viewer, page: `${viewer}\n${text("page.css")}` };
	if (/<\/script|<!--/i.test(script)) throw new Error("the page's script would end within itself");
	read = { script, style, scriptDigest: digest(script), styleDigest: digest(style.page) };
	return read;
}

function digest(text: string): string {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
