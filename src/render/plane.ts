import type { Axis } from "../surface.js";
import { type Colormap, coloursApart } from "./colormap.js";
import { countNoValues, type Field, type NoValue } from "./field.js";
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
	legendSymbol,
	padding,
	type Rect,
	sideAxisWidth,
	svgDocument,
	textBlock,
	type,
} from "./figure.js";
import { scaleOver, type ValueScale } from "./scale.js";
import { drawText, round, textWidth } from "./text.js";

/** A named place on the plane (or, with β left out, on a line). */
export interface Mark {
	readonly alpha: number;
	readonly beta?: number;
	readonly label?: string;
}

/** A stretch of the plane and the rectangle it is drawn in; β grows upwards. */
export interface Frame extends Rect {
	readonly xRange: readonly [number, number];
	readonly yRange: readonly [number, number];
	/** From α to the figure's x. */
	readonly toX: (alpha: number) => number;
	/** From β to the figure's y. */
	readonly toY: (beta: number) => number;
}

export function frameOver(rect: Rect, xRange: readonly [number, number], yRange: readonly [number, number]): Frame {
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

/** The values an axis spans: its first to its last point, or with half a cell beyond either. */
export function axisRange(axis: Axis, halfCells: boolean): [number, number] {
	const half = halfCells ? spacing(axis) / 2 : 0;
	return [axis.min - half, axis.max + half];
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

export interface ColourBar {
	readonly scale: ValueScale;
	readonly ticks: readonly { readonly value: number; readonly label: string; readonly position: number }[];
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

/** Colours of the kinds of points that are on no colour map; `not computed` is hatched instead. */
export type NoValueColours = Readonly<Record<Exclude<NoValue, "not computed">, string>>;

export function noValueColours(map: Colormap, shade = (colour: string) => colour): NoValueColours {
	const [nan = "", above = "", below = ""] = coloursApart(map, 3).map(shade);
	return { NaN: nan, "+∞": above, "−∞": below };
}

const hatching = [
	`<pattern id="not-computed" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`,
	`<rect width="5" height="5" fill="#fff"/><path d="M0 0v5" stroke="#b5b5b5" stroke-width="1.6"/></pattern>`,
].join("");

const fillOf = (kind: NoValue, colours: NoValueColours) =>
	kind === "not computed" ? "url(#not-computed)" : colours[kind];

/** The cells of points without a value, each kind one path of runs along the rows, cut off at the frame. */
export function drawNoValues(of: Field, frame: Frame, colours: NoValueColours): string {
	const left = (column: number) => cellEdge(of.x, column, frame.xRange);
	const below = (row: number) => (of.y === null ? (frame.yRange[row] ?? 0) : cellEdge(of.y, row, frame.yRange));
	const paths = countNoValues(of).map(({ kind }) => {
		let data = "";
		for (let row = 0; row < of.rows; row++) {
			for (let column = 0; column < of.columns; column++) {
				if (of.kinds[row * of.columns + column] !== kind) continue;
				const from = column;
				while (column + 1 < of.columns && of.kinds[row * of.columns + column + 1] === kind) column++;
				const [x0, x1] = [frame.toX(left(from)), frame.toX(left(column + 1))];
				const [y0, y1] = [frame.toY(below(row)), frame.toY(below(row + 1))];
				data += `M${round(x0)} ${round(y0)}H${round(x1)}V${round(y1)}H${round(x0)}z`;
			}
		}
		return `<path d="${data}" fill="${fillOf(kind, colours)}" shape-rendering="crispEdges"/>`;
	});
	return [...(of.kinds.includes("not computed") ? [hatching] : []), ...paths].join("\n");
}

/** The border between cells `index - 1` and `index` of an axis, kept within a range. */
function cellEdge(axis: Axis, index: number, [min, max]: readonly [number, number]): number {
	return Math.min(max, Math.max(min, axis.min + (index - 0.5) * spacing(axis)));
}

/** A legend's box of one colour. */
export function swatch(fill: string): LegendEntry["symbol"] {
	const { width, height } = legendSymbol;
	return (x, y) =>
		`<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${width}" height="${height}" fill="${fill}" stroke="${ink.axis}" stroke-width="0.5"/>`;
}

/** A legend entry for each kind of point without a value, with how many there are. */
export function noValueLegend(of: Field, colours: NoValueColours): LegendEntry[] {
	return countNoValues(of).map(({ kind, count }) => ({
		label: `${kind}: ${count} ${count === 1 ? "point" : "points"}`,
		symbol: swatch(fillOf(kind, colours)),
	}));
}

const cross = (x: number, y: number) =>
	`<path d="M${round(x - 6)} ${round(y)}h12m-6-6v12" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/>` +
	`<path d="M${round(x - 5)} ${round(y)}h10m-5-5v10" fill="none" stroke="#000" stroke-width="1.4"/>`;

const within = (value: number, [min, max]: readonly [number, number]) => value >= min && value <= max;

/** A cross at the origin and a labelled dot at each mark, where they lie in the frame. */
export function drawMarks(frame: Frame, marks: readonly Mark[]): string {
	const parts: string[] = [];
	if (hasOrigin(frame)) parts.push(cross(frame.toX(0), frame.toY(0)));
	for (const { alpha, beta = 0, label = "" } of marks) {
		if (!within(alpha, frame.xRange) || !within(beta, frame.yRange)) continue;
		const [x, y] = [frame.toX(alpha), frame.toY(beta)];
		parts.push(
			`<circle cx="${round(x)}" cy="${round(y)}" r="3.6" fill="#fff" stroke="#000" stroke-width="1.3"/>`,
			drawText(label, ...besides(frame, x, y, label)),
		);
	}
	return parts.filter((part) => part !== "").join("\n");
}

/** Right of a dot, or left of it where the frame ends first. */
function besides(frame: Rect, x: number, y: number, label: string): [number, number, Parameters<typeof drawText>[3]] {
	const style = { size: type.legend, middle: true, fill: "#000", halo: "#fff" };
	const fits = x + 8 + textWidth(label, type.legend) < frame.x + frame.width;
	return fits ? [x + 8, y, style] : [x - 8, y, { ...style, anchor: "end" }];
}

/** The room that `drawMarks` takes, for text that should keep clear of it. */
export function markBoxes(frame: Frame, marks: readonly Mark[]): Rect[] {
	const boxes = marks.map(({ alpha, beta = 0, label = "" }) => {
		const [x, y, { anchor }] = besides(frame, frame.toX(alpha), frame.toY(beta), label);
		const width = textWidth(label, type.legend) + 16;
		return { x: anchor === "end" ? x - width + 16 : x - 16, y: y - 8, width, height: 16 };
	});
	if (hasOrigin(frame)) boxes.push({ x: frame.toX(0) - 7, y: frame.toY(0) - 7, width: 14, height: 14 });
	return boxes;
}

export function hasOrigin(ranges: Pick<Frame, "xRange" | "yRange">): boolean {
	return within(0, ranges.xRange) && within(0, ranges.yRange);
}

/** The legend's word for the cross at the origin, where it is drawn. */
export function originLegend(ranges: Pick<Frame, "xRange" | "yRange">): LegendEntry[] {
	return hasOrigin(ranges) ? [{ label: "origin (0, 0)", symbol: cross }] : [];
}
