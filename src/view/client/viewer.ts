import { describe, provenanceLine } from "../../render/parts/caption.js";
import { colormapNames } from "../../render/parts/colormap.js";
import { scaleNames } from "../../render/parts/scale.js";
import { formatDigits, formatNumber } from "../../render/parts/ticks.js";
import { isLine } from "../../surface/grid.js";
import { fieldNamed, mainField, type Surface } from "../../surface/surface.js";
import { button, chooser, element, slider, toggle } from "./dom.js";
import { newPane, type Pane, scaleValues } from "./pane.js";
import { inkOf } from "./paper.js";
import { savePicture } from "./picture.js";
import { fieldIn, type Plane, valueAtPosition } from "./plane.js";
import { planeSettings, type Settings, type ViewName } from "./settings.js";

/** A run by its name. */
export interface NamedRun {
	readonly name: string;
	readonly surface: Surface;
}

export interface Viewer {
	readonly element: HTMLElement;
	/** Shows other runs in place of those. */
	setRuns(runs: readonly NamedRun[]): void;
	/** Draws again: values have come, the window or the theme has changed. */
	update(): void;
}

const usual: Settings = {
	view: "relief",
	field: "",
	scale: "auto",
	colormap: "viridis",
	smooth: true,
	level: null,
	cut: 1,
	marks: true,
	common: true,
};

/** Runs side by side, with what they are looked at by. */
export function newViewer(given: readonly NamedRun[], tools: readonly HTMLElement[] = []): Viewer {
	let settings: Settings = usual;
	let panes: readonly Pane[] = [];
	const place = element("div", { class: "panes" });
	const bar = element("div", { class: "controls" });
	const facts = element("div", { class: "facts" });
	const holder = element("div", { class: "viewer" }, element("div", { class: "stage" }, place, facts), bar);

	const level = slider("Level", 0, (value) => change({ level: value === 0 ? null : value }));
	const cut = slider("Cut off above", 1, (value) => change({ cut: value }));

	function change(changes: Partial<Settings>): void {
		settings = { ...settings, ...changes };
		show(planeSettings.some((name) => name in changes));
		if ("field" in changes) showFacts();
	}

	function update(): void {
		show(true);
		showFacts();
	}

	/** @param anew whether planes are other ones than before, by their values or by what they are drawn by */
	function show(anew: boolean): void {
		const ink = inkOf(document.documentElement);
		const values = anew ? scaleValues(panes, settings) : [];
		for (const [i, pane] of panes.entries()) pane.show(settings, ink, values[i]);
		const plane = panes[0]?.plane() ?? null;
		level.show(settings.level ?? 0, levelsWords(panes, settings.level));
		cut.element.hidden = plane?.of.spec.unit !== "loss";
		const isCut = plane?.isCut === true;
		cut.show(settings.cut, isCut ? `${formatNumber(plane.scale.max)} ${plane.of.spec.label}` : "nothing");
	}

	function showFacts(): void {
		facts.replaceChildren(...panes.map((pane) => factsOf(pane, settings)));
	}

	function setRuns(runs: readonly NamedRun[]): void {
		const camera = panes[0]?.camera() ?? null;
		for (const pane of panes) pane.close();
		panes = runs.map(({ name, surface }) =>
			newPane(name, surface, (camera) => {
				for (const other of panes) other.look(camera);
			}),
		);
		if (camera !== null) for (const pane of panes) pane.look(camera);
		const fields = new Map(runs.flatMap(({ surface }) => surface.fields.map(({ name, label }) => [name, label])));
		const [first] = runs;
		if (first !== undefined && !fields.has(settings.field))
			settings = { ...settings, field: mainField(first.surface).name };
		place.dataset.count = String(runs.length);
		place.replaceChildren(...panes.map((pane) => pane.element));
		bar.replaceChildren(...controls(runs, fields));
		update();
	}

	function controls(runs: readonly NamedRun[], fields: ReadonlyMap<string, string>): HTMLElement[] {
		const hasPlane = runs.some(({ surface }) => !isLine(surface.grid));
		const named = (names: readonly string[]) => names.map((name) => [name, name] as const);
		const scale = chooser("Scale", named(scaleNames), settings.scale, (chosen) =>
			change({ scale: scaleNames.find((name) => name === chosen) ?? "auto" }),
		);
		const save = button("Save as PNG", () => savePicture(panes, settings));
		if (!hasPlane) return [scale, save, ...tools];
		return [
			viewChooser(settings.view, (view) => change({ view })),
			chooser("Field", [...fields], settings.field, (field) => change({ field, cut: 1, level: null })),
			scale,
			chooser("Colours", named(colormapNames), settings.colormap, (colormap) => change({ colormap })),
			level.element,
			cut.element,
			...(runs.length > 1 ? [toggle("One scale for all", settings.common, (common) => change({ common }))] : []),
			toggle("Smooth between points", settings.smooth, (smooth) => change({ smooth })),
			toggle("Networks and trainings", settings.marks, (marks) => change({ marks })),
			save,
			...tools,
			help(),
		];
	}

	new ResizeObserver(() => {
		for (const pane of panes) pane.draw();
	}).observe(place);
	setRuns(given);
	return { element: holder, setRuns, update };
}

function viewChooser(chosen: ViewName, onChoice: (view: ViewName) => void): HTMLElement {
	const choices = (["relief", "contour"] as const).map((view) => {
		const radio = element("input", { type: "radio", name: "view", value: view, checked: view === chosen });
		radio.addEventListener("change", () => onChoice(view));
		return element("label", {}, radio, element("span", {}, view === "relief" ? "Relief" : "Contour"));
	});
	return element("fieldset", { class: "segments" }, element("legend", {}, "View"), ...choices);
}

function help(): HTMLElement {
	const keys: readonly (readonly [string, string])[] = [
		["drag, wheel, two fingers", "turn and zoom the relief"],
		["point, tap", "read the values at a place"],
		["arrow keys", "turn the relief; step from point to point of the contour plot"],
		["Shift and arrow keys", "step from point to point of the relief"],
		["+ and −", "zoom the relief"],
	];
	const rows = keys.flatMap(([key, meaning]) => [element("dt", {}, key), element("dd", {}, meaning)]);
	return element("details", { class: "help" }, element("summary", {}, "Keys and gestures"), element("dl", {}, ...rows));
}

/** The level that is traced, of each plane; several by their names. */
function levelsWords(panes: readonly Pane[], level: number | null): string {
	if (level === null) return "none";
	return panes
		.flatMap((pane) => {
			const plane = pane.plane();
			if (plane === null) return [];
			return [`${panes.length > 1 ? `${pane.name}: ` : ""}${levelWords(plane, level)}`];
		})
		.join(" · ");
}

/** A level's value, and how much of the plane lies below it. */
function levelWords({ of, scale, heights, isCut }: Plane, level: number): string {
	const known = heights.values.filter((height) => !Number.isNaN(height));
	const below = known.filter((height) => height < level).length;
	const share = known.length === 0 ? 0 : (100 * below) / known.length;
	const ground = known.length < heights.values.length ? "what is known of it" : "the plane";
	const name = isCut && level === 1 ? "the cut" : of.spec.label;
	return `${formatDigits(valueAtPosition(scale, level), 3)} ${name}; ${formatDigits(share, 3)} % of ${ground} lies below`;
}

/** Where a run comes from, in words. */
function factsOf(pane: Pane, { field }: Settings): HTMLElement {
	const surface = pane.surface();
	const shown = fieldNamed(surface, fieldIn(surface, field));
	const { assumptions } = surface.provenance;
	return element(
		"div",
		{},
		element(
			"p",
			{},
			describe(
				surface,
				shown.label.replace(/^./, (letter) => letter.toUpperCase()),
				[shown],
			),
		),
		...(assumptions.length > 0 ? [element("ul", {}, ...assumptions.map((line) => element("li", {}, line)))] : []),
		element("p", { class: "provenance" }, provenanceLine(surface)),
	);
}
