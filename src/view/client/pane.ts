import { describe } from "../../render/parts/caption.js";
import { isLine } from "../../surface/grid.js";
import type { Surface } from "../../surface/surface.js";
import { contourView } from "./contour.js";
import { curveView } from "./curve.js";
import { element } from "./dom.js";
import type { Ink } from "./paper.js";
import { fieldIn, nearestPoint, type Plane, planeOf, pointAtCell, valuesOf } from "./plane.js";
import { type PlanePlace, reading } from "./reading.js";
import { type Camera, reliefView } from "./relief.js";
import type { Settings } from "./settings.js";
import type { View } from "./view.js";

/** A run as it is looked at. */
export interface Pane {
	readonly name: string;
	readonly element: HTMLElement;
	surface(): Surface;
	/** Takes the settings. @param values what its scale is made from; where the plane is the same as before, none */
	show(settings: Settings, ink: Ink, values?: Float64Array): void;
	draw(): void;
	look(camera: Camera): void;
	/** Null where there is no relief. */
	camera(): Camera | null;
	/** What is seen, with a name. */
	picture(): HTMLCanvasElement | null;
	plane(): Plane | null;
	close(): void;
}

/** @param onLook told when the relief has been moved */
export function newPane(name: string, surface: Surface, onLook: (camera: Camera) => void): Pane {
	return isLine(surface.grid) ? linePane(name, surface) : planePane(name, surface, onLook);
}

function linePane(name: string, surface: Surface): Pane {
	const read = newReading();
	const view = curveView(surface, read);
	const holder = element("figure", {}, element("figcaption", {}, name), view.element, read);
	return {
		name,
		element: holder,
		surface: () => surface,
		show: view.show,
		draw: view.draw,
		look: () => undefined,
		camera: () => null,
		picture: view.picture,
		plane: () => null,
		close: () => undefined,
	};
}

function newReading(): HTMLOutputElement {
	return element("output", { class: "reading", "aria-live": "polite" }, "Point at a place to read its values.");
}

function planePane(name: string, surface: Surface, onLook: (camera: Camera) => void): Pane {
	const read = newReading();
	const place = element("div", {
		class: "views",
		tabindex: 0,
		role: "application",
		"aria-roledescription": "loss landscape",
	});
	const holder = element("figure", {}, element("figcaption", {}, name), place, read);
	const relief = reliefView(onLook);
	const contour = contourView();
	const views: Readonly<Record<Settings["view"], View>> = { relief: relief ?? contour, contour };
	let current: { settings: Settings; ink: Ink; plane: Plane } | null = null;
	let view: View = contour;
	let cursor: PlanePlace | null = null;
	let waiting = 0;

	const draw = () => {
		if (current === null) return;
		view.show({ ...current, cursor });
		view.draw();
	};
	/** At most once a frame, however often it is asked for. */
	const drawSoon = () => {
		if (waiting !== 0) return;
		waiting = requestAnimationFrame(() => {
			waiting = 0;
			draw();
		});
	};
	const point = (given: PlanePlace | null) => {
		cursor = given;
		if (given !== null && current !== null) {
			const { words, place: at } = reading(current.plane, current.settings, given, view.reach());
			read.textContent = words;
			cursor = at;
		}
		drawSoon();
	};
	const pointAt = (event: PointerEvent) => {
		const { left, top } = place.getBoundingClientRect();
		point(view.placeAt(event.clientX - left, event.clientY - top));
	};
	place.addEventListener("pointermove", (event) => {
		// While a button is down the relief is dragged.
		if (event.buttons === 0) pointAt(event);
		else drawSoon();
	});
	place.addEventListener("pointerdown", pointAt);
	place.addEventListener("pointerleave", () => point(null));
	place.addEventListener("wheel", drawSoon, { passive: true });
	place.addEventListener("keydown", (event) => {
		if (current === null || !onKey(event)) return;
		event.preventDefault();
	});

	/** Arrows step from point to point, or turn the relief; true where the key meant something. */
	function onKey(event: KeyboardEvent): boolean {
		const step = arrows[event.key];
		if (step !== undefined && (view === contour || event.shiftKey)) return stepBy(step);
		if (relief === null || view === contour) return false;
		const { around, down, distance } = relief.camera();
		const [across, up] = step ?? [0, 0];
		const nearer = { "+": 0.9, "=": 0.9, "-": 1 / 0.9 }[event.key];
		if (step === undefined && nearer === undefined) return false;
		const turned = Math.min(1.55, Math.max(0.05, down - up * 0.08));
		const moved = { around: around + across * 0.09, down: turned, distance: distance * (nearer ?? 1) };
		relief.look(moved);
		onLook(moved);
		drawSoon();
		return true;
	}

	function stepBy([across, up]: readonly [number, number]): boolean {
		if (current === null) return false;
		const { plane } = current;
		const { column, row } = nearestPoint(plane, cursor?.alpha ?? 0, cursor?.beta ?? 0);
		// The first press shows where one is.
		const [right, high] = cursor === null ? [0, 0] : [across, up];
		point(pointAtCell(plane, column + right, row + high));
		return true;
	}

	return {
		name,
		element: holder,
		surface: () => surface,
		show(settings, ink, values) {
			const plane =
				values === undefined && current !== null
					? current.plane
					: planeOf(surface, settings, values ?? valuesOf(surface, settings));
			current = { settings, ink, plane };
			const wanted = views[settings.view];
			if (place.firstElementChild !== wanted.element) place.replaceChildren(wanted.element);
			view = wanted;
			place.setAttribute(
				"aria-label",
				describe(surface, `${kinds[settings.view]} of the ${plane.of.spec.label}`, [plane.of.spec]),
			);
			if (settings.view === "relief" && relief === null)
				read.textContent = "This browser has no WebGL: contour lines in place of the relief.";
			drawSoon();
		},
		draw,
		look(camera) {
			relief?.look(camera);
			drawSoon();
		},
		camera: () => relief?.camera() ?? null,
		picture() {
			draw();
			return view.picture();
		},
		plane: () => current?.plane ?? null,
		close() {
			cancelAnimationFrame(waiting);
			relief?.close();
		},
	};
}

const kinds: Readonly<Record<Settings["view"], string>> = { relief: "Relief", contour: "Contour lines" };

/** Columns and rows a key steps by. */
const arrows: Readonly<Record<string, readonly [number, number]>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, 1],
	ArrowDown: [0, -1],
};

/** The values that scales of some panes are made from: their own, or those of all together. */
export function scaleValues(panes: readonly Pane[], settings: Settings): Float64Array[] {
	const own = panes.map((pane) => valuesOf(pane.surface(), settings));
	if (!settings.common || panes.length < 2) return own;
	const fields = new Set(panes.map((pane) => fieldIn(pane.surface(), settings.field)));
	if (fields.size > 1) return own;
	const all = Float64Array.from(own.flatMap((values) => [...values]));
	return own.map(() => all);
}
