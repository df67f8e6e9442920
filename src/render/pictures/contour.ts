import { extent } from "d3-array";
import type { Surface } from "../../surface/surface.js";
import { isolines } from "../isolines.js";
import { isSmooth, type PictureOptions } from "../options.js";
import { arrowsLegend, drawArrows } from "../parts/arrows.js";
import { defaultTitle, describe, interpolationNote, provenanceLine } from "../parts/caption.js";
import { against, type Colormap, colormap } from "../parts/colormap.js";
import { type LegendEntry, legendSymbol, type Rect } from "../parts/figure.js";
import { type Frame, planeRanges, spacing } from "../parts/frame.js";
import { drawGridPoints, gridPointsLegend } from "../parts/grid-points.js";
import { heightsOf, refinedHeights } from "../parts/interpolation.js";
import { cutOut, type LineLabel, type Polyline, placeLabels } from "../parts/labels.js";
import { planeLevels } from "../parts/levels.js";
import { drawMarginBands, drawnMargins, marginLegend } from "../parts/margin-bands.js";
import { drawMarks, markBoxes, originLegend } from "../parts/marks.js";
import { drawNoValues, noValueColours, noValueDefinitions, noValueLegend } from "../parts/no-value.js";
import { colourOn, drawPaths, isAtOrigin, pathBoxes, pathsLegend } from "../parts/path.js";
import { planeFigure } from "../parts/plane-figure.js";
import { planeScale, type Tick, type ValueScale, withScale } from "../parts/scale.js";
import { drawText, round, textWidth } from "../parts/text.js";
import { legible, paperOf, tinted } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { constantLabel, constantValue, type DrawnField, drawnField, finiteValues } from "../parts/values.js";

const labelSize = 10.5;

/** Stretches of lines, in user units: on a ring of a radius of 5 the middle of one this long is a quarter of a unit off the arc. */
const STRETCH = 3;
/** Of a grid of very few points no more than these between two, which is a tenth of a page. */
const MOST_STEPS = 64;

/** By what a field becomes lines. */
export interface LineStyle {
	readonly scale: ValueScale;
	/** True traces the surface through the points (see `heightsBetween`), false joins crossings of the edges between them. */
	readonly smooth: boolean;
}

/** What a contour plot shows in its frame, apart from a figure around it. */
interface ContourMap extends Pick<Frame, "xRange" | "yRange"> {
	readonly of: DrawnField;
	readonly scale: ValueScale;
	readonly map: Colormap;
	/** Patterns that the drawing refers to. */
	readonly definitions: string;
	/** What lines and marks stand for, and then points without a value. */
	readonly legend: readonly LegendEntry[];
	readonly noValueLegend: readonly LegendEntry[];
	/** Lines, marks and points without a value; labels keep clear of trainings, which are not drawn. */
	readonly draw: (frame: Frame) => string;
}

/**
 * The contour lines of a surface with two axes.
 *
 * @throws {OptionError} for a surface of one axis, an unknown scale or colour map, a log scale over values not above 0
 */
export function contourMap(surface: Surface, field: string, options: PictureOptions): ContourMap {
	const of = drawnField(surface, field);
	const { marks = [] } = options;
	const smooth = isSmooth(options);
	const scale = planeScale(of.spec, finiteValues(of), options.scale);
	const map = colormap(options.colormap);
	const colours = noValueColours(map, paperOf(options), tinted);
	const levels = planeLevels(of, scale, options.levels);
	const ranges = planeRanges(of, false);
	const margins = drawnMargins(surface, of);
	const lineColour = (position: number) => legible(map(position));
	return {
		...ranges,
		of,
		scale,
		map,
		definitions: noValueDefinitions([of]),
		legend: [
			...linesLegend(of, scale, map),
			...(margins === null ? [] : [marginLegend(lineColour(0.5))]),
			...(isAtOrigin(surface) ? [] : originLegend(ranges, marks)),
			...(options.arrows ? arrowsLegend(surface) : []),
			...(options.points ? gridPointsLegend(surface) : []),
		],
		noValueLegend: noValueLegend([of], colours),
		draw(frame) {
			const paths = pathBoxes(surface, frame);
			const taken = [...markBoxes(frame, marks, paths), ...paths];
			const lines = drawLabelledIsolines(of, frame, { scale, smooth }, levels, taken, lineColour);
			const banded = margins && { of, margins, scale, steps: stepsOf(of, frame, smooth) };
			return [
				drawNoValues(of, frame, colours),
				...(banded === null ? [] : [drawMarginBands(banded, frame, levels, lineColour)]),
				...(options.points ? [drawGridPoints(surface, frame)] : []),
				lines.svg,
				...(options.arrows ? [drawArrows(surface, frame, [...taken, ...lines.labels])] : []),
				drawMarks(frame, marks, !isAtOrigin(surface), paths),
			].join("\n");
		},
	};
}

/**
 * A contour plot of a surface with two axes, as an SVG document.
 *
 * @throws {OptionError} for a surface of one axis, an unknown scale or colour map, a log scale over values not above 0
 */
export async function contour(surface: Surface, field: string, options: PictureOptions = {}): Promise<string> {
	const { of, scale, map, draw, ...contours } = contourMap(surface, field, options);
	const { title = defaultTitle(surface, [of.spec]), width = 600 } = options;
	return planeFigure({
		...contours,
		look: options,
		axisLabels: surface.provenance.axisLabels,
		title,
		width,
		description: describe(surface, `Contour lines of the ${of.spec.label}`, [of.spec]),
		foot: [[provenanceLine(surface), ...interpolationNote(of, isSmooth(options))].join(" · ")],
		legend: [...contours.legend, ...pathsLegend(surface, true), ...contours.noValueLegend],
		panels: [
			{
				draw: (frame) =>
					[draw(frame), ...(surface.trajectories ? [drawPaths(surface, frame, colourOn(scale, map))] : [])].join("\n"),
			},
		],
	});
}

/** What the lines stand for, unless there can be none. */
function linesLegend(of: DrawnField, scale: ValueScale, map: Colormap): LegendEntry[] {
	if (finiteValues(of).length === 0) return [];
	const constant = constantValue(of);
	if (constant !== null) return [{ label: constantLabel(of, constant), symbol: () => "" }];
	const steps = [0, 0.25, 0.5, 0.75, 1];
	const length = legendSymbol.width / steps.length;
	const symbol = (x: number, y: number) =>
		steps
			.map((step, i) => {
				const from = round(x - legendSymbol.width / 2 + i * length);
				return `<path d="M${from} ${round(y)}h${round(length)}" stroke="${legible(map(step))}" stroke-width="1.6"/>`;
			})
			.join("");
	const range = `${of.label}, ${formatNumber(scale.min)} to ${formatNumber(scale.max)}`;
	return [{ label: withScale(range, scale), symbol }];
}

/** A field's lines at levels, one list a level, in the figure's coordinates. */
function linesAt(of: DrawnField, frame: Frame, style: LineStyle, levels: readonly Tick[]): Polyline[][] {
	const y = of.y;
	if (y === null) return [];
	const heights = heightsOf(of, style.scale.position);
	const [across, down] = stepsOf(of, frame, style.smooth);
	const traced = across * down === 1 ? heights : refinedHeights(heights, across, down);
	const place = (coordinate: number, i: number) =>
		i % 2 === 0
			? frame.toX(of.x.min + (coordinate / across) * spacing(of.x))
			: frame.toY(y.min + (coordinate / down) * spacing(y));
	return levels.map(({ position }) =>
		isolines(traced, position)
			.map((line) => line.map(place))
			.filter(visible),
	);
}

/** Places between two points of a plane, across and down. */
function stepsOf({ x, y }: DrawnField, frame: Frame, smooth: boolean): [number, number] {
	if (!smooth || y === null) return [1, 1];
	return [
		stepsBetween(Math.abs(frame.toX(spacing(x)) - frame.toX(0))),
		stepsBetween(Math.abs(frame.toY(spacing(y)) - frame.toY(0))),
	];
}

/** How many straight stretches a line between two points so far apart is made of, at least. */
function stepsBetween(length: number): number {
	return Math.min(MOST_STEPS, Math.max(1, Math.ceil(length / STRETCH)));
}

/** Whether a line is more than a speck, such as one around the tip of a corner. */
function visible(points: Polyline): boolean {
	const size = (offset: number) => {
		const [low = 0, high = 0] = extent(points.filter((_, i) => i % 2 === offset));
		return high - low;
	};
	return size(0) > 2 || size(1) > 2;
}

/** Thin lines over a picture, black on light and white on dark. */
export function drawIsolines(
	of: DrawnField,
	frame: Frame,
	style: LineStyle & { readonly map: Colormap },
	levels: readonly Tick[],
): string {
	// At the highest value there is nothing above: a line would trace the points of a plateau, such as an accuracy of 100 %.
	const below = levels.filter(({ value }) => value < style.scale.max);
	const lines = linesAt(of, frame, style, below);
	return below
		.map(({ position }, i) => {
			const data = (lines[i] ?? []).map(pathData).join("");
			const colour = against(style.map(position));
			return data === ""
				? ""
				: `<path d="${data}" fill="none" stroke="${colour}" stroke-opacity="0.7" stroke-width="0.7" stroke-linejoin="round"/>`;
		})
		.join("\n");
}

/** Thin lines in the colours of their levels, of one surface among several. */
export function drawPlainIsolines(
	of: DrawnField,
	frame: Frame,
	style: LineStyle,
	levels: readonly Tick[],
	lineColour: (position: number) => string,
): string {
	const lines = linesAt(of, frame, style, levels);
	return levels
		.map(({ position }, i) => {
			const data = (lines[i] ?? []).map(pathData).join("");
			if (data === "") return "";
			return `<path d="${data}" fill="none" stroke="${lineColour(position)}" stroke-opacity="0.6" stroke-width="0.9" stroke-linejoin="round"/>`;
		})
		.filter((part) => part !== "")
		.join("\n");
}

/** Lines in colours by their levels' positions on the scale, each labelled with its value in a gap, where there is room; and the labels' rooms. */
export function drawLabelledIsolines(
	of: DrawnField,
	frame: Frame,
	style: LineStyle,
	levels: readonly Tick[],
	clear: readonly Rect[],
	lineColour: (position: number) => string,
	width = 1.1,
): { readonly svg: string; readonly labels: readonly Rect[] } {
	const traced = linesAt(of, frame, style, levels);
	const lines = levels.flatMap((level, i) => (traced[i] ?? []).map((points) => ({ points, text: level.label, level })));
	const labels = placeLabels(lines, frame, labelSize, clear);
	const svg = levels
		.map((level) => {
			const colour = lineColour(level.position);
			const own: LineLabel[] = [];
			const data = lines.map((line, index) => {
				if (line.level !== level) return "";
				const label = labels.find((each) => each.line === index);
				if (label !== undefined) own.push(label);
				return (label === undefined ? [line.points] : cutOut(line.points, label)).map(pathData).join("");
			});
			const words = own.map(({ text, x, y, angle }) =>
				drawText(text, x, y, { size: labelSize, anchor: "middle", middle: true, rotate: angle, fill: colour }),
			);
			const path = data.join("");
			return path === ""
				? ""
				: `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>\n${words.join("\n")}`;
		})
		.filter((part) => part !== "")
		.join("\n");
	return { svg, labels: labels.map(roomOf) };
}

/** The upright rectangle around a label and a little room, however it is turned. */
function roomOf({ text, x, y, angle }: LineLabel): Rect {
	const turn = (angle * Math.PI) / 180;
	const [long, high] = [textWidth(text, labelSize) + 4, labelSize + 4];
	const width = long * Math.abs(Math.cos(turn)) + high * Math.abs(Math.sin(turn));
	const height = long * Math.abs(Math.sin(turn)) + high * Math.abs(Math.cos(turn));
	return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Path data of a line; points closer than a tenth of a unit to the one before are left out, and rings closed. */
function pathData(points: Polyline): string {
	let data = "";
	let [lastX, lastY] = [Number.NaN, Number.NaN];
	const end = points.length - 2;
	const ring = end > 2 && points[0] === points[end] && points[1] === points[end + 1];
	for (let i = 0; i <= end; i += 2) {
		const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0];
		if (Math.hypot(x - lastX, y - lastY) < 0.1 && i < end) continue;
		if (ring && i === end) return `${data}z`;
		data += `${data === "" ? "M" : "L"}${round(x)} ${round(y)}`;
		[lastX, lastY] = [x, y];
	}
	return data;
}
