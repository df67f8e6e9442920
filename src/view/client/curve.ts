import { seriesColours } from "../../render/parts/palette.js";
import { drawnField } from "../../render/parts/values.js";
import { axisValues } from "../../surface/grid.js";
import type { Surface } from "../../surface/surface.js";
import { element } from "./dom.js";
import type { Ink } from "./paper.js";
import { axisName } from "./plane.js";
import { drawPlot, type Plot, plotReading } from "./plot.js";
import type { Settings } from "./settings.js";

/** A line's first two fields over α, with the networks on it. */
export function curveView(surface: Surface, read: HTMLOutputElement) {
	const canvas = element("canvas", { class: "plane", tabindex: 0, role: "img" });
	const holder = element("div", { class: "views" }, element("div", { class: "view" }, canvas));
	let shown: { settings: Settings; ink: Ink } | null = null;
	let plot = plotOf(surface, "auto");
	let xAt: (pixel: number) => number | null = () => null;
	let pointed: number | null = null;
	const draw = () => {
		if (shown === null) return;
		({ xAt } = drawPlot(canvas, plot, shown.ink, holder.clientWidth, holder.clientHeight, pointed));
	};
	canvas.addEventListener("pointermove", (event) => {
		pointed = xAt(event.clientX - canvas.getBoundingClientRect().left);
		if (pointed !== null) read.textContent = plotReading(plot, pointed);
		draw();
	});
	return {
		element: holder,
		show(settings: Settings, ink: Ink) {
			shown = { settings, ink };
			plot = plotOf(surface, settings.scale);
			canvas.setAttribute("aria-label", `${plot.leftLabel} over α, ${surface.provenance.plan.model}`);
			draw();
		},
		draw,
		picture: () => canvas,
	};
}

function plotOf(surface: Surface, scale: Settings["scale"]): Plot {
	const xs = axisValues(surface.grid.axes[0]);
	const [first, second] = surface.fields.map(({ name }) => drawnField(surface, name));
	const points = (of: typeof first) =>
		Array.from(xs, (x, i): [number, number] => [
			x,
			of?.kinds[i] === "finite" ? (of.values[i] ?? Number.NaN) : Number.NaN,
		]);
	const [blue = "", vermilion = ""] = seriesColours;
	return {
		series: [
			...(first ? [{ label: first.label, points: points(first), colour: blue, side: "left" } as const] : []),
			...(second ? [{ label: second.label, points: points(second), colour: vermilion, side: "right" } as const] : []),
		],
		xLabel: axisName(surface, 0),
		leftLabel: first?.label ?? "",
		...(second && { rightLabel: second.label }),
		scale: first?.spec.unit === "loss" ? scale : "linear",
		marks: surface.anchors
			.filter(({ role }) => role === "end" || surface.anchors.length > 1)
			.map(({ label, at: [x = 0] }) => ({ x, label })),
	};
}
