/**
 * Drawing where there is no Node: contour plots, curves and comparisons of lines as SVG. Pictures of pixels, and with them
 * heat maps, are made by sharp and so need Node.
 *
 * ```ts
 * import { parseRun } from "isoloss/run";
 * import { drawSvg, useFonts } from "isoloss/render";
 *
 * useFonts((weight) => fonts[weight]); // ArrayBuffers of DejaVu Sans, regular and bold
 * const run = parseRun(new Uint8Array(await file.arrayBuffer()), file.name);
 * document.body.innerHTML = await drawSvg(run.surface);
 * ```
 */
import { isLine } from "../surface/grid.js";
import { mainField, type Surface } from "../surface/surface.js";
import type { PictureOptions } from "./options.js";
import { networkMarks } from "./parts/marks.js";
import { sized, widthOf } from "./parts/size.js";
import { contour } from "./pictures/contour.js";
import { curve } from "./pictures/curve.js";

export type { PictureOptions } from "./options.js";
export { colormapNames } from "./parts/colormap.js";
export { scaleNames } from "./parts/scale.js";
export { type FontReader, useFonts, type Weight } from "./parts/text.js";

/**
 * A surface as an SVG document: contour lines of a field of a plane, curves of one or two fields of a line. The same bytes
 * as Node's `render` gives.
 *
 * @param fields names; by default the first of a plane, the first two of a line
 * @throws {OptionError} for an unknown field, scale or colour map, and where `useFonts` has not been called
 */
export async function drawSvg(
	surface: Surface,
	options: PictureOptions = {},
	fields: readonly string[] = [],
): Promise<string> {
	const marks = options.marks ?? networkMarks(surface);
	const width = widthOf(options);
	const drawing: PictureOptions = { ...options, ...(marks && { marks }), ...(width !== undefined && { width }) };
	if (!isLine(surface.grid))
		return sized(await contour(surface, fields[0] ?? mainField(surface).name, drawing), options);
	const shown = fields.length > 0 ? surface.fields.filter(({ name }) => fields.includes(name)) : surface.fields;
	return sized(curve(surface, shown.slice(0, 2), drawing), options);
}
