import { axisValue } from "../../surface/grid.js";
import { axisLabel, fittingTicks, type LegendEntry, legendSymbol, type Rect, type } from "./figure.js";
import type { Look } from "./look.js";
import { marginLegend } from "./margin-bands.js";
import type { Mark } from "./marks.js";
import { plotFigure } from "./plot.js";
import { scaleOver, type ValueScale } from "./scale.js";
import { drawText, round } from "./text.js";
import { ink } from "./theme.js";
import { countNoValues, type DrawnField, type NoValue } from "./values.js";

/** Curves over α in one frame, and what stands around them. */
export interface CurveFigure {
	readonly title: string;
	readonly description: string;
	/** Where it comes from, a paragraph a surface. */
	readonly foot: readonly string[];
	/** The whole figure's, in user units. */
	readonly width: number;
	readonly xRange: readonly [number, number];
	/** What the axis is, where it is more than α. */
	readonly axisLabel?: string | undefined;
	readonly left: SideAxis;
	readonly right?: SideAxis;
	/** Places on the α axis marked with an upright line. */
	readonly marks: readonly Mark[];
	/** The first lies on top of the others. */
	readonly curves: readonly Curve[];
	/** Whether the curves are of one surface, whose points not computed are shown once, or each of its own. */
	readonly uncomputed: "once" | "each";
	readonly look?: Look | undefined;
}

interface SideAxis {
	readonly label: string;
	readonly scale: ValueScale;
	readonly colour?: string;
}

/** A field as it is drawn: its scale, its name, its looks. */
export interface Curve {
	readonly of: DrawnField;
	readonly scale: ValueScale;
	readonly label: string;
	readonly colour: string;
	/** The margin of error at each point, in the field's unit. */
	readonly margins?: Float64Array | null;
	/** An SVG dash array; empty for an unbroken line. */
	readonly dashes: string;
	/** Along which edge points without a value are marked, and how the legend's words for them begin. */
	readonly missing: { readonly edge: "top" | "bottom"; readonly prefix: string };
}

/** Room between the frame and the curves, where marks of points without a value stand. */
const inset = 16;
const sideInset = 10;

/** An SVG document with title, axes, legend and foot around curves. */
export function curveFigure(figure: CurveFigure): string {
	const { xRange, left, right, curves } = figure;
	const named = figure.marks.filter(({ alpha }) => alpha >= xRange[0] && alpha <= xRange[1]);
	const labelled = named.some(({ label = "" }) => label !== "");
	const alphas = scaleOver("linear", ...xRange);
	const axisOf = ({ label, scale, colour }: SideAxis) => ({
		label,
		ticks: scale.ticks(6),
		...(colour !== undefined && { colour }),
	});
	const shown = (index: number) => (kind: NoValue) =>
		kind !== "not computed" || figure.uncomputed === "each" || index === 0;
	return plotFigure({
		...{
			title: figure.title,
			description: figure.description,
			foot: figure.foot,
			width: figure.width,
			look: figure.look,
		},
		...{ aspect: 0.62, inset: { sideways: sideInset, upright: inset }, beside: sideInset },
		above: labelled ? type.tick + 4 : 0,
		bottom: {
			label: axisLabel("α", figure.axisLabel, figure.width - 160),
			ticks: (length) => fittingTicks(alphas.ticks, 9, length),
		},
		left: axisOf(left),
		...(right !== undefined && { right: axisOf(right) }),
		legend: [
			...curves.map(curveLegend),
			...(curves.some(({ margins }) => margins) ? [marginLegend(curves[0]?.colour ?? ink.text)] : []),
			...curves.flatMap((curve, i) => missingLegend(curve, shown(i), figure.uncomputed)),
		],
		body(inner, rect) {
			const toX = (alpha: number) => inner.x + alphas.position(alpha) * inner.width;
			return [
				...named.map((mark) => drawUpright(rect, toX(mark.alpha), mark.label ?? "")),
				...curves.map((curve) => drawMargins(curve, inner, toX)).filter((band) => band !== ""),
				...curves.map((curve) => drawCurve(curve, inner, toX)).reverse(),
				...curves.map((curve, i) => drawMissing(curve, rect, toX, shown(i))),
			];
		},
	});
}

/** A dashed upright line through the plot, its name above the frame. */
function drawUpright(rect: Rect, x: number, label: string): string {
	return [
		`<path d="M${round(x)} ${round(rect.y)}v${round(rect.height)}" stroke="${ink.faint}" stroke-width="0.9" stroke-dasharray="2 3"/>`,
		drawText(label, x, rect.y - 6, { size: type.tick, anchor: "middle", fill: ink.text }),
	].join("\n");
}

/** The band of a curve's margins of error, as far as it lies in the frame; one for each stretch of points with a value. */
function drawMargins({ of, scale, colour, margins }: Curve, inner: Rect, toX: (alpha: number) => number): string {
	if (!margins) return "";
	const at = (i: number, sign: number) => {
		const height = scale.position((of.values[i] ?? 0) + sign * (margins[i] ?? 0));
		const share = Number.isNaN(height) ? 0 : Math.min(1, Math.max(0, height));
		return `${round(toX(axisValue(of.x, i)))} ${round(inner.y + (1 - share) * inner.height)}`;
	};
	const stretches: number[][] = [];
	for (let i = 0; i < of.columns; i++) {
		if (of.kinds[i] !== "finite") continue;
		const last = stretches.at(-1);
		if (last?.at(-1) === i - 1) last.push(i);
		else stretches.push([i]);
	}
	const data = stretches.map(
		(points) =>
			`M${points.map((i) => at(i, 1)).join("L")}L${points
				.toReversed()
				.map((i) => at(i, -1))
				.join("L")}Z`,
	);
	return `<path d="${data.join("")}" fill="${colour}" fill-opacity="0.22"/>`;
}

/** Points joined where neighbours both have a value; a dot at each where they are few, and at each that stands alone. */
function drawCurve({ of, scale, colour, dashes }: Curve, inner: Rect, toX: (alpha: number) => number): string {
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
		`<path d="${data}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"${dashArray(dashes)}/>`,
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

/** Marks of the points without a value along one of the frame's edges. */
function drawMissing(
	{ of, colour, missing }: Curve,
	rect: Rect,
	toX: (alpha: number) => number,
	shown: (kind: NoValue) => boolean,
): string {
	const y = missing.edge === "top" ? rect.y + inset / 2 : rect.y + rect.height - inset / 2;
	return of.kinds
		.map((kind, i) => {
			if (kind === "finite" || !shown(kind)) return "";
			return missingSymbol(kind, toX(axisValue(of.x, i)), y, kind === "not computed" ? ink.faint : colour);
		})
		.join("");
}

const dashArray = (dashes: string) => (dashes === "" ? "" : ` stroke-dasharray="${dashes}"`);

function curveLegend({ label, colour, dashes }: Curve): LegendEntry {
	return {
		label,
		symbol: (x, y) =>
			`<path d="M${round(x - legendSymbol.width / 2)} ${round(y)}h${legendSymbol.width}" stroke="${colour}" stroke-width="1.6"${dashArray(dashes)}/>`,
	};
}

function missingLegend(
	{ of, colour, missing }: Curve,
	shown: (kind: NoValue) => boolean,
	uncomputed: CurveFigure["uncomputed"],
): LegendEntry[] {
	return countNoValues(of)
		.filter(({ kind }) => shown(kind))
		.map(({ kind, count }) => ({
			label: `${kind === "not computed" && uncomputed === "once" ? "" : missing.prefix}${kind}: ${count} ${count === 1 ? "point" : "points"}`,
			symbol: (x, y) => missingSymbol(kind, x, y, kind === "not computed" ? ink.faint : colour),
		}));
}
