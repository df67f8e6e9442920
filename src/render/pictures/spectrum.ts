import { fittingTicks, type LegendEntry } from "../parts/figure.js";
import { plotFigure } from "../parts/plot.js";
import { scaleOver } from "../parts/scale.js";
import { round } from "../parts/text.js";
import { lineColour } from "../parts/theme.js";
import { ASPECT, type CurvatureFigure, inset, WIDTH } from "./curvature-figure.js";

/** Blue and vermilion of Okabe and Ito's palette. */
const [densityColour, settledColour, openColour] = [lineColour("#0072b2"), lineColour("#d55e00"), "#999999"];

/** Eigenvalues per unit, on a logarithmic axis: the bulk at 0 is millions, an outlier is one. */
export function spectrum({
	title,
	foot,
	parameters,
	density,
	top,
	bottom,
	width = WIDTH,
	look,
}: CurvatureFigure): string | undefined {
	if (density === null) return undefined;
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
	const said = `${foot} Density by ${density.probes.length} probes; Gaussians of a deviation of ${density.width.toPrecision(2)} stand for the eigenvalues found.`;
	return plotFigure({
		...{ title, description: said, foot: [said], width, aspect: ASPECT, inset, look },
		bottom: {
			label: "eigenvalue of the Hessian",
			ticks: (length) => fittingTicks((count) => across.ticks(count), 8, length),
		},
		left: { label: "eigenvalues per unit (log scale)", ticks: scale.ticks(6) },
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
			];
		},
	});
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
