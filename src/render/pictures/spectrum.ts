import "../fonts.js";
import type { Density } from "../../curvature/density.js";
import type { Eigenvalue } from "../../curvature/lanczos.js";
import { svgToPng } from "../encode.js";
import {
	bottomAxisHeight,
	drawBottomAxis,
	drawFoot,
	drawFrame,
	drawGrid,
	drawLegend,
	drawSideAxis,
	drawTitle,
	fittingTicks,
	framedTicks,
	insetRect,
	type LegendEntry,
	padding,
	type Rect,
	sideAxisWidth,
	svgDocument,
} from "../parts/figure.js";
import { scaleOver, type ValueScale } from "../parts/scale.js";
import { round } from "../parts/text.js";
import type { Picture } from "../picture.js";

/** What is drawn of a computation of curvature. */
export interface SpectrumFigure {
	readonly title: string;
	/** Where the numbers come from. */
	readonly foot: string;
	/** How many eigenvalues there are in all. */
	readonly parameters: number;
	readonly density: Density | null;
	/** Largest first, then lowest first. */
	readonly top: readonly Eigenvalue[];
	readonly bottom: readonly Eigenvalue[];
}

const WIDTH = 600;
const PIXEL_RATIO = 2;
const inset = 12;
/** Blue and vermilion of Okabe and Ito's palette. */
const [densityColour, settledColour, openColour] = ["#0072b2", "#d55e00", "#999999"];

/** The density over the decades down to which a probe tells anything, and bars of the eigenvalues at both ends. */
export async function drawSpectrum(figure: SpectrumFigure): Promise<Picture[]> {
	const drawings: [string, string][] = [
		...(figure.density === null ? [] : [["spectrum", spectrum(figure, figure.density)] as [string, string]]),
		...(figure.top.length + figure.bottom.length === 0 ? [] : [["eigenvalues", bars(figure)] as [string, string]]),
	];
	const encoder = new TextEncoder();
	const pictures: Picture[] = [];
	for (const [name, svg] of drawings) {
		const text = { Title: figure.title, Description: figure.foot, Software: "isoloss" };
		pictures.push({ name: `${name}.svg`, bytes: encoder.encode(svg) });
		pictures.push({ name: `${name}.png`, bytes: await svgToPng(svg, PIXEL_RATIO, text) });
	}
	return pictures;
}

/** Eigenvalues per unit, on a logarithmic axis: the bulk at 0 is millions, an outlier is one. */
function spectrum({ title, foot, parameters, top, bottom }: SpectrumFigure, density: Density): string {
	const counts = density.density.map((value) => value * parameters);
	const errors = density.standardError.map((value) => value * parameters);
	const most = Math.max(...counts);
	// One eigenvalue, as wide as its Gaussian, stands this high; a hundredth of that is noise between the probes.
	const alone = 1 / (density.width * Math.sqrt(2 * Math.PI));
	const scale = scaleOver("log", Math.min(alone / 100, most / 10), most * 2);
	const across = scaleOver("linear", density.at[0] ?? 0, density.at.at(-1) ?? 1);
	const ends = [...top, ...bottom];
	const legend: LegendEntry[] = [
		{ label: "density of eigenvalues", symbol: (x, y) => lineSymbol(x, y, densityColour) },
		{ label: "± its standard error over the probes", symbol: (x, y) => patchSymbol(x, y) },
		...(ends.length === 0
			? []
			: [{ label: "eigenvalues by Lanczos", symbol: (x: number, y: number) => markSymbol(x, y, settledColour) }]),
	];
	return plot({
		title,
		foot: `${foot} Density by ${density.probes.length} probes; Gaussians of a deviation of ${short(density.width)} stand for the eigenvalues found.`,
		bottom: { label: "eigenvalue of the Hessian", scale: across },
		left: { label: "eigenvalues per unit (log scale)", scale },
		legend,
		body: (inner) => {
			const x = (value: number) => inner.x + across.position(value) * inner.width;
			const y = (value: number) =>
				inner.y + (1 - Math.min(1, Math.max(0, scale.position(Math.max(value, scale.min))))) * inner.height;
			// Where there is nothing there is no line.
			const isThere = (i: number) => (counts[i] ?? 0) >= scale.min;
			const line = density.at.map((at, i) =>
				isThere(i) || isThere(i - 1) ? `${isThere(i - 1) ? "L" : "M"}${round(x(at))} ${round(y(counts[i] ?? 0))}` : "",
			);
			const above = density.at.map((at, i) => `${round(x(at))} ${round(y((counts[i] ?? 0) + (errors[i] ?? 0)))}`);
			const below = density.at.map((at, i) => `${round(x(at))} ${round(y((counts[i] ?? 0) - (errors[i] ?? 0)))}`);
			const base = inner.y + inner.height;
			return [
				`<path d="M${above.join("L")}L${below.toReversed().join("L")}Z" fill="${densityColour}" fill-opacity="0.2"/>`,
				`<path d="${line.join("")}" fill="none" stroke="${densityColour}" stroke-width="1.4" stroke-linejoin="round"/>`,
				...ends.map(
					({ value, settled }) =>
						`<path d="M${round(x(value))} ${round(base)}v-9" stroke="${settled ? settledColour : openColour}" stroke-width="1.6"/>`,
				),
			].join("\n");
		},
	});
}

/** Each eigenvalue as a bar from 0, with its residual; one that is not settled is grey. */
function bars({ title, foot, top, bottom }: SpectrumFigure): string {
	const shown = [...top, ...bottom.toReversed()];
	const reach = shown.flatMap(({ value, residual }) => [value - residual, value + residual]);
	const scale = scaleOver("linear", Math.min(0, ...reach), Math.max(0, ...reach));
	const open = shown.some(({ settled }) => !settled);
	const legend: LegendEntry[] = [
		{ label: "settled", symbol: (x, y) => markSymbol(x, y, settledColour) },
		...(open ? [{ label: "not settled", symbol: (x: number, y: number) => markSymbol(x, y, openColour) }] : []),
	];
	const names = [...top.map((_, i) => `${i + 1}`), ...bottom.map((_, i) => `−${bottom.length - i}`)];
	const across = scaleOver("linear", 0, shown.length);
	const ticks = names.map((label, i) => ({ value: i, label, position: (i + 0.5) / shown.length }));
	return plot({
		title,
		foot: `${foot} An eigenvalue lies within the whisker of each bar. From the largest down: 1, 2, …; from the lowest up: −1, −2, ….`,
		bottom: { label: "rank", scale: across, ticks },
		left: { label: "eigenvalue of the Hessian", scale },
		legend,
		body: (inner) => {
			const slot = inner.width / shown.length;
			const y = (value: number) => inner.y + (1 - scale.position(value)) * inner.height;
			const drawn = shown.map(({ value, residual, settled }, i) => {
				const [left, middle] = [inner.x + slot * (i + 0.2), inner.x + slot * (i + 0.5)];
				const [upper, lower] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
				const colour = settled ? settledColour : openColour;
				return [
					`<rect x="${round(left)}" y="${round(upper)}" width="${round(slot * 0.6)}" height="${round(Math.max(0.8, lower - upper))}" fill="${colour}"/>`,
					`<path d="M${round(middle)} ${round(y(value - residual))}V${round(y(value + residual))}" stroke="#222" stroke-width="1.2"/>`,
				].join("");
			});
			return [
				`<path d="M${round(inner.x)} ${round(y(0))}h${round(inner.width)}" stroke="#222" stroke-width="0.8"/>`,
				...drawn,
			].join("\n");
		},
	});
}

interface Plot {
	readonly title: string;
	readonly foot: string;
	readonly bottom: {
		readonly label: string;
		readonly scale: ValueScale;
		readonly ticks?: ReturnType<ValueScale["ticks"]>;
	};
	readonly left: { readonly label: string; readonly scale: ValueScale };
	readonly legend: readonly LegendEntry[];
	readonly body: (inner: Rect) => string;
}

function plot({ title, foot, bottom, left, legend, body }: Plot): string {
	const head = drawTitle(title, WIDTH);
	const upright = left.scale.ticks(6);
	const x = padding + sideAxisWidth(upright);
	const width = WIDTH - x - padding;
	const rect: Rect = { x, y: padding + head.height + 16, width, height: Math.round(width * 0.58) };
	const inner = insetRect(rect, inset, inset);
	const sideways = bottom.ticks ?? fittingTicks((count) => bottom.scale.ticks(count), 8, inner.width);
	const framed = framedTicks(upright, inset, inner.height);
	const legendTop = rect.y + rect.height + bottomAxisHeight + 16;
	const entries = drawLegend(legend, rect.x, legendTop, WIDTH - padding - rect.x);
	const end = drawFoot([foot], legendTop + entries.height + 16, WIDTH);
	return svgDocument({
		width: WIDTH,
		height: Math.ceil(legendTop + entries.height + 16 + end.height + padding),
		title,
		description: foot,
		body: [
			head.svg,
			drawGrid(rect, framed),
			body(inner),
			drawFrame(rect),
			drawBottomAxis(rect, { label: bottom.label, ticks: framedTicks(sideways, inset, inner.width) }),
			drawSideAxis(rect, "left", { label: left.label, ticks: framed }),
			entries.svg,
			end.svg,
		].join("\n"),
	});
}

function short(value: number): string {
	return value.toPrecision(2);
}

function lineSymbol(x: number, y: number, colour: string): string {
	return `<path d="M${round(x - 9)} ${round(y)}h18" stroke="${colour}" stroke-width="1.6"/>`;
}

function patchSymbol(x: number, y: number): string {
	return `<rect x="${round(x - 9)}" y="${round(y - 5)}" width="18" height="10" fill="${densityColour}" fill-opacity="0.2"/>`;
}

function markSymbol(x: number, y: number, colour: string): string {
	return `<rect x="${round(x - 4)}" y="${round(y - 5)}" width="8" height="10" fill="${colour}"/>`;
}
