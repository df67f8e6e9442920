import {
	drawBottomAxis,
	drawFrame,
	drawGrid,
	drawSideAxis,
	fittingTicks,
	framedTicks,
	insetRect,
	padding,
	type Rect,
	sideAxisWidth,
} from "./figure.js";
import { type Beside, upTicks } from "./plane-figure.js";
import { scaleOver, type ValueScale, withScale } from "./scale.js";
import { round } from "./text.js";
import { ink } from "./theme.js";

/** The losses of one training, network by network. */
export interface LossCurve {
	readonly colour: string;
	/** Steps, or numbers of networks; rising. */
	readonly xs: readonly number[];
	/** The networks' own, and the surface's where they are drawn. */
	readonly own: readonly number[];
	readonly surface: readonly number[];
	/** The network up to which the curves are drawn. */
	readonly head: number;
}

/** What curves of losses have around them, which is the same however far they have come. */
export interface LossAxes {
	/** What the networks are counted by. */
	readonly unit: string;
	readonly xMost: number;
	readonly label: string;
	readonly scale: ValueScale;
}

/** Between the panels and the axis, and between the frame and the curves, in user units. */
const GAP = 12;
const INSET = 8;

/** Dashes of what the surface has. */
export const surfaceDashes = "5 3";

/** The losses of trainings as far as they have come, as a plot beside a map, in a strip so many user units wide. */
export function lossPlot(curves: readonly LossCurve[], axes: LossAxes, width: number): Beside {
	return { width, about: width, draw: (panels) => drawPlot(curves, axes, panels, width) };
}

function drawPlot(curves: readonly LossCurve[], axes: LossAxes, panels: Rect, width: number): string {
	const ticks = axes.scale.ticks(upTicks(panels.height));
	const left = GAP + sideAxisWidth(ticks);
	const rect: Rect = { ...panels, x: Math.ceil(panels.x + panels.width + left), width: 0 };
	const frame: Rect = { ...rect, width: Math.floor(panels.x + panels.width + width - padding - rect.x) };
	const inner = insetRect(frame, INSET, INSET);
	const xScale = scaleOver("linear", 0, axes.xMost);
	const upright = framedTicks(ticks, INSET, inner.height);
	const sideways = fittingTicks(xScale.ticks, 6, inner.width).filter(({ value }) => Number.isInteger(value));
	const place = (x: number, loss: number) => ({
		x: inner.x + xScale.position(x) * inner.width,
		y: inner.y + (1 - axes.scale.position(loss)) * inner.height,
	});
	return [
		drawGrid(frame, upright),
		...curves.map((curve) => drawCurves(curve, place)),
		...curves.map((curve) => drawHead(curve, place)).filter((dot) => dot !== ""),
		drawFrame(frame),
		drawBottomAxis(frame, { label: axes.unit, ticks: framedTicks(sideways, INSET, inner.width) }),
		drawSideAxis(frame, "left", { label: withScale(axes.label, axes.scale), ticks: upright }),
	].join("\n");
}

type Placing = (x: number, loss: number) => { readonly x: number; readonly y: number };

/** The networks' own losses, which jump about, under the surface's. Losses that are not finite leave a gap. */
function drawCurves({ colour, xs, own, surface, head }: LossCurve, place: Placing): string {
	const reachedXs = xs.slice(0, head + 1);
	const line = (losses: readonly number[], style: string) =>
		`<path d="${lineOf(reachedXs, losses, place)}" fill="none" stroke-linejoin="round" ${style}/>`;
	return [
		line(own, `stroke="${colour}" stroke-width="1.2"`),
		line(surface, `stroke="${ink.paper}" stroke-width="4"`),
		line(surface, `stroke="${colour}" stroke-width="1.8" stroke-dasharray="${surfaceDashes}"`),
	].join("\n");
}

/** A dot where the networks' own losses have come to, over all curves; none for a loss that is not finite. */
function drawHead({ colour, xs, own, head }: LossCurve, place: Placing): string {
	const now = own[head] ?? Number.NaN;
	if (!Number.isFinite(now)) return "";
	const { x, y } = place(xs[head] ?? 0, now);
	return `<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${colour}" stroke="${ink.paper}" stroke-width="1.2"/>`;
}

function lineOf(xs: readonly number[], losses: readonly number[], place: Placing): string {
	let data = "";
	let joined = false;
	for (const [i, at] of xs.entries()) {
		const loss = losses[i] ?? Number.NaN;
		if (Number.isFinite(loss)) {
			const { x, y } = place(at, loss);
			data += `${joined ? "L" : "M"}${round(x)} ${round(y)}`;
		}
		joined = Number.isFinite(loss);
	}
	return data;
}
