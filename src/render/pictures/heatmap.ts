import { mainField, type Surface } from "../../surface/surface.js";
import { isSmooth, type PictureOptions } from "../options.js";
import { arrowsLegend, drawArrows } from "../parts/arrows.js";
import { defaultTitle, describe, interpolationNote, provenanceLine } from "../parts/caption.js";
import { type CellStyle, drawCells } from "../parts/cells.js";
import { type Colormap, colormap } from "../parts/colormap.js";
import { colourBar } from "../parts/colour-bar.js";
import type { LegendEntry, Rect } from "../parts/figure.js";
import { type Frame, frameAspect, planeRanges } from "../parts/frame.js";
import { drawGridPoints, gridPointsLegend } from "../parts/grid-points.js";
import { planeLevels } from "../parts/levels.js";
import { drawMarks, type Mark, markBoxes, originLegend } from "../parts/marks.js";
import {
	drawNoValues,
	type NoValueColours,
	noValueColours,
	noValueDefinitions,
	noValueLegend,
	swatch,
} from "../parts/no-value.js";
import { colourOn, drawPaths, isAtOrigin, pathBoxes, pathsLegend, uncoloured } from "../parts/path.js";
import { aboutWide, planeFigure, upTicks } from "../parts/plane-figure.js";
import { planeScale, type Tick, type ValueScale, withScale } from "../parts/scale.js";
import { pixelRatioOf } from "../parts/size.js";
import { paperOf } from "../parts/theme.js";
import { constantLabel, constantValue, type DrawnField, drawnField, finiteValues } from "../parts/values.js";
import { drawIsolines } from "./contour.js";

interface HeatmapOptions extends PictureOptions {
	/** Thin lines at round values, or those named. True by default. */
	readonly lines?: boolean;
	/** A scale to share with other pictures, in place of one over this surface's values. */
	readonly shared?: ValueScale;
}

/**
 * A heat map of a surface with two axes, as an SVG document with the cells as an image inside.
 *
 * Between the points it is the surface of `heightsBetween`, and the frame ends at the outermost of them. With `cells` each point is
 * the middle of its cell, so the frame reaches half a cell beyond.
 *
 * @throws {OptionError} for a surface of one axis, an unknown scale or colour map, a log scale over values not above 0
 */
export async function heatmap(surface: Surface, field: string, options: HeatmapOptions = {}): Promise<string> {
	const of = drawnField(surface, field);
	const isMain = field === mainField(surface).name;
	const { title = defaultTitle(surface, [of.spec]), marks = [], width = 600 } = options;
	const { lines = true } = options;
	const smooth = isSmooth(options);
	const values = finiteValues(of);
	const scale = options.shared ?? planeScale(of.spec, values, options.scale);
	const map = colormap(options.colormap);
	const colours = noValueColours(map, paperOf(options));
	const ranges = planeRanges(of, !smooth);
	const ticks = scale.ticks(upTicks(aboutWide(width) * frameAspect(ranges)));
	// Levels are named for the main field; they say nothing of others.
	const levels = lines ? planeLevels(of, scale, isMain ? options.levels : undefined) : [];
	return planeFigure({
		...ranges,
		look: options,
		axisLabels: surface.provenance.axisLabels,
		title,
		width,
		description: describe(surface, `Heat map of the ${of.spec.label}`, [of.spec]),
		foot: [[provenanceLine(surface), ...interpolationNote(of, smooth)].join(" · ")],
		definitions: noValueDefinitions([of]),
		legend: [
			...constantLegend(of, scale, map),
			...(isAtOrigin(surface) ? [] : originLegend(ranges, marks)),
			...(options.arrows ? arrowsLegend(surface) : []),
			...(options.points ? gridPointsLegend(surface) : []),
			...pathsLegend(surface, isMain),
			...noValueLegend([of], colours),
		],
		...(values.length > 0 &&
			(options.shared !== undefined || constantValue(of) === null) && {
				beside: colourBar({ map, ticks, label: withScale(of.label, scale), levels }),
			}),
		panels: [
			{
				draw: (frame) =>
					drawHeat(of, frame, {
						...{ scale, map, smooth, pixelRatio: pixelRatioOf(options), colours, levels, marks },
						...(options.points && { points: drawGridPoints(surface, frame) }),
						...(options.arrows && {
							over: drawArrows(surface, frame, [
								...markBoxes(frame, marks, pathBoxes(surface, frame)),
								...pathBoxes(surface, frame),
							]),
						}),
						...(surface.trajectories && {
							taken: pathBoxes(surface, frame),
							above: drawPaths(surface, frame, isMain ? colourOn(scale, map) : uncoloured),
						}),
					}),
			},
		],
	});
}

/** How a field becomes a heat map. */
export interface HeatStyle extends CellStyle {
	readonly colours: NoValueColours;
	/** Where thin lines are drawn. */
	readonly levels: readonly Tick[];
	readonly marks: readonly Mark[];
	/** Whether the origin has a cross where no mark stands there; it has where nothing is said. */
	readonly showsOrigin?: boolean;
	/** What names of marks keep clear of besides. */
	readonly taken?: readonly Rect[];
	/** Dots under all that is drawn over the cells. */
	readonly points?: string;
	/** What else is drawn over the cells, such as arrows. */
	readonly over?: string;
	/** And over the marks, such as trainings. */
	readonly above?: string;
}

/** What stands in the frame of a heat map: cells, thin lines, marks. */
export async function drawHeat(of: DrawnField, frame: Frame, style: HeatStyle): Promise<string> {
	return [
		drawNoValues(of, frame, style.colours),
		await drawCells(of, frame, style),
		drawIsolines(of, frame, style, style.levels),
		style.points ?? "",
		style.over ?? "",
		drawMarks(frame, style.marks, style.showsOrigin, style.taken),
		style.above ?? "",
	]
		.filter((part) => part !== "")
		.join("\n");
}

/** One colour needs no bar: its value, where all points have the same. */
function constantLegend(of: DrawnField, scale: ValueScale, map: Colormap): LegendEntry[] {
	const value = constantValue(of);
	if (value === null) return [];
	return [{ label: constantLabel(of, value), symbol: swatch(map(scale.position(value))) }];
}
