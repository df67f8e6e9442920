import { axisValue, type Surface } from "../surface.js";
import { defaultTitle, describe, provenanceLine } from "./caption.js";
import { countNoValues, type Field, field, finiteValues, type NoValue } from "./field.js";
import {
	bottomAxisHeight,
	drawBottomAxis,
	drawFoot,
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
import type { Mark } from "./marks.js";

import { type ScaleName, scaleOver, type Tick, type ValueScale, valueScale, withScale } from "./scale.js";
import { drawText, round } from "./text.js";

export interface LineOptions {
	/** For the loss; accuracy always runs from 0 to 100 %. */
	readonly scale?: ScaleName;
	readonly title?: string;
	/** Places on the α axis to mark with an upright line; by default α = 0. An interpolation marks its two ends. */
	readonly marks?: readonly Mark[];
	/** In user units. */
	readonly width?: number;
}

/** A metric as it is drawn: its field, its axis, its looks. */
interface Series {
	readonly of: Field;
	readonly scale: ValueScale;
	readonly colour: string;
	/** Dashes, so that the two are told apart in black and white too. */
	readonly dashes: string;
}

/** Blue and vermilion of Okabe and Ito's palette: told apart with any kind of colour blindness. */
const lossColour = "#0072b2";
const accuracyColour = "#d55e00";

/** Room between the frame and the curves, where marks of points without a value stand. */
const inset = 16;
const sideInset = 10;

/** Loss (left axis) and accuracy (right axis) over α for a surface of one axis, as an SVG document. */
export function line(surface: Surface, options: LineOptions = {}): string {
	const { title = defaultTitle(surface), marks = [{ alpha: 0 }], width = 600 } = options;
	const lossField = field(surface, "loss");
	const loss: Series = {
		of: lossField,
		scale: valueScale(finiteValues(lossField), options.scale),
		colour: lossColour,
		dashes: "",
	};
	const accuracy: Series = {
		of: field(surface, "accuracy"),
		scale: scaleOver("linear", 0, 100),
		colour: accuracyColour,
		dashes: ` stroke-dasharray="6 3"`,
	};
	const named = marks.filter(({ alpha }) => alpha >= surface.x.min && alpha <= surface.x.max);

	const head = textBlock(title, padding, padding, width - 2 * padding, {
		size: type.title,
		weight: "bold",
		fill: ink.text,
	});
	const labelled = named.some(({ label = "" }) => label !== "");
	const top = padding + head.height + 16 + (labelled ? type.tick + 4 : 0);
	const [lossTicks, accuracyTicks] = [loss.scale.ticks(6), accuracy.scale.ticks(6)];
	const [left, right] = [padding + sideAxisWidth(lossTicks), sideAxisWidth(accuracyTicks) + padding];
	const plotWidth = width - left - right;
	const rect: Rect = { x: left, y: top, width: plotWidth, height: Math.round(plotWidth * 0.62) };
	const inner: Rect = {
		x: rect.x + sideInset,
		y: rect.y + inset,
		width: rect.width - 2 * sideInset,
		height: rect.height - 2 * inset,
	};
	const alphas = scaleOver("linear", surface.x.min, surface.x.max);
	const toX = (alpha: number) => inner.x + alphas.position(alpha) * inner.width;
	// Tick positions count from the frame, the curves' from the insets.
	const framed = (ticks: readonly Tick[], start = inset, length = inner.height) =>
		ticks.map((tick) => ({ ...tick, position: (start + tick.position * length) / (length + 2 * start) }));
	const xTicks = framed(fittingTicks(alphas.ticks, 9, inner.width), sideInset, inner.width);

	const legendTop = rect.y + rect.height + bottomAxisHeight + 16;
	const legend = drawLegend(
		[...curveLegend(loss), ...curveLegend(accuracy), ...missingLegend(loss), ...missingLegend(accuracy)],
		legendLeft(rect, width),
		legendTop,
		width - padding - legendLeft(rect, width),
	);
	const foot = drawFoot([provenanceLine(surface)], legendTop + legend.height + 16, width);

	return svgDocument({
		width,
		height: Math.ceil(legendTop + legend.height + 16 + foot.height + padding),
		title,
		description: describe(surface, "Loss and accuracy"),
		body: [
			head.svg,
			drawGrid(rect, framed(lossTicks)),
			...named.map((mark) => drawUpright(rect, toX(mark.alpha), mark.label ?? "")),
			drawCurve(accuracy, inner, toX),
			drawCurve(loss, inner, toX),
			drawMissing(loss, rect, toX, 0),
			drawMissing(accuracy, rect, toX, 1),
			drawFrame(rect),
			drawBottomAxis(rect, { label: "α", ticks: xTicks }),
			drawSideAxis(rect, "left", {
				label: withScale(loss.of.label, loss.scale),
				ticks: framed(lossTicks),
				colour: loss.colour,
			}),
			drawSideAxis(rect, "right", { label: accuracy.of.label, ticks: framed(accuracyTicks), colour: accuracy.colour }),
			legend.svg,
			foot.svg,
		]
			.filter((part) => part !== "")
			.join("\n"),
	});
}

function drawGrid(rect: Rect, ticks: readonly Tick[]): string {
	const data = ticks
		.map(({ position }) => `M${round(rect.x)} ${round(rect.y + (1 - position) * rect.height)}h${round(rect.width)}`)
		.join("");
	return `<path d="${data}" stroke="${ink.grid}" stroke-width="0.8"/>`;
}

/** A dashed upright line through the plot, its name above the frame. */
function drawUpright(rect: Rect, x: number, label: string): string {
	return [
		`<path d="M${round(x)} ${round(rect.y)}v${round(rect.height)}" stroke="${ink.faint}" stroke-width="0.9" stroke-dasharray="2 3"/>`,
		drawText(label, x, rect.y - 6, { size: type.tick, anchor: "middle", fill: ink.text }),
	].join("\n");
}

/** Points joined where neighbours both have a value; a dot at each where they are few, and at each that stands alone. */
function drawCurve({ of, scale, colour, dashes }: Series, inner: Rect, toX: (alpha: number) => number): string {
	const finite = (i: number) => of.kinds[i] === "finite";
	const dotted = inner.width / of.columns > 6;
	let data = "";
	const dots: string[] = [];
	for (let i = 0; i < of.columns; i++) {
		if (!finite(i)) continue;
		const x = round(toX(axisValue(of.x, i)));
		const y = round(inner.y + (1 - scale.position(of.values[i] ?? 0)) * inner.height);
		data += `${finite(i - 1) ? "L" : "M"}${x} ${y}`;
		const alone = !finite(i - 1) && !finite(i + 1);
		if (dotted || alone) dots.push(`M${x} ${y}h0`);
	}
	return [
		`<path d="${data}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"${dashes}/>`,
		`<path d="${dots.join("")}" stroke="${colour}" stroke-width="4" stroke-linecap="round"/>`,
	].join("\n");
}

/** The symbol of a point without a value: a cross, a triangle upwards or downwards, an empty circle. */
function missingSymbol(kind: NoValue, x: number, y: number, colour: string): string {
	const shape = {
		NaN: `M${round(x - 3.5)} ${round(y - 3.5)}l7 7m0-7l-7 7`,
		"+∞": `M${round(x)} ${round(y - 4)}l4 7h-8z`,
		"−∞": `M${round(x)} ${round(y + 4)}l4-7h-8z`,
		"not computed": `M${round(x - 3)} ${round(y)}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`,
	}[kind];
	const fill = kind === "+∞" || kind === "−∞" ? colour : "none";
	return `<path d="${shape}" fill="${fill}" stroke="${colour}" stroke-width="1.3"/>`;
}

/** Marks for the loss along the upper edge and for accuracy along the lower; what is not computed is so for both. */
function drawMissing({ of, colour }: Series, rect: Rect, toX: (alpha: number) => number, place: 0 | 1): string {
	const y = place === 0 ? rect.y + inset / 2 : rect.y + rect.height - inset / 2;
	return of.kinds
		.map((kind, i) => {
			if (kind === "finite" || (kind === "not computed" && place === 1)) return "";
			const shade = kind === "not computed" ? ink.faint : colour;
			return missingSymbol(kind, toX(axisValue(of.x, i)), y, shade);
		})
		.join("");
}

function curveLegend({ of, colour, dashes }: Series): LegendEntry[] {
	return [
		{
			label: of.label,
			symbol: (x, y) =>
				`<path d="M${round(x - legendSymbol.width / 2)} ${round(y)}h${legendSymbol.width}" stroke="${colour}" stroke-width="1.6"${dashes}/>`,
		},
	];
}

function missingLegend({ of, colour }: Series): LegendEntry[] {
	return countNoValues(of)
		.filter(({ kind }) => kind !== "not computed" || of.metric === "loss")
		.map(({ kind, count }) => ({
			label: `${kind === "not computed" ? kind : `${of.metric} ${kind}`}: ${count} ${count === 1 ? "point" : "points"}`,
			symbol: (x, y) => missingSymbol(kind, x, y, kind === "not computed" ? ink.faint : colour),
		}));
}
