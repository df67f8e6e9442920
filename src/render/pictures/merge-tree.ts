import { fittingTicks } from "../parts/figure.js";
import { plotFigure } from "../parts/plot.js";
import { withScale } from "../parts/scale.js";
import { drawText, round } from "../parts/text.js";
import { ink } from "../parts/theme.js";
import type { Drawing } from "../picture.js";
import {
	type DrawnMinimum,
	drawnTopology,
	faintColour,
	lasts,
	minimaLegend,
	noiseColour,
	significantColour,
	type TopologyFigure,
} from "./topology-figure.js";

const [ASPECT, SIZE] = [0.62, 10.5];

/**
 * The merge tree of a field's sublevel sets: upright from each minimum to the saddle at which it meets a lower one, whose line goes on;
 * heights are values. Nothing is said by the order along the horizontal: lines do not cross in it.
 */
export function mergeTreeFigure(figure: TopologyFigure): Drawing {
	const drawn = drawnTopology(figure);
	const { of, scale, minima, title, description, foot } = drawn;
	const { topology, width = 600, look } = figure;
	const order = uncrossed(minima);
	const placeOf = new Map(order.map((number, place) => [number, place]));
	const svg = plotFigure({
		...{ title, description: `Merge tree: ${description}`, foot: [foot], width, aspect: ASPECT, look },
		inset: { sideways: 16, upright: 24 },
		bottom: { label: "minima (their order says nothing)", ticks: () => [] },
		left: {
			label: withScale(of.label, scale),
			ticks: fittingTicks((count) => scale.ticks(count), 8, width * ASPECT),
		},
		legend: minimaLegend(drawn, topology),
		body(inner) {
			const step = inner.width / minima.length;
			const x = (number: number) => inner.x + ((placeOf.get(number) ?? 0) + 0.5) * step;
			const y = (value: number) =>
				inner.y + (1 - Math.min(1, Math.max(0, scale.position(Math.min(value, scale.max))))) * inner.height;
			const ground = Math.min(14, step * 0.8);
			const line = (i: number, pair: DrawnMinimum) => {
				const { birth, death, significant, into } = pair;
				const across = into === null ? "" : `H${round(x(into))}`;
				const top = lasts(pair) ? inner.y - 12 : y(death);
				const stroke = significant
					? `stroke="${significantColour}" stroke-width="1.9"`
					: `stroke="${faintColour}" stroke-width="0.8"`;
				return `<path d="M${round(x(i))} ${round(y(birth))}V${round(top)}${across}" fill="none" ${stroke} stroke-linejoin="round"/>${into === null ? arrow(x(i), top, significant ? significantColour : faintColour) : ""}`;
			};
			const numbered = [...minima.entries()];
			const parts = (significant: boolean) => numbered.filter(([, pair]) => pair.significant === significant);
			return [
				...numbered.map(
					([i, { birth, noise }]) =>
						`<rect x="${round(x(i) - ground / 2)}" y="${round(y(noise))}" width="${round(ground)}" height="${round(y(birth) - y(noise))}" fill="${noiseColour}"/>`,
				),
				...parts(false).map(([i, pair]) => line(i, pair)),
				// Those that go on last, over the ends of what meets them.
				...parts(true)
					.toReversed()
					.map(([i, pair]) => line(i, pair)),
				...parts(true).map(([i, { birth, name }]) =>
					[
						`<circle cx="${round(x(i))}" cy="${round(y(birth))}" r="3" fill="${significantColour}"/>`,
						drawText(name, x(i), y(birth) + 12, { size: SIZE, anchor: "middle", middle: true, fill: ink.text }),
					].join(""),
				),
			];
		},
	});
	return { svg, title, description };
}

function arrow(x: number, y: number, colour: string): string {
	return `<path d="M${round(x)} ${round(y - 6)}l-4 8h8z" fill="${colour}"/>`;
}

/**
 * An order of branches in which no line to where a branch meets another crosses a third: what meets a branch lies on both sides of it
 * in turn, the sooner it meets it the nearer, with all that meets it in turn in between.
 */
function uncrossed(minima: readonly DrawnMinimum[]): number[] {
	const meeting = new Map<number | null, number[]>();
	for (const [number, { into }] of minima.entries()) meeting.set(into, [...(meeting.get(into) ?? []), number]);
	const laidOut = (number: number): number[] => {
		const sides: [number[], number[]] = [[], []];
		const soonest = (meeting.get(number) ?? []).toSorted((a, b) => (minima[a]?.death ?? 0) - (minima[b]?.death ?? 0));
		for (const [i, child] of soonest.entries()) {
			if (i % 2 === 0) sides[1].push(...laidOut(child));
			else sides[0].unshift(...laidOut(child));
		}
		return [...sides[0], number, ...sides[1]];
	};
	return (meeting.get(null) ?? []).flatMap(laidOut);
}
