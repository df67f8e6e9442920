import type { Surface } from "../../surface/surface.js";
import { svgToPng } from "../encode.js";
import { isolines } from "../isolines.js";
import { isSmooth, type PictureOptions } from "../options.js";
import { defaultTitle, describe, interpolationNote, provenanceLine } from "../parts/caption.js";
import { pixelRatio } from "../parts/cells.js";
import { type Colormap, colormap } from "../parts/colormap.js";
import { type CutSurface, cutOff } from "../parts/cut.js";
import {
	axisLabel,
	drawFoot,
	drawLegend,
	drawTitle,
	fittingTicks,
	type LegendEntry,
	padding,
	sideAxisWidth,
	svgDocument,
} from "../parts/figure.js";
import { type Frame, frameAspect, planeRanges } from "../parts/frame.js";
import { type Heights, heightsBetween, heightsOf } from "../parts/interpolation.js";
import { describedBy } from "../parts/look.js";
import {
	drawNoValues,
	type NoValueColours,
	noValueColours,
	noValueDefinitions,
	noValueLegend,
	swatch,
} from "../parts/no-value.js";
import { drawBackground, drawReliefAxes, line, onFloor } from "../parts/relief-box.js";
import { scaleOver, type Tick, type ValueScale, withScale } from "../parts/scale.js";
import { cutColour, drawShadedSurface } from "../parts/shaded-surface.js";
import { standingLegend, standingOn } from "../parts/standing.js";
import { legible, paperOf, themed, tinted } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { constantLabel, constantValue, type DrawnField, drawnField } from "../parts/values.js";
import { type Box, type Projection, projectionOf, usualView } from "../parts/view.js";

/** Tiles along an axis at most: with 80 × 80 of them, each some 70 bytes, the document of a smooth surface stays below a megabyte. */
const MOST_TILES = 80;
/** A rough surface of many lines has more, up to four million; beyond these it is drawn as an image. Noise is large as one too, 1.6 MB. */
const MOST_LETTERS = 1_000_000;
const IMAGE_NOTE = "the surface is an image";
/** Of lines on the floor, stretches along an axis at most: some 4 user units each. */
const MOST_STRETCHES = 120;
/** Of the box, for a length of 1 along α: what the surface rises, and how far below it the floor is. */
const [HEIGHT, BELOW] = [0.48, 0.26];
/** Right of the box and below it, for the axes' labels. */
const ROOM = 36;

/**
 * A surface with two axes as a relief in slanted view, as an SVG document: shaded tiles of the surface of `heightsBetween`, with lines at
 * the levels of the contour plot on it and again on the floor. Heights are on the scale of the colours. Above `zmax` it is cut off.
 * Where all that would be more than a megabyte, it is an image within its axes, and the foot says so.
 *
 * @throws {OptionError} for a surface of one axis, a `zmax` not above the lowest value, an unknown scale or colour map, a log scale over
 *   values not above 0
 */
export async function relief(surface: Surface, field: string, options: PictureOptions = {}): Promise<string> {
	const of = drawnField(surface, field);
	const { title = defaultTitle(surface, [of.spec]), width = 600, view = usualView, marks = [] } = options;
	const smooth = isSmooth(options);
	const ranges = planeRanges(of, false);
	const map = colormap(options.colormap);
	const { scale, levels, isCut } = cutOff(of, options);
	const ticks = scale.ticks(5);
	const box: Box = { depth: frameAspect(ranges), height: HEIGHT, floor: -BELOW };
	const head = drawTitle(options.bare ? "" : title, width);
	const left = Math.ceil(padding + sideAxisWidth(ticks));
	const projection = projectionOf(view, box, left, padding + head.height + 22, width - left - padding - ROOM);
	const { bounds } = projection;
	const scene = drawScene(surface, {
		...{ of, smooth, ranges, scale, map, levels, isCut, ticks, box, projection, marks },
		colours: noValueColours(map, paperOf(options), tinted),
	});
	const isImage = scene.length > MOST_LETTERS;

	const edge = floorTicks(ranges, projection, box);
	const [alpha, beta] = surface.provenance.axisLabels ?? [];
	const legendTop = bounds.y + bounds.height + ROOM;
	const entries = [
		...constantLegend(of, scale, map),
		...(isCut ? [cutLegend(of, scale)] : []),
		...standingLegend(surface, ranges, marks),
		...noValueLegend([of], noValueColours(map, paperOf(options), tinted)),
	];
	const legend = drawLegend(entries, padding, legendTop, width - 2 * padding);
	const footTop = legendTop + (legend.height > 0 ? legend.height + 16 : 0);
	const said = [provenanceLine(surface), ...interpolationNote(of, smooth), ...(isImage ? [IMAGE_NOTE] : [])];
	const foot = drawFoot(options.bare ? [] : [said.join(" · ")], footTop, width);
	const body = [
		noValueDefinitions([of]),
		isImage
			? await asImage(themed(`${noValueDefinitions([of])}${scene}`, options.theme ?? "light"), width, legendTop)
			: scene,
		head.svg,
		drawReliefAxes(box, projection, {
			alpha: { label: axisLabel("α", alpha, edge.alphaLength), ticks: edge.alpha },
			beta: { label: axisLabel("β", beta, edge.betaLength), ticks: edge.beta },
			height: { label: withScale(of.label, scale), ticks },
		}),
		legend.svg,
		foot.svg,
	];
	return svgDocument({
		width,
		height: Math.ceil(footTop + foot.height + padding),
		title,
		description: describedBy({
			...{ description: describe(surface, `Relief of the ${of.spec.label}`, [of.spec]), look: options },
			foot: [said.join(" · ")],
		}),
		body: body.filter((part) => part !== "").join("\n"),
		look: options,
	});
}

/** What is drawn in a relief's box. */
interface Scene extends Omit<Parameters<typeof standingOn>[1], "heights">, CutSurface {
	readonly of: DrawnField;
	readonly smooth: boolean;
	readonly ticks: readonly Tick[];
	readonly colours: NoValueColours;
}

/** Walls, floor with holes and lines, and the surface with what stands on it. */
function drawScene(surface: Surface, scene: Scene): string {
	const { of, smooth, ranges, scale, map, levels, isCut, ticks, box, projection, colours } = scene;
	const heights = gridHeights(of, scale, smooth, MOST_TILES);
	return [
		drawBackground(box, projection, ticks),
		onFloor(box, projection, ranges, (frame) => drawNoValues(of, frame, colours)),
		floorLines(gridHeights(of, scale, smooth, MOST_STRETCHES), levels, box, projection, map),
		drawShadedSurface({
			...{ heights, box, projection, map },
			levels: [...levels.map(({ position }) => position), ...(isCut ? [1] : [])],
			standing: standingOn(surface, { ...scene, heights }),
		}),
	]
		.filter((part) => part !== "")
		.join("\n");
}

/** A drawing as an image of it, as wide as the figure and so high. */
async function asImage(scene: string, width: number, height: number): Promise<string> {
	const size = `width="${width}" height="${Math.floor(height)}"`;
	const png = await svgToPng(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${scene}</svg>`, { scale: pixelRatio });
	return `<image x="0" y="0" ${size} href="data:image/png;base64,${Buffer.from(png).toString("base64")}"/>`;
}

/** Heights at evenly spread places: the points and as many between them as there may be steps, or fewer where there are more points. */
function gridHeights(of: DrawnField, scale: ValueScale, smooth: boolean, most: number): Heights {
	const [us, vs] = [of.columns, of.rows].map((points) => {
		const gaps = points - 1;
		const steps = gaps > most ? most : smooth ? gaps * Math.floor(most / gaps) : gaps;
		return Float64Array.from({ length: steps + 1 }, (_, i) => (i * gaps) / steps);
	}) as [Float64Array, Float64Array];
	const values = heightsBetween(heightsOf(of, scale.position), us, vs);
	return { columns: us.length, rows: vs.length, values };
}

/** Levels on the floor, in the colours of their heights. */
function floorLines(
	heights: Heights,
	levels: readonly { readonly position: number }[],
	box: Box,
	{ place }: Projection,
	map: Colormap,
): string {
	const { columns, rows } = heights;
	return levels
		.map(({ position }) => {
			const data = isolines(heights, position)
				.map((points) =>
					line(
						Array.from({ length: points.length / 2 }, (_, i) =>
							place(
								(points[2 * i] ?? 0) / (columns - 1) - 0.5,
								((points[2 * i + 1] ?? 0) / (rows - 1) - 0.5) * box.depth,
								box.floor,
							),
						),
					),
				)
				.join("");
			return data === ""
				? ""
				: `<path d="${data}" fill="none" stroke="${legible(map(position))}" stroke-width="1" stroke-linejoin="round"/>`;
		})
		.filter((path) => path !== "")
		.join("\n");
}

/** Ticks along the floor's edges, as many as fit, and how long these are seen. */
function floorTicks(
	{ xRange, yRange }: Pick<Frame, "xRange" | "yRange">,
	{ place, nearY }: Projection,
	{ depth }: Box,
) {
	const length = (x: number, y: number) => {
		const [from, to] = [place(0, 0, 0), place(x, y, 0)];
		return Math.hypot(to.x - from.x, to.y - from.y);
	};
	const fitting = (range: readonly [number, number], long: number) =>
		fittingTicks(scaleOver("linear", ...range).ticks, Math.min(5, Math.max(2, Math.round(long / 45))), long);
	const [alphaLength, betaLength] = [length(1, 0), length(0, depth)];
	// At the near corner both axes would have a label.
	const isAtCorner = ({ position }: Tick) => Math.abs(position - (nearY === 1 ? 1 : 0)) < 0.03;
	const beta = fitting(yRange, betaLength).map((tick) => (isAtCorner(tick) ? { ...tick, label: "" } : tick));
	return { alpha: fitting(xRange, alphaLength), beta, alphaLength, betaLength };
}

function cutLegend(of: DrawnField, scale: ValueScale): LegendEntry {
	return { label: `${of.label} above ${formatNumber(scale.max)}, cut off`, symbol: swatch(cutColour) };
}

function constantLegend(of: DrawnField, scale: ValueScale, map: Colormap): LegendEntry[] {
	const value = constantValue(of);
	if (value === null) return [];
	return [{ label: constantLabel(of, value), symbol: swatch(map(scale.position(value))) }];
}
