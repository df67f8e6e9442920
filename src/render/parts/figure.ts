import type { Look } from "./look.js";
import type { Tick } from "./scale.js";
import { capHeight, drawText, escapeXml, FONT_FAMILY, round, textIn, textWidth, wrapText } from "./text.js";
import { ink, themed } from "./theme.js";

/** A rectangle in user units, y growing downwards. */
export interface Rect {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** Whether two rectangles have room in common. */
export function overlap(a: Rect, b: Rect): boolean {
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Sizes in user units; a figure is 600 wide unless asked otherwise, so 12 is about 7 pt on a page's full column. */
export const type = { title: 16, label: 14, tick: 12, legend: 11.5, foot: 8.5 } as const;
/** From the figure's edge to anything in it. */
export const padding = 14;

const tickLength = 5;
const tickGap = 4;

/** Pieces of a figure that take some height of it. */
export interface Block {
	readonly svg: string;
	readonly height: number;
}

/** A whole SVG document in its look: ground, title and description for readers who cannot see it, no dates. */
export function svgDocument(figure: {
	width: number;
	height: number;
	title: string;
	description: string;
	body: string;
	look?: Look | undefined;
}): string {
	const { theme = "light", text = "outline" } = figure.look ?? {};
	const [width, height] = [round(figure.width), round(figure.height)];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"${text === "text" ? ` font-family="${FONT_FAMILY}"` : ""} role="img" aria-labelledby="title desc">`,
		`<title id="title">${escapeXml(figure.title)}</title>`,
		`<desc id="desc">${escapeXml(figure.description)}</desc>`,
		...(theme === "transparent" ? [] : [themed(`<rect width="100%" height="100%" fill="${ink.paper}"/>`, theme)]),
		themed(textIn(figure.body, text), theme),
		"</svg>\n",
	].join("\n");
}

/** Lines of text under one another, the first one's top at `y`. */
export function textBlock(
	text: string,
	x: number,
	y: number,
	width: number,
	style: { size: number; fill: string; weight?: "bold"; leading?: number },
): Block {
	const { size, fill, weight = "regular", leading = 1.35 } = style;
	const lines = wrapText(text, width, size, weight);
	const svg = lines.map((line, i) => drawText(line, x, y + size * (capHeight + i * leading), { size, weight, fill }));
	return { svg: svg.join("\n"), height: lines.length === 0 ? 0 : size * (capHeight + (lines.length - 1) * leading) };
}

/** What a picture is called, over its whole width. */
export function drawTitle(title: string, width: number): Block {
	return textBlock(title, padding, padding, width - 2 * padding, { size: type.title, weight: "bold", fill: ink.text });
}

/** Where a picture comes from, small, across the figure, a paragraph each. */
export function drawFoot(paragraphs: readonly string[], top: number, width: number): Block {
	const leading = 1.5;
	const parts: string[] = [];
	let height = 0;
	for (const text of paragraphs) {
		const y = height === 0 ? 0 : height + type.foot * (leading - capHeight);
		const block = textBlock(text, padding, top + y, width - 2 * padding, { size: type.foot, fill: ink.faint, leading });
		parts.push(block.svg);
		height = y + block.height;
	}
	return { svg: parts.join("\n"), height };
}

/** What is left of a rectangle within margins. */
export function insetRect(rect: Rect, sideways: number, upright: number): Rect {
	return {
		x: rect.x + sideways,
		y: rect.y + upright,
		width: rect.width - 2 * sideways,
		height: rect.height - 2 * upright,
	};
}

/** Ticks of a scale over an inner length with positions on the frame, which has `margin` more at either end. */
export function framedTicks(ticks: readonly Tick[], margin: number, length: number): Tick[] {
	return ticks.map((tick) => ({ ...tick, position: (margin + tick.position * length) / (length + 2 * margin) }));
}

/** Level lines through a frame, behind what is drawn in it. */
export function drawGrid(rect: Rect, ticks: readonly Tick[]): string {
	const data = ticks
		.map(({ position }) => `M${round(rect.x)} ${round(rect.y + (1 - position) * rect.height)}h${round(rect.width)}`)
		.join("");
	return `<path d="${data}" stroke="${ink.grid}" stroke-width="0.8"/>`;
}

/** Where an axis stands, what it is called, and in which colour where it belongs to one of several lines. */
export interface AxisStyle {
	readonly label: string;
	readonly ticks: readonly Tick[];
	readonly colour?: string;
}

/** The frame of a plot. */
export function drawFrame(rect: Rect): string {
	const { x, y, width, height } = rect;
	return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="none" stroke="${ink.axis}" stroke-width="0.8"/>`;
}

/** Height an axis under a plot takes. */
export const bottomAxisHeight = tickLength + tickGap + type.tick + 8 + type.label;

/** Ticks, tick labels and name under `rect`; positions run from its left edge to its right. */
export function drawBottomAxis(rect: Rect, { label, ticks, colour = ink.text }: AxisStyle): string {
	const bottom = rect.y + rect.height;
	const at = (tick: Tick) => rect.x + tick.position * rect.width;
	const marks = ticks.map((tick) => `M${round(at(tick))} ${round(bottom)}v${tickLength}`).join("");
	const baseline = bottom + tickLength + tickGap + type.tick * capHeight;
	return [
		`<path d="${marks}" stroke="${ink.axis}" stroke-width="0.8"/>`,
		`<g fill="${colour}">`,
		...ticks.map((tick) => drawText(tick.label, at(tick), baseline, { size: type.tick, anchor: "middle" })),
		drawText(label, rect.x + rect.width / 2, baseline + 9 + type.label * capHeight, {
			size: type.label,
			anchor: "middle",
		}),
		"</g>",
	].join("\n");
}

/** An axis's letter with what it is, where there is room for that. */
export function axisLabel(letter: string, what: string | undefined, room: number): string {
	const whole = what === undefined ? letter : `${letter}: ${what}`;
	return textWidth(whole, type.label) <= room ? whole : letter;
}

/** Width an axis beside a plot takes, by its tick labels. */
export function sideAxisWidth(ticks: readonly Tick[]): number {
	const widest = Math.max(0, ...ticks.map((tick) => textWidth(tick.label, type.tick)));
	return tickLength + tickGap + widest + 10 + type.label;
}

/** Ticks, tick labels and turned name left or right of `rect`; positions run from its lower edge to its upper. */
export function drawSideAxis(rect: Rect, side: "left" | "right", axis: AxisStyle): string {
	const { label, ticks, colour = ink.text } = axis;
	const out = side === "left" ? -1 : 1;
	const edge = side === "left" ? rect.x : rect.x + rect.width;
	const at = (tick: Tick) => rect.y + (1 - tick.position) * rect.height;
	const marks = ticks.map((tick) => `M${round(edge)} ${round(at(tick))}h${out * tickLength}`).join("");
	const far = edge + out * (sideAxisWidth(ticks) - type.label / 2);
	const anchor = side === "left" ? "end" : "start";
	return [
		`<path d="${marks}" stroke="${ink.axis}" stroke-width="0.8"/>`,
		`<g fill="${colour}">`,
		...ticks.map((tick) =>
			drawText(tick.label, edge + out * (tickLength + tickGap), at(tick), { size: type.tick, anchor, middle: true }),
		),
		drawText(label, far, rect.y + rect.height / 2, {
			size: type.label,
			anchor: "middle",
			middle: true,
			rotate: out * 90,
		}),
		"</g>",
	].join("\n");
}

/** The most ticks, up to `count`, whose labels stand clear of each other along `length`. */
export function fittingTicks(ticksFor: (count: number) => Tick[], count: number, length: number): Tick[] {
	for (let wanted = count; wanted > 1; wanted--) {
		const ticks = ticksFor(wanted);
		const clear = ticks.every((tick, i) => {
			const before = ticks[i - 1];
			if (before === undefined) return true;
			const half = (textWidth(tick.label, type.tick) + textWidth(before.label, type.tick)) / 2;
			return (tick.position - before.position) * length >= half + type.tick;
		});
		if (clear) return ticks;
	}
	return ticksFor(1).slice(0, 1);
}

/** One entry of a legend: words, and a symbol drawn with its middle at a point, `legendSymbol` wide. */
export interface LegendEntry {
	readonly label: string;
	readonly symbol: (x: number, y: number) => string;
}

export const legendSymbol = { width: 18, height: 11 } as const;

/** Where a legend starts: under the plot, or at the figure's edge where the figure is narrow. */
export function legendLeft(plot: Rect, width: number): number {
	return width < 420 ? padding : plot.x;
}

/** Entries side by side, on as many lines as the width asks for, one wider than it broken; the first one's top at `y`. */
export function drawLegend(entries: readonly LegendEntry[], x: number, y: number, width: number): Block {
	const lineHeight = 19;
	let [left, line] = [x, 0];
	const parts: string[] = [];
	for (const { label, symbol } of entries) {
		const indent = legendSymbol.width + 6;
		const needed = indent + textWidth(label, type.legend);
		if (left > x && left + needed > x + width) [left, line] = [x, line + 1];
		const middle = y + line * lineHeight + legendSymbol.height / 2;
		parts.push(symbol(left + legendSymbol.width / 2, middle));
		const lines = needed > width ? wrapText(label, width - indent, type.legend) : [label];
		for (const [i, words] of lines.entries()) {
			const style = { size: type.legend, middle: true, fill: ink.text };
			parts.push(drawText(words, left + indent, middle + i * lineHeight, style));
		}
		line += lines.length - 1;
		left += needed + 20;
	}
	return { svg: parts.join("\n"), height: entries.length === 0 ? 0 : line * lineHeight + legendSymbol.height };
}

/** Where a figure ends: under the last of the blocks below its axes that has any height, or under the axes. */
export function lowestOf([axes, ...tops]: readonly number[], blocks: readonly Block[]): number {
	const ends = blocks.map(({ height }, i) => (height === 0 ? 0 : (tops[i] ?? 0) + height));
	return Math.max(axes ?? 0, ...ends);
}
