import { OptionError } from "../errors.js";
import type { Metric, Surface } from "../surface.js";
import { defaultTitle, describe, provenanceLine } from "./caption.js";
import { colormap } from "./colormap.js";
import { contour } from "./contour.js";
import { heatmap } from "./heatmap.js";
import { line } from "./line.js";
import { type Mark, networkMarks } from "./marks.js";
import { type Picture, picturesOf } from "./picture.js";
import type { ScaleName } from "./scale.js";

export { colormapNames } from "./colormap.js";
export { type CompareOptions, compare, type NamedSurface } from "./compare.js";
export type { Mark } from "./marks.js";
export type { Picture } from "./picture.js";
export { type ScaleName, scaleNames } from "./scale.js";

export interface RenderOptions {
	/** For the loss; accuracy is always linear. */
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
	readonly metrics: readonly Metric[];
	readonly formats: readonly ("svg" | "png")[];
	readonly draw: (surface: Surface, options: RenderOptions) => string | Promise<string>;
}

/** Pictures of a plane, then those of a line; a new kind of picture is an entry here. */
const planeKinds: readonly Kind[] = [
	{ name: "heatmap", metrics: ["loss"], formats: ["png"], draw: heatmap },
	{ name: "contour", metrics: ["loss"], formats: ["svg", "png"], draw: contour },
	{
		name: "accuracy-heatmap",
		metrics: ["accuracy"],
		formats: ["png"],
		draw: (surface, options) => heatmap(surface, { ...options, metric: "accuracy" }),
	},
];
const lineKinds: readonly Kind[] = [
	{ name: "curve", metrics: ["loss", "accuracy"], formats: ["svg", "png"], draw: line },
];

/**
 * Every picture of a surface: of a plane `heatmap.png`, `contour.svg`, `contour.png`, `accuracy-heatmap.png`; of a line
 * `curve.svg`, `curve.png`. Equal surfaces and options give equal bytes.
 *
 * @throws {OptionError} for an unknown scale or colour map, a width out of range, a log scale over values not above 0
 */
export async function render(surface: Surface, given: RenderOptions = {}): Promise<Picture[]> {
	const marks = given.marks ?? networkMarks(surface);
	const options: RenderOptions = { ...given, ...(marks && { marks }) };
	const { width = 600 } = options;
	if (!(width >= 320 && width <= 2400)) throw new OptionError("width", `expected 320 to 2400, got ${width}`);
	// A line needs no map, but a misspelt name should not pass in silence.
	colormap(options.colormap);
	const pictures: Picture[] = [];
	for (const { name, metrics, formats, draw } of surface.y === null ? lineKinds : planeKinds) {
		const svg = await draw(surface, options);
		const [only] = metrics.length === 1 ? metrics : [];
		const title = options.title ?? defaultTitle(surface, only);
		const description = `${describe(surface, "Drawn", metrics)} ${provenanceLine(surface)}`;
		pictures.push(...(await picturesOf(name, formats, { svg, title, description }, [surface])));
	}
	return pictures;
}
