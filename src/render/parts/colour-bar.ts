import { against, type Colormap } from "./colormap.js";
import { drawFrame, drawSideAxis, padding, type Rect, sideAxisWidth } from "./figure.js";
import type { Beside } from "./plane-figure.js";
import type { Tick } from "./scale.js";
import { round } from "./text.js";
import { ink } from "./theme.js";

interface ColourBar {
	readonly ticks: readonly Tick[];
	readonly map: Colormap;
	readonly label: string;
	/** Values at which lines are drawn in what it belongs to, thin lines across the bar. */
	readonly levels?: readonly Tick[];
	/** Positions between which a bracket stands at the bar's left. */
	readonly bracket?: readonly [number, number];
}

const barWidth = 14;
const barGap = 16;
/** A bracket around fewer user units would be a blot. */
const LEAST_BRACKET = 5;

/** A colour bar right of what it belongs to. */
export function colourBar(bar: ColourBar): Beside {
	return {
		width: barGap + barWidth + sideAxisWidth(bar.ticks) + padding,
		draw: (panels) => drawColourBar(panels, bar),
	};
}

function drawColourBar(plot: Rect, { ticks, map, label, levels = [], bracket }: ColourBar): string {
	const rect: Rect = { x: plot.x + plot.width + barGap, y: plot.y, width: barWidth, height: plot.height };
	const stops = Array.from({ length: 33 }, (_, i) => `<stop offset="${round(i / 32)}" stop-color="${map(i / 32)}"/>`);
	return [
		`<linearGradient id="colour-bar" x1="0" y1="1" x2="0" y2="0">${stops.join("")}</linearGradient>`,
		`<rect x="${round(rect.x)}" y="${round(rect.y)}" width="${rect.width}" height="${round(rect.height)}" fill="url(#colour-bar)"/>`,
		...levels.map((level) => drawLevel(rect, level, map)),
		drawFrame(rect),
		...(bracket === undefined ? [] : [drawBracket(rect, bracket)]),
		drawSideAxis(rect, "right", { label, ticks }),
	].join("\n");
}

function drawLevel(rect: Rect, { position }: Tick, map: Colormap): string {
	const data = `M${round(rect.x)} ${round(rect.y + (1 - position) * rect.height)}h${rect.width}`;
	return `<path d="${data}" stroke="${against(map(position))}" stroke-opacity="0.7" stroke-width="0.7"/>`;
}

function drawBracket(rect: Rect, [from, to]: readonly [number, number]): string {
	const [bottom, top] = [from, to].map((position) => rect.y + (1 - position) * rect.height) as [number, number];
	const short = Math.max(0, LEAST_BRACKET - (bottom - top)) / 2;
	const [low, high] = [round(bottom + short), round(top - short)];
	const [tip, back] = [round(rect.x - 3), round(rect.x - 8)];
	return `<path d="M${tip} ${low}H${back}V${high}H${tip}" fill="none" stroke="${ink.mark}" stroke-width="1.6"/>`;
}
