import { OptionError } from "../errors.js";
import type { Axis } from "../surface.js";
import type { Colormap } from "./colormap.js";
import type { Field } from "./field.js";
import {
	type Block,
	bottomAxisHeight,
	drawBottomAxis,
	drawFrame,
	drawLegend,
	drawSideAxis,
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
import { scaleOver, type Tick } from "./scale.js";
import { round } from "./text.js";

/** A stretch of the plane and the rectangle it is drawn in; β grows upwards. */
export interface Frame extends Rect {
	readonly xRange: readonly [number, number];
	readonly yRange: readonly [number, number];
	/** From α to the figure's x. */
	readonly toX: (alpha: number) => number;
	/** From β to the figure's y. */
	readonly toY: (beta: number) => number;
}

function frameOver(rect: Rect, xRange: readonly [number, number], yRange: readonly [number, number]): Frame {
	const fraction = (value: number, [min, max]: readonly [number, number]) => (value - min) / (max - min);
	return {
		...rect,
		xRange,
		yRange,
		toX: (alpha) => rect.x + fraction(alpha, xRange) * rect.width,
		toY: (beta) => rect.y + (1 - fraction(beta, yRange)) * rect.height,
	};
}

/** Distance between neighbouring values of an axis. */
export function spacing(axis: Axis): number {
	return (axis.max - axis.min) / Math.max(1, axis.steps - 1);
}

/**
 * The stretch of the plane a field covers: from its first to its last points, or with half a cell beyond.
 *
 * @throws {OptionError} when the field has one axis only
 */
export function planeRanges({ x, y }: Pick<Field, "x" | "y">, halfCells: boolean): Pick<Frame, "xRange" | "yRange"> {
	if (y === null) throw new OptionError("y", "a picture of the plane needs a surface with two axes, this has one");
	const range = (axis: Axis): [number, number] => {
		const half = halfCells ? spacing(axis) / 2 : 0;
		return [axis.min - half, axis.max + half];
	};
	return { xRange: range(x), yRange: range(y) };
}

/** What stands around a picture of the plane. */
export interface PlaneFigure {
	readonly title: string;
	readonly description: string;
	readonly foot: string;
	/** The whole figure's, in user units. */
	readonly width: number;
	readonly xRange: readonly [number, number];
	readonly yRange: readonly [number, number];
	readonly legend: readonly LegendEntry[];
	readonly colourBar?: ColourBar;
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

/**
 * An SVG document with title, axes named α and β, colour bar, legend and foot around what `draw` makes.
 * α and β have one unit length where that gives a frame between 0.4 and 1.2 times as high as wide.
 */
export async function planeFigure(figure: PlaneFigure): Promise<string> {
	const { width, xRange, yRange, colourBar } = figure;
	const inner = width - 2 * padding;
	const title = textBlock(figure.title, padding, padding, inner, { size: type.title, weight: "bold", fill: ink.text });
	const top = padding + title.height + (title.height > 0 ? 16 : 0);

	const aspect = frameAspect(figure);
	const [xScale, yScale] = [scaleOver("linear", ...xRange), scaleOver("linear", ...yRange)];
	const xTicks = fittingTicks(xScale.ticks, 9, aboutWide(width));
	const same = xRange[0] === yRange[0] && xRange[1] === yRange[1];
	const yTicks = same ? xTicks : yScale.ticks(upTicks(width, aspect));
	const left = padding + sideAxisWidth(yTicks);
	const right = colourBar === undefined ? padding + 18 : barGap + barWidth + sideAxisWidth(colourBar.ticks) + padding;
	// Whole units, so that the pixels of an image in the frame fall on the picture's own.
	const plotWidth = Math.floor(width - left - right);
	const rect: Rect = {
		x: Math.ceil(left),
		y: Math.ceil(top),
		width: plotWidth,
		height: Math.round(plotWidth * aspect),
	};
	const frame = frameOver(rect, xRange, yRange);

	const legendTop = rect.y + rect.height + bottomAxisHeight + 16;
	const legend = drawLegend(
		figure.legend,
		legendLeft(rect, width),
		legendTop,
		width - padding - legendLeft(rect, width),
	);
	const footTop = legendTop + (legend.height > 0 ? legend.height + 16 : 0);
	const foot = drawFoot(figure.foot, footTop, width);

	return svgDocument({
		width,
		height: Math.ceil(footTop + foot.height + padding),
		title: figure.title,
		description: figure.description,
		body: [
			title.svg,
			await figure.draw(frame),
			drawFrame(rect),
			drawBottomAxis(rect, { label: "α", ticks: xTicks }),
			drawSideAxis(rect, "left", { label: "β", ticks: yTicks }),
			colourBar === undefined ? "" : drawColourBar(rect, colourBar),
			legend.svg,
			foot.svg,
		]
			.filter((part) => part !== "")
			.join("\n"),
	});
}

/** Height of a frame for a width of 1. */
export function frameAspect({ xRange, yRange }: Pick<Frame, "xRange" | "yRange">): number {
	return Math.min(1.2, Math.max(0.4, (yRange[1] - yRange[0]) / (xRange[1] - xRange[0])));
}

/** The frame's width before it is known: it waits for the width of labels, which wait for how many fit. */
const aboutWide = (width: number) => width - 170;

/** How many ticks stand well beside a frame. */
export function upTicks(width: number, aspect: number): number {
	return Math.min(9, Math.max(3, Math.round((aboutWide(width) * aspect) / 42)));
}

/** Where the picture comes from, small, across the figure. */
export function drawFoot(text: string, top: number, width: number): Block {
	return textBlock(text, padding, top, width - 2 * padding, { size: type.foot, fill: ink.faint, leading: 1.5 });
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
