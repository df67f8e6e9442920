import { seriesColours } from "../../render/parts/palette.js";
import { record } from "../../surface/surface.js";
import type { LiveEvents, LiveMachine, LivePlot, LiveProgress, LiveSeries, LiveState } from "../live-events.js";
import { doublesOf, surfaceOf } from "../page-data.js";
import { element } from "./dom.js";
import { inkOf } from "./paper.js";
import { drawPlot } from "./plot.js";
import type { NamedRun, Viewer } from "./viewer.js";

/** Surfaces are drawn anew so often at most, whatever comes. */
const REDRAW_MS = 400;

/** A page that is told what is computed while it is: its surface fills, its curves grow. */
export function live(
	main: HTMLElement,
	viewerOf: (runs: readonly NamedRun[]) => Viewer,
	onTheme: (tell: () => void) => void,
): void {
	const status = element("output", { class: "status", "aria-live": "polite" }, "connecting");
	const bar = element("progress", { max: 1, value: 0, "aria-label": "Progress" });
	const lines = element("ul", { class: "lines" });
	const machines = element("table", { class: "machines", hidden: true });
	const plots = element("div", { class: "plots" });
	const place = element("div");
	main.append(element("div", { class: "live" }, status, bar), lines, machines, plots, place);
	let viewer: Viewer | null = null;
	let run: NamedRun | null = null;
	let waiting: ReturnType<typeof setTimeout> | undefined;
	const curves = new Map<string, { readonly plot: LivePlot; readonly canvas: HTMLCanvasElement }>();

	const redraw = () => {
		waiting = undefined;
		viewer?.update();
		drawPlots();
	};
	const redrawSoon = () => {
		if (waiting === undefined) waiting = setTimeout(redraw, REDRAW_MS);
	};
	const drawPlots = () => {
		const ink = inkOf(document.documentElement);
		for (const { plot, canvas } of curves.values()) drawLivePlot(plot, canvas, ink);
	};
	onTheme(drawPlots);
	new ResizeObserver(drawPlots).observe(plots);

	const progress = ({ done, total, unit, words }: LiveProgress) => {
		[bar.max, bar.value] = [total, done];
		status.textContent = [`${done} of ${total} ${unit}`, words].filter((part) => part !== "").join(" · ");
	};
	const end = ({ isDone, words }: LiveEvents["end"]) => {
		source.close();
		status.textContent = words;
		status.dataset.ended = isDone ? "done" : "failed";
		if (isDone) bar.value = bar.max;
		redraw();
	};
	const showLines = (said: LiveState["lines"]) => lines.replaceChildren(...said.map((line) => element("li", {}, line)));
	const showRun = ({ name, surface }: LiveEvents["run"]) => {
		run = { name, surface: surfaceOf(surface) };
		if (viewer === null) {
			viewer = viewerOf([run]);
			place.replaceChildren(viewer.element);
		} else viewer.setRuns([run]);
	};
	const showPlot = (plot: LivePlot) => {
		const known = curves.get(plot.name);
		const canvas = known?.canvas ?? element("canvas", { class: "curve", role: "img", "aria-label": plot.name });
		if (known === undefined) plots.append(element("figure", {}, element("figcaption", {}, plot.name), canvas));
		curves.set(plot.name, { plot, canvas });
		drawPlots();
	};
	const state = (now: LiveState) => {
		document.title = now.title;
		showLines(now.lines);
		if (now.run !== null) showRun(now.run);
		for (const plot of now.plots) showPlot(plot);
		showMachines(machines, now.machines);
		if (now.progress !== null) progress(now.progress);
		else status.textContent = "starting";
		if (now.ended !== null) end(now.ended);
	};

	const source = new EventSource("events");
	const on = <Name extends keyof LiveEvents>(name: Name, take: (event: LiveEvents[Name]) => void) =>
		source.addEventListener(name, (event) => take(JSON.parse(event.data) as LiveEvents[Name]));
	on("state", state);
	on("lines", showLines);
	on("run", showRun);
	on("plot", showPlot);
	on("progress", progress);
	on("machines", (found) => showMachines(machines, found));
	on("end", end);
	on("batch", ({ values, ...points }) => {
		if (run !== null) record(run.surface, { ...points, values: doublesOf(values) });
		redrawSoon();
	});
	on("points", ({ plot, series, points }) => {
		const found = curves.get(plot);
		if (found === undefined) return;
		const grown = found.plot.series.map((each) =>
			each.label === series ? { ...each, points: [...each.points, ...points] } : each,
		);
		curves.set(plot, { ...found, plot: { ...found.plot, series: grown } });
		redrawSoon();
	});
	source.addEventListener("error", () => {
		status.textContent = "Not connected: what is computed stands still here until it answers again.";
	});
}

/** A row a machine; nothing where the page's own computes alone. */
function showMachines(table: HTMLTableElement, machines: readonly LiveMachine[]): void {
	table.hidden = machines.length === 0;
	const head = ["machine", "threads", "points", "points/s", "failures"].map((name) =>
		element("th", { scope: "col" }, name),
	);
	const rows = machines.map(({ name, threads, points, pointsPerSecond, failures }) => {
		const cells = [String(threads), String(points), pointsPerSecond.toPrecision(3), String(failures)];
		return element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell)));
	});
	table.replaceChildren(element("caption", {}, "Machines"), element("tr", {}, ...head), ...rows);
}

function drawLivePlot(plot: LivePlot, canvas: HTMLCanvasElement, ink: ReturnType<typeof inkOf>): void {
	const { width, height } = canvas.getBoundingClientRect();
	const known = ({ points }: LiveSeries) => points.map(([x, y]): [number, number] => [x, y ?? Number.NaN]);
	const { xLabel, leftLabel, rightLabel } = plot;
	const series = plot.series.map((each, i) => ({
		...{ label: each.label, side: each.side, points: known(each), dots: each.dots ?? false },
		colour: seriesColours[i % seriesColours.length] ?? "",
	}));
	drawPlot(canvas, { series, xLabel, leftLabel, ...(rightLabel && { rightLabel }) }, ink, width, height, null);
}
