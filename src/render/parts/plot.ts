import {
	bottomAxisHeight,
	drawBottomAxis,
	drawFoot,
	drawFrame,
	drawGrid,
	drawLegend,
	drawSideAxis,
	drawTitle,
	framedTicks,
	insetRect,
	type LegendEntry,
	legendLeft,
	lowestOf,
	padding,
	type Rect,
	sideAxisWidth,
	svgDocument,
} from "./figure.js";
import { describedBy, type Look } from "./look.js";
import type { Tick } from "./scale.js";

/** One plot with its axes, and what stands around it. */
export interface Plot {
	readonly title: string;
	readonly description: string;
	/** Where it comes from, a paragraph each. */
	readonly foot: readonly string[];
	/** The whole figure's, in user units. */
	readonly width: number;
	/** Height of the frame for a width of 1. */
	readonly aspect: number;
	/** Room between the frame and what is drawn in it. */
	readonly inset: { readonly sideways: number; readonly upright: number };
	/** Room above the frame, and right of it where no axis stands there. */
	readonly above?: number;
	readonly beside?: number;
	readonly bottom: {
		readonly label: string;
		/** Ticks that stand clear of each other along so many user units. */
		readonly ticks: (length: number) => readonly Tick[];
	};
	readonly left: PlotAxis;
	readonly right?: PlotAxis;
	readonly legend: readonly LegendEntry[];
	readonly look?: Look | undefined;
	/** What is drawn over the level lines and under the frame; `inner` is the frame within its inset. */
	readonly body: (inner: Rect, rect: Rect) => readonly string[];
}

interface PlotAxis {
	readonly label: string;
	readonly ticks: readonly Tick[];
	readonly colour?: string;
}

/** An SVG document with title, frame, axes, legend and foot around what `body` draws. */
export function plotFigure(plot: Plot): string {
	const { title, width, inset, above = 0, beside = 0, left, right } = plot;
	const { bare = false } = plot.look ?? {};
	const head = drawTitle(bare ? "" : title, width);
	const from = padding + sideAxisWidth(left.ticks);
	const across = width - from - (right === undefined ? beside : sideAxisWidth(right.ticks)) - padding;
	const rect: Rect = {
		...{ x: from, y: padding + head.height + (head.height > 0 ? 16 : 0) + above },
		...{ width: across, height: Math.round(across * plot.aspect) },
	};
	const inner = insetRect(rect, inset.sideways, inset.upright);
	const upright = (axis: PlotAxis) => ({ ...axis, ticks: framedTicks(axis.ticks, inset.upright, inner.height) });
	const sideways = framedTicks(plot.bottom.ticks(inner.width), inset.sideways, inner.width);

	const legendTop = rect.y + rect.height + bottomAxisHeight + 16;
	const edge = legendLeft(rect, width);
	const legend = drawLegend(plot.legend, edge, legendTop, width - padding - edge);
	const footTop = legendTop + legend.height + 16;
	const foot = drawFoot(bare ? [] : plot.foot, footTop, width);
	return svgDocument({
		width,
		height: Math.ceil(
			lowestOf([rect.y + rect.height + bottomAxisHeight, legendTop, footTop], [legend, foot]) + padding,
		),
		look: plot.look,
		title,
		description: describedBy(plot),
		body: [
			head.svg,
			drawGrid(rect, upright(left).ticks),
			...plot.body(inner, rect),
			drawFrame(rect),
			drawBottomAxis(rect, { label: plot.bottom.label, ticks: sideways }),
			drawSideAxis(rect, "left", upright(left)),
			right === undefined ? "" : drawSideAxis(rect, "right", upright(right)),
			legend.svg,
			foot.svg,
		]
			.filter((part) => part !== "")
			.join("\n"),
	});
}
