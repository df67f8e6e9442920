import "./fonts.js";
import type { Quantity, Surface } from "../surface/surface.js";
import { defaultTitle, describe, provenanceLine } from "./parts/caption.js";
import { colormap } from "./parts/colormap.js";
import { type Mark, networkMarks } from "./parts/marks.js";
import type { ScaleName } from "./parts/scale.js";
import { checkWidth, type Picture, picturesOf } from "./picture.js";
import { contour } from "./pictures/contour.js";
import { line } from "./pictures/curve.js";
import { heatmap } from "./pictures/heatmap.js";

export { compare } from "./compare.js";
export type { CompareOptions, NamedSurface } from "./comparison.js";
export { colormapNames } from "./parts/colormap.js";
export type { Mark } from "./parts/marks.js";
export { type ScaleName, scaleNames } from "./parts/scale.js";
export type { Picture } from "./picture.js";

export interface RenderOptions {
	/** For the loss; a metric is always linear. */
	readonly scale?: ScaleName;
	/** A name of `colormaps`. */
	readonly colormap?: string;
	readonly title?: string;
	/** Named places: dots on the plane, upright lines on a curve. By default the networks that the surface goes through. */
	readonly marks?: readonly Mark[];
	/** Of every picture in user units, 320 to 2400; PNGs have twice as many pixels. Type keeps its size. */
	readonly width?: number;
	/** Heat maps blended between the points instead of one cell a point. */
	readonly smooth?: boolean;
	/** Values at which contour lines are drawn, in place of round ones. */
	readonly levels?: readonly number[];
}

/** One kind of picture: what it is drawn of, and the files it becomes. */
interface Kind {
	readonly name: string;
	readonly quantities: readonly Quantity[];
	readonly formats: readonly ("svg" | "png")[];
	readonly draw: (surface: Surface, options: RenderOptions) => string | Promise<string>;
}

/** Pictures of a plane, then those of a line; a new kind of picture is an entry here. */
const planeKinds = (metric: string): readonly Kind[] => [
	{ name: "heatmap", quantities: ["loss"], formats: ["png"], draw: heatmap },
	{ name: "contour", quantities: ["loss"], formats: ["svg", "png"], draw: contour },
	{
		name: `${metric}-heatmap`,
		quantities: ["metric"],
		formats: ["png"],
		draw: (surface, options) => heatmap(surface, { ...options, quantity: "metric" }),
	},
];
const lineKinds: readonly Kind[] = [
	{ name: "curve", quantities: ["loss", "metric"], formats: ["svg", "png"], draw: line },
];

/**
 * Every picture of a surface: of a plane `heatmap.png`, `contour.svg`, `contour.png` and, by the name of its metric,
 * `accuracy-heatmap.png`; of a line `curve.svg`, `curve.png`. Equal surfaces and options give equal bytes.
 *
 * @throws {OptionError} for an unknown scale or colour map, a width out of range, a log scale over values not above 0
 */
export async function render(surface: Surface, given: RenderOptions = {}): Promise<Picture[]> {
	const marks = given.marks ?? networkMarks(surface);
	const options: RenderOptions = { ...given, ...(marks && { marks }) };
	const { width = 600 } = options;
	checkWidth(width);
	// A line needs no map, but a misspelt name should not pass in silence.
	colormap(options.colormap);
	const kinds = surface.y === null ? lineKinds : planeKinds(surface.provenance.plan.metric);
	const pictures: Picture[] = [];
	for (const { name, quantities, formats, draw } of kinds) {
		const svg = await draw(surface, options);
		const [only] = quantities.length === 1 ? quantities : [];
		const title = options.title ?? defaultTitle(surface, only);
		const description = `${describe(surface, "Drawn", quantities)} ${provenanceLine(surface)}`;
		pictures.push(...(await picturesOf(name, formats, { svg, title, description }, [surface])));
	}
	return pictures;
}
