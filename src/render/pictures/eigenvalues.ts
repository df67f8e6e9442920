import type { Eigenvalue } from "../../curvature/lanczos.js";
import type { LegendEntry, Rect } from "../parts/figure.js";
import { plotFigure } from "../parts/plot.js";
import { scaleOver, type Tick, type ValueScale, valueScale, withScale } from "../parts/scale.js";
import { drawText, round, textWidth } from "../parts/text.js";
import { ink, lineColour } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { ASPECT, type CurvatureFigure, inset, WIDTH } from "./curvature-figure.js";

/** Vermilion of Okabe and Ito's palette, and lighter, for an error bar to be seen on it. */
const [colour, tint] = [lineColour("#d55e00"), "#e78b45"];
const valueSize = 10;

/** Each eigenvalue as a bar from 0 with its residual as error bar: filled where it is settled, hollow where not. */
export function eigenvalueBars(figure: CurvatureFigure): string | undefined {
	const { title, foot, top, bottom, order, noiseFloor, width = WIDTH, look } = figure;
	const shown = [...top, ...bottom.toReversed()];
	if (shown.length === 0) return undefined;
	const scale = scaleFor(shown, noiseFloor ?? 0);
	const ranks = [...top.map((_, i) => `${i + 1}`), ...bottom.map((_, i) => `−${bottom.length - i}`)];
	const said = `${foot} One of the Hessian's eigenvalues lies within each error bar (the residual; one that would be too short to see is left out). ${rankWords(figure)}`;
	return plotFigure({
		...{ title, description: said, foot: [said], width, aspect: ASPECT, inset, look },
		bottom: {
			label: order === "size" ? "rank by size" : "rank",
			ticks: (length) => rankTicks(ranks, length),
		},
		left: { label: withScale("eigenvalue of the Hessian", scale), ticks: scale.ticks(6) },
		legend: legendOf(shown, noiseFloor),
		body(inner, rect) {
			const slot = inner.width / shown.length;
			const y = (value: number) => inner.y + (1 - scale.position(value)) * inner.height;
			const split = inner.x + slot * top.length;
			return [
				top.length > 0 && bottom.length > 0
					? `<path d="M${round(split)} ${round(rect.y)}v${round(rect.height)}" stroke="${ink.faint}" stroke-width="0.9" stroke-dasharray="2 3"/>`
					: "",
				`<path d="M${round(rect.x)} ${round(y(0))}h${round(rect.width)}" stroke="${ink.axis}" stroke-width="0.8"/>`,
				...shown.map((each, i) => bar(each, inner.x + slot * (i + 0.5), slot, y)),
				noiseFloor === null ? "" : floorBand(rect, y(noiseFloor), y(-noiseFloor)),
			];
		},
	});
}

function rankWords({ order, bottom }: CurvatureFigure): string {
	if (order === "size") return "The largest by size, of either sign, come first.";
	return bottom.length === 0
		? "From the largest down."
		: "From the largest down: 1, 2, …; from the lowest up: −1, −2, ….";
}

/** From 0, with room for a number beyond the longest bar; symlog where the shortest would not be seen beside it. */
function scaleFor(shown: readonly Eigenvalue[], noiseFloor: number): ValueScale {
	const reach = shown.flatMap(({ value, residual }) => [value - residual, value + residual]);
	const { kind } = valueScale(shown.map(({ value }) => value));
	const [low, high] = [Math.min(0, ...reach), Math.max(0, ...reach)];
	if (kind === "linear") {
		const room = 0.06 * (high - low);
		return scaleOver("linear", low < 0 ? low - room : 0, high > 0 ? high + room : 0);
	}
	const small = Math.max(noiseFloor, Number.MIN_VALUE);
	return scaleOver(
		"symlog",
		low < -noiseFloor ? 1.8 * low : -noiseFloor,
		high > noiseFloor ? 1.8 * high : noiseFloor,
		small,
	);
}

/** From the middle of a rank's number to that of the next, at least. */
const CLEAR = 30;

/** Ranks under the middles of their bars: all, or every second, fifth, ..., as far as they stand clear of each other. */
function rankTicks(ranks: readonly string[], length: number): Tick[] {
	const slot = length / ranks.length;
	const stride = [1, 2, 5, 10, 20, 50, 100].find((each) => each * slot >= CLEAR) ?? ranks.length;
	const ticks: Tick[] = [];
	for (const [i, label] of ranks.entries()) {
		const rank = Math.abs(Number(label.replace("−", "-")));
		const position = (i + 0.5) / ranks.length;
		const clear = (position - (ticks.at(-1)?.position ?? -1)) * length >= CLEAR;
		if (clear && (rank % stride === 0 || rank === 1)) ticks.push({ value: i, label, position });
	}
	return ticks;
}

function bar(
	{ value, residual, settled }: Eigenvalue,
	middle: number,
	slot: number,
	y: (value: number) => number,
): string {
	const half = Math.min(slot * 0.32, 26);
	const [upper, lower] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
	const cap = Math.min(5, half * 0.6);
	const [high, low] = [y(value + residual), y(value - residual)];
	const number = formatNumber(Number(value.toPrecision(3)));
	const fits = textWidth(number, valueSize) <= slot - 3;
	return [
		`<rect x="${round(middle - half)}" y="${round(upper)}" width="${round(2 * half)}" height="${round(Math.max(0.8, lower - upper))}" ${barStyle(settled)}/>`,
		low - high > 1 ? errorBar(middle, low, high, cap) : "",
		fits
			? drawText(number, middle, value < 0 ? low + 4 + valueSize * 0.75 : high - 4, {
					...{ size: valueSize, anchor: "middle", fill: ink.text, halo: ink.paper },
				})
			: "",
	].join("");
}

function errorBar(x: number, low: number, high: number, cap: number): string {
	const ends = [high, low].map((y) => `M${round(x - cap)} ${round(y)}h${round(2 * cap)}`);
	return `<path d="M${round(x)} ${round(low)}V${round(high)}${ends.join("")}" stroke="${ink.text}" stroke-width="1.2"/>`;
}

function barStyle(settled: boolean): string {
	return settled
		? `fill="${tint}" stroke="${colour}" stroke-width="1.2"`
		: `fill="${ink.paper}" stroke="${colour}" stroke-width="1.2" stroke-dasharray="3 2"`;
}

/** At least as thick as can be seen. */
function floorBand(rect: Rect, upper: number, lower: number): string {
	const height = Math.max(1.6, lower - upper);
	return `<rect x="${round(rect.x)}" y="${round((upper + lower - height) / 2)}" width="${round(rect.width)}" height="${round(height)}" fill="#0072b2" fill-opacity="0.25"/>`;
}

function legendOf(shown: readonly Eigenvalue[], noiseFloor: number | null): LegendEntry[] {
	const box = (settled: boolean) => (x: number, y: number) =>
		`<rect x="${round(x - 5)}" y="${round(y - 5)}" width="10" height="10" ${barStyle(settled)}/>`;
	return [
		...(shown.some(({ settled }) => settled) ? [{ label: "settled", symbol: box(true) }] : []),
		...(shown.some(({ settled }) => !settled) ? [{ label: "not settled", symbol: box(false) }] : []),
		{
			label: "residual",
			symbol: (x, y) => errorBar(x, y + 5.5, y - 5.5, 4),
		},
		...(noiseFloor === null
			? []
			: [
					{
						label: `0 within rounding, ± ${formatNumber(Number(noiseFloor.toPrecision(2)))}`,
						symbol: (x: number, y: number) =>
							`<rect x="${round(x - 9)}" y="${round(y - 5)}" width="18" height="10" fill="#0072b2" fill-opacity="0.25"/>`,
					},
				]),
	];
}
