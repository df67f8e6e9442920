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
	type LegendEntry,
	legendLeft,
	lowestOf,
	padding,
	type Rect,
	sideAxisWidth,
	svgDocument,
	textBlock,
	type,
} from "./figure.js";
import { type Frame, frameAspect, frameOver } from "./frame.js";
import { describedBy, type Look } from "./look.js";
import { scaleOver, type Tick } from "./scale.js";
import { ink } from "./theme.js";

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
	/** What stands under the title, above the panels. */
	readonly heading?: Heading;
	/** What stands right of the panels. */
	readonly beside?: Beside;
	/** What frames of one film share, each of which would have its own: room left of the panels, height for a width of 1. */
	readonly fixed?: { readonly left: number; readonly aspect: number };
	/** Patterns and the like that the panels refer to. */
	readonly definitions?: string;
	readonly look?: Look | undefined;
	readonly panels: readonly Panel[];
}

/** A frame of a figure. */
export interface Panel {
	/** Stands above the frame; none for a figure of one. */
	readonly label?: string;
	/** What goes into the frame. Nothing is cut off at its edges. */
	readonly draw: (frame: Frame) => string | Promise<string>;
}

/** What is drawn in a strip across a figure, so many user units high, its top at `y`. */
export interface Heading {
	readonly height: number;
	readonly draw: (y: number, width: number) => string;
}

/** What is drawn right of the panels, as high as they are all together. */
export interface Beside {
	/** From the panels to the figure's edge. */
	readonly width: number;
	/** That width before labels are known, by which ticks are chosen; a colour bar's where nothing is said. */
	readonly about?: number;
	readonly draw: (panels: Rect) => string;
}

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
	const { width, xRange, yRange, heading, beside, panels } = figure;
	const { bare = false } = figure.look ?? {};
	const title = drawTitle(bare ? "" : figure.title, width);
	const columns = panelColumns(panels.length);
	const aspect = figure.fixed?.aspect ?? frameAspect(figure);
	const { xTicks, yTicks } = planeTicks(figure, aboutWide(width, columns, beside?.about), aspect);
	const left = figure.fixed?.left ?? leftRoom(yTicks);
	const right = beside?.width ?? padding + 18;
	// Whole units, so that the pixels of an image in a frame fall on the picture's own.
	const plotWidth = Math.floor((width - left - right - (columns - 1) * panelGap) / columns);
	const plotHeight = Math.round(plotWidth * aspect);
	const labels = panels.map(
		({ label = "" }) =>
			(y: number, x: number) =>
				drawLabel(label, x, y, plotWidth),
	);
	const labelHeight = Math.max(...labels.map((draw) => draw(0, 0).height));
	const headingTop = padding + title.height + (title.height > 0 ? 16 : 0);
	const top = headingTop + (heading?.height ?? 0) + labelHeight;
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
	const foot = drawFoot(bare ? [] : figure.foot, footTop, width);

	return svgDocument({
		width,
		height: Math.ceil(
			lowestOf([whole.y + whole.height + bottomAxisHeight, legendTop, footTop], [legend, foot]) + padding,
		),
		look: figure.look,
		title: figure.title,
		description: describedBy(figure),
		body: [
			figure.definitions ?? "",
			title.svg,
			heading?.draw(headingTop, width) ?? "",
			...(await Promise.all(drawn)).flat(),
			beside?.draw(whole) ?? "",
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
export function aboutWide(width: number, columns = 1, beside = 100): number {
	return (width - 70 - beside - (columns - 1) * panelGap) / columns;
}

/** The ticks of both axes around a frame of about that width; the same where the axes are. */
export function planeTicks(
	{ xRange, yRange }: Pick<Frame, "xRange" | "yRange">,
	width: number,
	aspect: number,
): { readonly xTicks: readonly Tick[]; readonly yTicks: readonly Tick[] } {
	const [xScale, yScale] = [scaleOver("linear", ...xRange), scaleOver("linear", ...yRange)];
	const xTicks = fittingTicks(xScale.ticks, 9, width);
	const same = xRange[0] === yRange[0] && xRange[1] === yRange[1];
	return { xTicks, yTicks: same ? xTicks : yScale.ticks(upTicks(width * aspect)) };
}

/** From the figure's edge to a frame with such ticks at its left. */
export function leftRoom(ticks: readonly Tick[]): number {
	return padding + sideAxisWidth(ticks);
}

/** How many ticks stand well beside a height. */
export function upTicks(height: number): number {
	return Math.min(9, Math.max(3, Math.round(height / 42)));
}
