import type { Surface } from "../../surface/surface.js";
import { isSmooth, type PictureOptions } from "../options.js";
import { defaultTitle, describe, interpolationNote, provenanceLine } from "../parts/caption.js";
import { colormap } from "../parts/colormap.js";
import { type LegendEntry, legendSymbol } from "../parts/figure.js";
import { planeRanges } from "../parts/frame.js";
import { planeLevels } from "../parts/levels.js";
import { drawMarks, markBoxes, originLegend } from "../parts/marks.js";
import { planeFigure } from "../parts/plane-figure.js";
import { planeScale, type Tick } from "../parts/scale.js";
import { round } from "../parts/text.js";
import { legible } from "../parts/theme.js";
import { drawnField, finiteValues } from "../parts/values.js";
import type { Drawing } from "../picture.js";
import { drawLabelledIsolines, drawPlainIsolines } from "./contour.js";

/** With more levels the lines of one can't be told from those of the next. */
const MOST_LEVELS = 5;

/**
 * The contour lines of every surface of an ensemble at a few levels, thin, and those of their mean, thick and labelled: where they run
 * together all agree on the line, where they fan out it depends on the directions.
 */
export async function ensembleLines(
	members: readonly Surface[],
	mean: Surface,
	field: string,
	options: PictureOptions,
): Promise<Drawing> {
	const of = drawnField(mean, field);
	const others = members.map((surface) => drawnField(surface, field));
	const scale = planeScale(
		of.spec,
		[of, ...others].flatMap((each) => [...finiteValues(each)]),
		options.scale,
	);
	const map = colormap(options.colormap);
	const smooth = isSmooth(options);
	const levels = few(planeLevels(of, planeScale(of.spec, finiteValues(of), options.scale), options.levels)).map(
		(tick) => ({
			...tick,
			position: scale.position(tick.value),
		}),
	);
	const colour = (position: number) => legible(map(position));
	const { title = `${defaultTitle(mean, [of.spec])}, ${members.length} pairs of directions`, marks = [] } = options;
	const ranges = planeRanges(of, false);
	const description = describe(mean, `Contour lines of ${members.length} surfaces and of the ${of.spec.label}`, [
		of.spec,
	]);
	const svg = await planeFigure({
		...ranges,
		look: options,
		title,
		width: options.width ?? 600,
		description,
		foot: [[provenanceLine(mean), ...interpolationNote(of, smooth)].join(" · ")],
		legend: [...linesLegend(members.length, colour(0.5)), ...originLegend(ranges, marks)],
		panels: [
			{
				draw(frame) {
					const lines = drawLabelledIsolines(
						of,
						frame,
						{ scale, smooth },
						levels,
						markBoxes(frame, marks, []),
						colour,
						2.2,
					);
					return [
						...others.map((each) => drawPlainIsolines(each, frame, { scale, smooth }, levels, colour)),
						lines.svg,
						drawMarks(frame, marks, true, []),
					].join("\n");
				},
			},
		],
	});
	return { svg, title, description };
}

/** Evenly chosen of many, the first among them. */
function few(levels: readonly Tick[]): Tick[] {
	const every = Math.ceil(levels.length / MOST_LEVELS);
	return levels.filter((_, i) => i % every === 0);
}

function linesLegend(count: number, colour: string): LegendEntry[] {
	const line = (width: number, opacity: number) => (x: number, y: number) =>
		`<path d="M${round(x - legendSymbol.width / 2)} ${round(y)}h${legendSymbol.width}" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}"/>`;
	return [
		{ label: `each of ${count} pairs of directions`, symbol: line(0.9, 0.6) },
		{ label: "their mean", symbol: line(2.2, 1) },
	];
}
