import { fittingTicks, type } from "../parts/figure.js";
import { plotFigure } from "../parts/plot.js";
import { withScale } from "../parts/scale.js";
import { drawText, round, textWidth } from "../parts/text.js";
import { ink } from "../parts/theme.js";
import type { Drawing } from "../picture.js";
import {
	drawnTopology,
	faintColour,
	lasts,
	minimaLegend,
	noiseColour,
	significantColour,
	type TopologyFigure,
} from "./topology-figure.js";

/** A bar's room in user units: of few bars, and the least that shows as one. */
const [ROOMY, LEAST] = [20, 2];
/** Numbers in less room than this can't be read. */
const SMALL = 7.5;
/** The frame's height, in user units, within these bounds. */
const [LOW, HIGH] = [90, 380];

/**
 * The barcode of a field's minima: a bar from the value at which each is born to the one at which it meets a lower one, the most
 * persistent above; bars that never end have an arrow.
 */
export function barcode(figure: TopologyFigure): Drawing {
	const drawn = drawnTopology(figure);
	const { of, scale, minima, title, description, foot } = drawn;
	const { topology, width = 600, look } = figure;
	const inset = { sideways: 14, upright: 10 };
	const room = Math.min(ROOMY, Math.max(LEAST, (HIGH - 2 * inset.upright) / minima.length));
	const height = Math.max(LOW, minima.length * room + 2 * inset.upright);
	const svg = plotFigure({
		...{ title, description: `Barcode: ${description}`, foot: [foot], width, inset, look },
		aspect: height / (width - 46),
		bottom: {
			label: withScale(of.label, scale),
			ticks: (length) => fittingTicks((count) => scale.ticks(count), 8, length),
		},
		left: { label: axisName(height), ticks: [] },
		legend: minimaLegend(drawn, topology),
		body(inner) {
			const step = inner.height / minima.length;
			const x = (value: number) =>
				inner.x + Math.min(1, Math.max(0, scale.position(Math.min(value, scale.max)))) * inner.width;
			const middle = (i: number) => inner.y + (i + 0.5) * step;
			const thick = Math.min(5, step * 0.6);
			return minima.flatMap((pair, i) => {
				const { birth, death, noise, significant, name } = pair;
				const [from, to] = [x(birth), lasts(pair) ? inner.x + inner.width : x(death)];
				const colour = significant ? significantColour : faintColour;
				const y = middle(i);
				return [
					`<rect x="${round(from)}" y="${round(y - Math.min(step * 0.45, 8))}" width="${round(x(noise) - from)}" height="${round(Math.min(step * 0.9, 16))}" fill="${noiseColour}"/>`,
					`<path d="M${round(from)} ${round(y)}H${round(Math.max(to, from + 0.6))}" stroke="${colour}" stroke-width="${round(significant ? thick : thick / 2)}"/>`,
					lasts(pair) ? arrow(to, y, colour) : "",
					step < SMALL
						? ""
						: drawText(name, from - 5, y, {
								size: Math.min(9.5, step),
								anchor: "end",
								middle: true,
								fill: ink.text,
								halo: ink.halo,
							}),
				].filter((part) => part !== "");
			});
		},
	});
	return { svg, title, description };
}

/** As much as there is room for. */
function axisName(height: number): string {
	const whole = "minima, most persistent first";
	return textWidth(whole, type.label) < height ? whole : "minima";
}

function arrow(x: number, y: number, colour: string): string {
	return `<path d="M${round(x + 9)} ${round(y)}l-10 -4.5v9z" fill="${colour}"/>`;
}
