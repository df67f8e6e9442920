import { type PageData, surfaceOf } from "../page-data.js";
import { button, element } from "./dom.js";
import { embed } from "./embed.js";
import { gallery } from "./gallery.js";
import { live } from "./live.js";
import { runFromFile } from "./run-file.js";
import { type NamedRun, newViewer, type Viewer } from "./viewer.js";

/** Everything that the page shows lies in it. */
const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as PageData;
const main = document.getElementById("main") ?? document.body;
const page = document.documentElement;

const viewers: Viewer[] = [];
const onTheme: (() => void)[] = [];

const themeButton = button("", () => {
	page.dataset.theme = isDark() ? "light" : "dark";
	themeChanged();
});
document.getElementById("tools")?.append(themeButton);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themeChanged);
themeChanged();

function isDark(): boolean {
	return page.dataset.theme === undefined
		? matchMedia("(prefers-color-scheme: dark)").matches
		: page.dataset.theme === "dark";
}

function themeChanged(): void {
	themeButton.textContent = isDark() ? "Light theme" : "Dark theme";
	for (const viewer of viewers) viewer.update();
	for (const tell of onTheme) tell();
}

const runs = data.runs.map(({ name, surface }): NamedRun => ({ name, surface: surfaceOf(surface) }));

/** A viewer of runs, beside which another one can be put from a file. */
function viewerOf(given: readonly NamedRun[]): Viewer {
	const said = element("output", { class: "said", "aria-live": "polite" });
	const file = element("input", { type: "file", accept: ".html,.msgpack", "aria-label": "A run to compare with" });
	const choose = element(
		"label",
		{ class: "file" },
		element("span", {}, "Compare with viewer.html or run.msgpack"),
		file,
	);
	const viewer = newViewer(given, [choose, said]);
	file.addEventListener("change", async () => {
		const [chosen] = file.files ?? [];
		const [first] = given;
		if (chosen === undefined || first === undefined) return;
		try {
			viewer.setRuns([first, await runFromFile(chosen)]);
			said.textContent = "";
		} catch (error) {
			said.textContent = error instanceof Error ? error.message : String(error);
		}
	});
	viewers.push(viewer);
	return viewer;
}

if (data.kind === "viewer") main.append(viewerOf(runs).element);
if (data.kind === "gallery") main.append(gallery(data.runs, runs, viewerOf, (tell) => onTheme.push(tell)));
if (data.kind === "embedded") embed(runs, viewerOf);
if (data.kind === "live") live(main, viewerOf, (tell) => onTheme.push(tell));
