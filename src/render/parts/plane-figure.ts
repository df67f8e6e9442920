import type { Colormap } from "./colormap.js";
import {
	axisLabel,
	bottomAxisHeight,
	drawBottomAxis,
	drawFoot,
	drawFrame,
	drawLegend,
	drawSideAxis,
	drawTitle,
	fittingTicks,
	ink,
	type LegendEntry,
	legendLeft,
	padding,
	type Rect,
	sideAxisWidth,
	svgDocument,
	textBlock,
	type,
} from "./figure.js";
import { type Frame, frameAspect, frameOver } from "./frame.js";
import { scaleOver, type Tick } from "./scale.js";
import { round } from "./text.js";

/** One or several frames over the same stretch of the plane, and what stands around them. */
export interface PlaneFigure {
	readonly title: string;
	readonly description: string;
	/** Where it comes from, a paragraph a surface. */
	readonly foot: readonly string[];
	/** The whole figure's, in user units. */
	readonly width: number;
	readonly xRange: readonly [number, number];
	readonly yRange: readonly [number, number];
	/** What the axes are, where they are more than α and β. */
	readonly axisLabels?: readonly string[] | undefined;
	readonly legend: readonly LegendEntry[];
	readonly colourBar?: ColourBar;
	/** Patterns and the like that the panels refer to. */
	readonly definitions?: string;
	readonly panels: readonly Panel[];
}

/** A frame of a figure. */
export interface Panel {
	/** Stands above the frame; none for a figure of one. */
	readonly label?: string;
	/** What goes into the frame. Nothing is cut off at its edges. */
	readonly draw: (frame: Frame) => string | Promise<string>;
}

interface ColourBar {
	readonly ticks: readonly Tick[];
	readonly map: Colormap;
	readonly label: string;
}

const barWidth = 14;
const barGap = 16;
/** Between panels side by side: room for halves of two tick labels. */
const panelGap = 24;
/** Between a panel and the label of the one below it. */
const rowGap = 22;
/** The most panels in a row: a fifth would have to be smaller than its ticks are readable at. */
const mostColumns = 4;

/** How many panels stand side by side: rows as full and as equal as can be. */
export function panelColumns(panels: number): number {
	return Math.ceil(panels / Math.ceil(panels / mostColumns));
}

/**
 * An SVG document with title, axes named α and β, colour bar, legend and foot around its panels, which share all of
 * them. α and β have one unit length where that gives frames between 0.4 and 1.2 times as high as wide.
 */
export async function planeFigure(figure: PlaneFigure): Promise<string> {
	const { width, xRange, yRange, colourBar, panels } = figure;
	const title = drawTitle(figure.title, width);
	const columns = panelColumns(panels.length);
	const aspect = frameAspect(figure);
	const [xScale, yScale] = [scaleOver("linear", ...xRange), scaleOver("linear", ...yRange)];
	const xTicks = fittingTicks(xScale.ticks, 9, aboutWide(width, columns));
	const same = xRange[0] === yRange[0] && xRange[1] === yRange[1];
	const yTicks = same ? xTicks : yScale.ticks(upTicks(aboutWide(width, columns) * aspect));
	const left = padding + sideAxisWidth(yTicks);
	const right = colourBar === undefined ? padding + 18 : barGap + barWidth + sideAxisWidth(colourBar.ticks) + padding;
	// Whole units, so that the pixels of an image in a frame fall on the picture's own.
	const plotWidth = Math.floor((width - left - right - (columns - 1) * panelGap) / columns);
	const plotHeight = Math.round(plotWidth * aspect);
	const labels = panels.map(
		({ label = "" }) =>
			(y: number, x: number) =>
				drawLabel(label, x, y, plotWidth),
	);
	const labelHeight = Math.max(...labels.map((draw) => draw(0, 0).height));
	const top = padding + title.height + (title.height > 0 ? 16 : 0) + labelHeight;
	const rects = panels.map(
		(_, i): Rect => ({
			x: Math.ceil(left) + (i % columns) * (plotWidth + panelGap),
			y: Math.ceil(top) + Math.floor(i / columns) * (plotHeight + Math.ceil(labelHeight) + rowGap),
			width: plotWidth,
			height: plotHeight,
		}),
	);
	const [first, last] = [rects[0], rects.at(-1)];
	if (first === undefined || last === undefined) throw new RangeError("a figure needs a panel");
	const whole: Rect = {
		...first,
		width: columns * (plotWidth + panelGap) - panelGap,
		height: last.y + plotHeight - first.y,
	};
	const drawn = panels.map(async ({ draw }, i) => {
		const rect = rects[i] ?? first;
		return [
			labels[i]?.(rect.y - (labels[i]?.(0, 0).height ?? 0), rect.x).svg ?? "",
			await draw(frameOver(rect, xRange, yRange)),
			drawFrame(rect),
			// Axes stand where no other panel is in between.
			i + columns >= panels.length
				? drawBottomAxis(rect, { label: axisLabel("α", figure.axisLabels?.[0], rect.width), ticks: xTicks })
				: "",
			i % columns === 0
				? drawSideAxis(rect, "left", { label: axisLabel("β", figure.axisLabels?.[1], rect.height), ticks: yTicks })
				: "",
		];
	});

	const legendTop = whole.y + whole.height + bottomAxisHeight + 16;
	const legend = drawLegend(
		figure.legend,
		legendLeft(whole, width),
		legendTop,
		width - padding - legendLeft(whole, width),
	);
	const footTop = legendTop + (legend.height > 0 ? legend.height + 16 : 0);
	const foot = drawFoot(figure.foot, footTop, width);

	return svgDocument({
		width,
		height: Math.ceil(footTop + foot.height + padding),
		title: figure.title,
		description: figure.description,
		body: [
			figure.definitions ?? "",
			title.svg,
			...(await Promise.all(drawn)).flat(),
			colourBar === undefined ? "" : drawColourBar(whole, colourBar),
			legend.svg,
			foot.svg,
		]
			.filter((part) => part !== "")
			.join("\n"),
	});
}

/** A panel's label, on as many lines as its width asks for, with the room below it. */
function drawLabel(label: string, x: number, y: number, width: number) {
	const block = textBlock(label, x, y, width, { size: type.tick + 1, fill: ink.text });
	return { svg: block.svg, height: block.height === 0 ? 0 : block.height + 8 };
}

/** A frame's width before it is known: it waits for the width of labels, which wait for how many fit. */
export function aboutWide(width: number, columns = 1): number {
	return (width - 170 - (columns - 1) * panelGap) / columns;
}

/** How many ticks stand well beside a height. */
export function upTicks(height: number): number {
	return Math.min(9, Math.max(3, Math.round(height / 42)));
}

function drawColourBar(plot: Rect, { ticks, map, label }: ColourBar): string {
	const rect: Rect = { x: plot.x + plot.width + barGap, y: plot.y, width: barWidth, height: plot.height };
	const stops = Array.from({ length: 33 }, (_, i) => `<stop offset="${round(i / 32)}" stop-color="${map(i / 32)}"/>`);
	return [
		`<linearGradient id="colour-bar" x1="0" y1="1" x2="0" y2="0">${stops.join("")}</linearGradient>`,
		`<rect x="${round(rect.x)}" y="${round(rect.y)}" width="${rect.width}" height="${round(rect.height)}" fill="url(#colour-bar)"/>`,
		drawFrame(rect),
		drawSideAxis(rect, "right", { label, ticks }),
	].join("\n");
}
