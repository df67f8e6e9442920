import { provenanceLine } from "../../render/parts/caption.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { axesOf, isLine } from "../../surface/grid.js";
import { extrema, mainField, type Surface } from "../../surface/surface.js";
import type { RunData } from "../page-data.js";
import { button, element } from "./dom.js";
import { inkOf } from "./paper.js";
import { thumbnail } from "./thumbnail.js";
import type { NamedRun, Viewer } from "./viewer.js";

/** An index of runs: found by model, date and settings, opened, and two of them compared. */
export function gallery(
	data: readonly RunData[],
	runs: readonly NamedRun[],
	viewerOf: (runs: readonly NamedRun[]) => Viewer,
	onTheme: (tell: () => void) => void,
): HTMLElement {
	let viewer: Viewer | null = null;
	const place = element("section", { class: "opened", hidden: true, "aria-label": "Opened runs" });
	const said = element("output", { class: "said", "aria-live": "polite" });
	const chosen = new Set<NamedRun>();
	const open = (shown: readonly NamedRun[]) => {
		if (viewer === null) {
			viewer = viewerOf(shown);
			const close = button("Close", () => {
				place.hidden = true;
			});
			place.append(close, viewer.element);
			place.hidden = false;
		} else {
			place.hidden = false;
			viewer.setRuns(shown);
		}
		place.scrollIntoView({ behavior: "smooth" });
	};
	const cards = runs.map((run, i) => card(run, data[i]?.date ?? "", chosen, open, () => update()));
	const compare = button("Compare the two", () => open([...chosen]));
	const search = element("input", { type: "search", placeholder: "model, date, data, loss …", "aria-label": "Search" });
	const update = () => {
		const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		for (const { element: shown, text } of cards) shown.hidden = !words.every((word) => text.includes(word));
		const found = cards.filter(({ element: shown }) => !shown.hidden).length;
		said.textContent = `${found} of ${cards.length} ${cards.length === 1 ? "run" : "runs"}; ${chosen.size} chosen`;
		compare.disabled = chosen.size !== 2;
		for (const { box } of cards) box.disabled = chosen.size >= 2 && !box.checked;
	};
	search.addEventListener("input", update);
	const draw = () => {
		for (const { draw: drawCard } of cards) drawCard();
	};
	onTheme(draw);
	update();
	queueMicrotask(draw);
	return element(
		"div",
		{ class: "gallery" },
		element("div", { class: "search" }, search, compare, said),
		element("ul", { class: "cards" }, ...cards.map(({ element: shown }) => shown)),
		place,
	);
}

function card(
	run: NamedRun,
	date: string,
	chosen: Set<NamedRun>,
	open: (runs: readonly NamedRun[]) => void,
	onChange: () => void,
) {
	const { name, surface } = run;
	const canvas = element("canvas", { class: "thumbnail", role: "img", "aria-label": `Thumbnail of ${name}` });
	const box = element("input", { type: "checkbox", "aria-label": `Choose ${name}` });
	box.addEventListener("change", () => {
		if (box.checked) chosen.add(run);
		else chosen.delete(run);
		onChange();
	});
	const opener = button(name, () => open([run]));
	opener.className = "open";
	const facts = [date, sizeOf(surface), rangeOf(surface)].filter((fact) => fact !== "").join(" · ");
	const shown = element(
		"li",
		{},
		canvas,
		element("div", { class: "heading" }, box, opener),
		element("p", {}, surface.provenance.plan.model, element("br"), facts),
		element("p", { class: "provenance" }, provenanceLine(surface)),
	);
	const text = `${shown.textContent} ${surface.provenance.assumptions.join(" ")}`.toLowerCase();
	return { element: shown, text, box, draw: () => thumbnail(canvas, surface, inkOf(document.documentElement)) };
}

function sizeOf({ grid }: Surface): string {
	const { x, y } = axesOf(grid);
	return y === null ? `${x.steps} points` : `${x.steps} × ${y.steps}`;
}

function rangeOf(surface: Surface): string {
	const { name, label } = mainField(surface);
	const found = extrema(surface, name);
	if (found === null) return "";
	const ends = `${formatNumber(found.min.value)} to ${formatNumber(found.max.value)}`;
	return `${label} ${ends}${isLine(surface.grid) ? " on a line" : ""}`;
}
