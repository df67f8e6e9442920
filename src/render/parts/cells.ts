import type { Axis } from "../../surface/grid.js";
import { rgbaToPng } from "../encode.js";
import { type Colormap, colourTable, tableIndex } from "./colormap.js";
import { type Frame, planeRanges, spacing } from "./frame.js";
import { heightsBetween, heightsOf } from "./interpolation.js";
import type { ValueScale } from "./scale.js";
import { round } from "./text.js";
import type { DrawnField } from "./values.js";

/** Pixels a user unit of every PNG. */
export const pixelRatio = 2;

/** How the cells of a field get their colours. */
export interface CellStyle {
	readonly scale: ValueScale;
	readonly map: Colormap;
	/** False fills the cell around each point with its colour; true draws the surface through the points. */
	readonly smooth: boolean;
	/** Pixels of the image a user unit. */
	readonly pixelRatio: number;
}

/** The points with a value as an image element over the field's part of the frame; the others are left clear. */
export async function drawCells(
	of: DrawnField,
	frame: Frame,
	{ scale, map, smooth, pixelRatio }: CellStyle,
): Promise<string> {
	const { xRange, yRange } = planeRanges(of, !smooth);
	const [x, y] = [frame.toX(xRange[0]), frame.toY(yRange[1])];
	const [width, height] = [frame.toX(xRange[1]) - x, frame.toY(yRange[0]) - y];
	const [across, down] = [width, height].map((length) => Math.max(1, Math.round(length * pixelRatio))) as [
		number,
		number,
	];
	const samples = samplesOf(of, { xRange, yRange }, scale, smooth, across, down);
	const png = await rgbaToPng(cellPixels(samples, map), across, down);
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

/** What lies at the middle of each pixel of a picture of a field, top row first. */
interface Samples {
	/** On the scale; NaN where there is no value. */
	readonly positions: Float64Array;
	/** The number of the point nearest to it. */
	readonly nearest: Int32Array;
}

/**
 * The value at the middle of each pixel of a frame: of the point nearest to it, or, of a smooth surface, the height there, where the four
 * points around it have a value.
 */
export function samplesOf(
	of: DrawnField,
	ranges: Pick<Frame, "xRange" | "yRange">,
	scale: ValueScale,
	smooth: boolean,
	across: number,
	down: number,
): Samples {
	const heights = heightsOf(of, scale.position);
	const us = pixelPositions(of.x, ranges.xRange, across);
	// β grows upwards, pixel rows downwards.
	const vs = pixelPositions(of.y ?? of.x, ranges.yRange, down).reverse();
	const between = smooth ? heightsBetween(heights, us, vs) : undefined;
	const [columns, rows] = [Int32Array.from(us, Math.round), Int32Array.from(vs, Math.round)];
	const nearest = new Int32Array(across * down);
	const positions = new Float64Array(across * down);
	// Loops with one index: a picture has a million pixels.
	let pixel = 0;
	for (let y = 0; y < down; y++) {
		const first = (rows[y] ?? 0) * of.columns;
		for (let x = 0; x < across; x++) {
			const point = first + (columns[x] ?? 0);
			const own = heights.values[point] ?? Number.NaN;
			const smoothed = between?.[pixel] ?? Number.NaN;
			nearest[pixel] = point;
			positions[pixel] = Number.isNaN(own) || Number.isNaN(smoothed) ? own : smoothed;
			pixel++;
		}
	}
	return { positions, nearest };
}

/** The samples as pixels, red, green, blue and alpha. */
function cellPixels({ positions }: Samples, map: Colormap): Uint8Array {
	const table = colourTable(map);
	const pixels = new Uint8Array(positions.length * 4);
	for (let pixel = 0; pixel < positions.length; pixel++) {
		const position = positions[pixel] ?? Number.NaN;
		if (Number.isNaN(position)) continue;
		const from = tableIndex(position) * 3;
		for (let channel = 0; channel < 3; channel++) pixels[pixel * 4 + channel] = table[from + channel] ?? 0;
		pixels[pixel * 4 + 3] = 255;
	}
	return pixels;
}
