import type { SecantCurve, SecantPoint } from "../../curvature/secant.js";
import { fittingTicks, type LegendEntry, type Rect } from "../parts/figure.js";
import { colourOf } from "../parts/palette.js";
import { plotFigure } from "../parts/plot.js";
import { scaleOver, type ValueScale, valueScale, withScale } from "../parts/scale.js";
import { round } from "../parts/text.js";
import { ink } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { ASPECT, type CurvatureFigure, inset, WIDTH } from "./curvature-figure.js";

/** As many as there are colours. */
const MOST_CURVES = 7;

/** Curvature over steps of all sizes along eigenvectors, beside the eigenvalues, and what rounding leaves uncertain of it. */
export function secantCurves({ title, foot, secant, width = WIDTH, look }: CurvatureFigure): string | undefined {
	if (secant === null || secant.curves.length === 0) return undefined;
	const curves = secant.curves.slice(0, MOST_CURVES);
	const rest = secant.curves.length - curves.length;
	const steps = curves.flatMap(({ points }) => points.map(({ step }) => step));
	const across = scaleOver("log", Math.min(...steps), Math.max(...steps));
	const scale = scaleFor(curves);
	const said = `${foot} Secant curvature, (L(θ + hv) − 2 L(θ) + L(θ − hv)) / h², along unit eigenvectors v; dashed: the eigenvalue, the curvature at h → 0 where the loss is smooth. Rounding moves a loss by up to ${formatNumber(Number(secant.noise.toPrecision(2)))} of itself.${rest > 0 ? ` ${rest} further eigenvectors are in secant.csv.` : ""}`;
	return plotFigure({
		...{ title, description: said, foot: [said], width, aspect: ASPECT, inset, look },
		bottom: {
			label: "step h along the eigenvector (log scale)",
			ticks: (length) => fittingTicks((count) => across.ticks(count), 8, length),
		},
		left: { label: withScale("secant curvature", scale), ticks: scale.ticks(6) },
		legend: legendOf(curves),
		body(inner, rect) {
			const x = (step: number) => inner.x + across.position(step) * inner.width;
			const y = (value: number) => heightOf(value, scale, inner, rect);
			return [
				...curves.map((curve, i) => roundingBand(curve, colourOf(i), x, y)),
				...curves.map(
					({ eigenvalue }, i) =>
						`<path d="M${round(rect.x)} ${round(y(eigenvalue.value))}h${round(rect.width)}" stroke="${colourOf(i)}" stroke-width="1.1" stroke-dasharray="5 3"/>`,
				),
				...curves.map((curve, i) => drawCurve(curve, colourOf(i), x, y)).toReversed(),
			];
		},
	});
}

const isShown = ({ value, lost }: SecantPoint) => !lost && Number.isFinite(value);

/** Over what is drawn; logarithmic where all is above 0 and more than a decade, for both the eigenvalues and what kinks add to be seen. */
function scaleFor(curves: readonly SecantCurve[]): ValueScale {
	const values = curves.flatMap(({ eigenvalue, points }) => [
		eigenvalue.value,
		...points.filter(isShown).flatMap(({ value, rounding }) =>
			// An error bar has its place as long as it does not crowd out the rest.
			rounding < Math.abs(value) / 4 ? [value - rounding, value + rounding] : [value],
		),
	]);
	const [min, max] = [Math.min(...values), Math.max(...values)];
	if (min > 0 && max / min > 10) return valueScale(values, "log");
	const scale = valueScale(values);
	// A quadratic's values are all alike: what separates them is rounding, which no axis should blow up.
	const least = 0.1 * Math.max(Math.abs(min), Math.abs(max));
	if (scale.kind !== "linear" || max - min >= least) return scale;
	return scaleOver("linear", (min + max - least) / 2, (min + max + least) / 2);
}

/** What lies beyond the axis stands at the frame's edge. */
function heightOf(value: number, scale: ValueScale, inner: Rect, rect: Rect): number {
	const bottom = rect.y + rect.height;
	if (scale.kind === "log" && value <= 0) return bottom;
	return Math.min(bottom, Math.max(rect.y, inner.y + (1 - scale.position(value)) * inner.height));
}

type Place = (value: number) => number;

/** Where the rounding of three losses may put the eigenvalue itself. */
function roundingBand({ eigenvalue, points }: SecantCurve, colour: string, x: Place, y: Place): string {
	const edge = (sign: number) =>
		points.map(({ step, rounding }) => `${round(x(step))} ${round(y(eigenvalue.value + sign * rounding))}`);
	return `<path d="M${edge(1).join("L")}L${edge(-1).toReversed().join("L")}Z" fill="${colour}" fill-opacity="0.13"/>`;
}

/** Points joined where neighbours are both there, with what rounding may have done to each where it can be seen. */
function drawCurve({ points }: SecantCurve, colour: string, x: Place, y: Place): string {
	const path = points.map((point, i) => {
		if (!isShown(point)) return "";
		const before = points[i - 1];
		const joined = before !== undefined && isShown(before);
		return `${joined ? "L" : "M"}${round(x(point.step))} ${round(y(point.value))}`;
	});
	const shown = points.filter(isShown);
	const bars = shown.map(({ step, value, rounding }) => {
		const [low, high] = [y(value - rounding), y(value + rounding)];
		return low - high < 8 ? "" : `M${round(x(step))} ${round(low)}V${round(high)}`;
	});
	return [
		`<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"/>`,
		`<path d="${bars.join("")}" stroke="${colour}" stroke-width="1.1"/>`,
		...shown.map(({ step, value }) => dot(x(step), y(value), colour)),
	].join("\n");
}

function dot(x: number, y: number, colour: string): string {
	return `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${ink.paper}" stroke="${colour}" stroke-width="1.5"/>`;
}

function legendOf(curves: readonly SecantCurve[]): LegendEntry[] {
	const lost = curves.reduce((sum, { points }) => sum + points.filter((point) => !isShown(point)).length, 0);
	const along = curves.map(({ eigenvalue }, i): LegendEntry => {
		const colour = colourOf(i);
		return {
			label: `eigenvector ${i + 1}, λ = ${formatNumber(Number(eigenvalue.value.toPrecision(4)))}`,
			symbol: (x, y) =>
				`<path d="M${round(x - 9)} ${round(y)}h18" stroke="${colour}" stroke-width="1.6"/>${dot(x, y, colour)}`,
		};
	});
	return [
		...along,
		{
			label: "eigenvalue λ",
			symbol: (x, y) =>
				`<path d="M${round(x - 9)} ${round(y)}h18" stroke="${ink.text}" stroke-width="1.1" stroke-dasharray="5 3"/>`,
		},
		{
			label: "λ ± rounding of the losses",
			symbol: (x, y) =>
				`<rect x="${round(x - 9)}" y="${round(y - 5)}" width="18" height="10" fill="${ink.text}" fill-opacity="0.13"/>`,
		},
		...(lost === 0
			? []
			: [{ label: `lost in rounding, not drawn: ${lost} ${lost === 1 ? "point" : "points"}`, symbol: cross }]),
	];
}

function cross(x: number, y: number): string {
	return `<path d="M${round(x - 3.5)} ${round(y - 3.5)}l7 7m0-7l-7 7" stroke="${ink.faint}" stroke-width="1.3"/>`;
}
