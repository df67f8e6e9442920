import type { Axis, Metric, Surface } from "../surface.js";
import { defaultTitle, describe, provenanceLine } from "./caption.js";
import { type Colormap, colormap, colourTable, tableIndex } from "./colormap.js";
import { drawIsolines } from "./contour.js";
import { constantLabel, constantValue, type Field, field, finiteValues } from "./field.js";
import type { LegendEntry } from "./figure.js";
import { rgbaToPng } from "./image.js";
import { drawMarks, type Mark, originLegend } from "./marks.js";
import { drawNoValues, noValueColours, noValueLegend, swatch } from "./novalues.js";
import { type Frame, frameAspect, planeFigure, planeRanges, spacing, upTicks } from "./plane.js";
import { type ScaleName, type ValueScale, valueScale, withScale } from "./scale.js";
import { round } from "./text.js";

export interface HeatmapOptions {
	readonly metric?: Metric;
	readonly scale?: ScaleName;
	readonly colormap?: string;
	readonly title?: string;
	readonly marks?: readonly Mark[];
	/** In user units. */
	readonly width?: number;
	/** False, the default, fills the cell around each point with its colour; true blends between the points. */
	readonly smooth?: boolean;
	/** Thin lines at the colour bar's ticks. True by default. */
	readonly lines?: boolean;
	/** Pixels of the image a user unit; as the PNG that is made of the document. */
	readonly pixelRatio?: number;
	/** A scale to share with other pictures, in place of one over this surface's values. */
	readonly shared?: ValueScale;
}

/**
 * A heat map of a surface with two axes, as an SVG document with the cells as an image inside.
 *
 * Each computed point is the middle of its cell, so the frame reaches half a cell beyond the outermost points; with
 * `smooth` it ends at them, because there is nothing to blend with beyond.
 *
 * @throws {OptionError} for a surface of one axis, an unknown scale or colour map, a log scale over values not above 0
 */
export async function heatmap(surface: Surface, options: HeatmapOptions = {}): Promise<string> {
	const { metric = "loss", title = defaultTitle(surface, metric), marks = [], width = 600 } = options;
	const { smooth = false, lines = true, pixelRatio = 2 } = options;
	const of = field(surface, metric);
	const values = finiteValues(of);
	const scale = options.shared ?? valueScale(values, metric === "loss" ? options.scale : "linear");
	const map = colormap(options.colormap);
	const colours = noValueColours(map);
	const ranges = planeRanges(of, !smooth);
	const ticks = scale.ticks(upTicks(width, frameAspect(ranges)));
	return planeFigure({
		...ranges,
		title,
		width,
		description: describe(surface, `Heat map of the ${metric}`, [metric]),
		foot: provenanceLine(surface),
		legend: [...constantLegend(of, scale, map), ...originLegend(ranges, marks), ...noValueLegend(of, colours)],
		...(values.length > 0 &&
			(options.shared !== undefined || constantValue(of) === null) && {
				colourBar: { map, ticks, label: withScale(of.label, scale) },
			}),
		draw: async (frame) =>
			[
				drawNoValues(of, frame, colours),
				await drawCells(of, frame, scale, map, smooth, pixelRatio),
				lines ? drawIsolines(of, frame, scale, ticks, map) : "",
				drawMarks(frame, marks),
			]
				.filter((part) => part !== "")
				.join("\n"),
	});
}

/** One colour needs no bar: its value, where all points have the same. */
function constantLegend(of: Field, scale: ValueScale, map: Colormap): LegendEntry[] {
	const value = constantValue(of);
	if (value === null) return [];
	return [{ label: constantLabel(of, value), symbol: swatch(map(scale.position(value))) }];
}

/** The points with a value as an image element that fills the frame; the others are left clear. */
async function drawCells(
	of: Field,
	frame: Frame,
	scale: ValueScale,
	map: Colormap,
	smooth: boolean,
	pixelRatio: number,
): Promise<string> {
	const { x, y, width, height } = frame;
	const [across, down] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
	const png = await rgbaToPng(cellPixels(of, frame, scale, map, smooth, across, down), across, down);
	const address = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
	return `<image x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" preserveAspectRatio="none" href="${address}"/>`;
}

/** For each pixel along an axis, where its middle falls in points of the axis: 1.5 is half-way from point 1 to point 2. */
function pixelPositions(axis: Axis, [min, max]: readonly [number, number], pixels: number): Float64Array {
	const step = spacing(axis) || 1;
	return Float64Array.from({ length: pixels }, (_, i) => {
		const value = min + ((max - min) * (i + 0.5)) / pixels;
		return Math.min(axis.steps - 1, Math.max(0, (value - axis.min) / step));
	});
}

/**
 * Pixels of a field over a frame, red, green, blue and alpha, top row first. A pixel has the colour of the point nearest
 * to its middle; blended, that of the bilinear mix of scale positions of the four points around it, where all four
 * have a value.
 */
function cellPixels(
	of: Field,
	ranges: Pick<Frame, "xRange" | "yRange">,
	scale: ValueScale,
	map: Colormap,
	smooth: boolean,
	across: number,
	down: number,
): Uint8Array {
	const table = colourTable(map);
	const positions = of.values.map((value, i) => (of.kinds[i] === "finite" ? scale.position(value) : Number.NaN));
	const at = (column: number, row: number) => positions[row * of.columns + column] ?? Number.NaN;
	const us = pixelPositions(of.x, ranges.xRange, across);
	const vs = pixelPositions(of.y ?? of.x, ranges.yRange, down);
	const pixels = new Uint8Array(across * down * 4);
	for (let line = 0; line < down; line++) {
		// β grows upwards, pixel rows downwards.
		const v = vs[down - 1 - line] ?? 0;
		const row = Math.min(of.rows - 2, Math.floor(v));
		for (let column = 0; column < across; column++) {
			const u = us[column] ?? 0;
			let position = at(Math.round(u), Math.round(v));
			if (Number.isNaN(position)) continue;
			if (smooth) {
				const left = Math.min(of.columns - 2, Math.floor(u));
				const [p, q] = [u - left, v - row];
				const mixed =
					(at(left, row) * (1 - p) + at(left + 1, row) * p) * (1 - q) +
					(at(left, row + 1) * (1 - p) + at(left + 1, row + 1) * p) * q;
				if (!Number.isNaN(mixed)) position = mixed;
			}
			const from = tableIndex(position) * 3;
			const to = (line * across + column) * 4;
			for (let channel = 0; channel < 3; channel++) pixels[to + channel] = table[from + channel] ?? 0;
			pixels[to + 3] = 255;
		}
	}
	return pixels;
}
