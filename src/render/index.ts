import "./fonts.js";
import { checkCall } from "../check/values.js";
import type { FieldSpec } from "../surface/field.js";
import { gridPoints, isLine } from "../surface/grid.js";
import { checkSurface, mainField, type Surface } from "../surface/surface.js";
import { type PictureOptions, pictureChecks } from "./options.js";
import { checkArrows } from "./parts/arrows.js";
import { defaultTitle, describe, provenanceLine } from "./parts/caption.js";
import { colormap } from "./parts/colormap.js";
import { networkMarks } from "./parts/marks.js";
import { checkWidth, type Picture, picturesOf } from "./picture.js";
import { contour } from "./pictures/contour.js";
import { curve } from "./pictures/curve.js";
import { heatmap } from "./pictures/heatmap.js";

export { drawSvg } from "./browser.js";
export { compare } from "./compare.js";
export type { CompareOptions, NamedSurface } from "./comparison.js";
export type { PictureOptions } from "./options.js";
export { colormapNames } from "./parts/colormap.js";
export type { Mark } from "./parts/marks.js";
export { scaleNames } from "./parts/scale.js";
export { type FontReader, useFonts, type Weight } from "./parts/text.js";
export { formatNumber } from "./parts/ticks.js";
export type { Picture } from "./picture.js";

/** One picture of a surface: the fields it shows, the files it becomes, and what draws it. */
interface Plate {
	readonly name: string;
	readonly shown: readonly FieldSpec[];
	readonly formats: readonly ("svg" | "png")[];
	readonly draw: (options: PictureOptions) => string | Promise<string>;
}

/** Of a plane: a heat map of every field, and contour lines of the first. */
function planePlates(surface: Surface): Plate[] {
	const main = mainField(surface);
	// The gradient is the main field's: it has no place on others.
	const heat = (field: FieldSpec, name: string): Plate => ({
		name,
		shown: [field],
		formats: ["png"],
		draw: (options) => heatmap(surface, field.name, field === main ? options : { ...options, arrows: false }),
	});
	const others = surface.fields.filter((field) => field !== main);
	return [
		heat(main, "heatmap"),
		{
			name: "contour",
			shown: [main],
			formats: ["svg", "png"],
			draw: (options) => contour(surface, main.name, options),
		},
		...others.map((field) => heat(field, `${field.name}-heatmap`)),
	];
}

/** Of a line: the first two fields in one plot, and each further one in a plot of its own. */
function linePlates(surface: Surface): Plate[] {
	const [first, second, ...others] = surface.fields;
	const plot = (name: string, ...shown: readonly FieldSpec[]): Plate => ({
		name,
		shown,
		formats: ["svg", "png"],
		draw: (options) => curve(surface, shown, options),
	});
	if (first === undefined) return [];
	return [
		second === undefined ? plot("curve", first) : plot("curve", first, second),
		...others.map((field) => plot(`${field.name}-curve`, field)),
	];
}

/**
 * Every picture of a surface: of a plane `heatmap.png`, `contour.svg`, `contour.png` and, by the names of its other fields,
 * `accuracy-heatmap.png`; of a line `curve.svg`, `curve.png`; of a single point none. Equal surfaces and options give equal bytes.
 *
 * @throws {OptionError} for an unknown scale or colour map, a width out of range, a log scale over values not above 0
 */
export async function render(surface: Surface, given: PictureOptions = {}): Promise<Picture[]> {
	checkSurface("surface", surface);
	checkCall(given, pictureChecks);
	const marks = given.marks ?? networkMarks(surface);
	const options: PictureOptions = { ...given, ...(marks && { marks }) };
	checkWidth(options.width ?? 600);
	// A line needs no map, but a misspelt name should not pass in silence.
	colormap(options.colormap);
	if (gridPoints(surface.grid) === 1) return [];
	if (options.arrows) checkArrows(surface);
	const plates = isLine(surface.grid) ? linePlates(surface) : planePlates(surface);
	const pictures: Picture[] = [];
	for (const { name, shown, formats, draw } of plates) {
		const svg = await draw(options);
		const title = options.title ?? defaultTitle(surface, shown);
		const description = `${describe(surface, "Drawn", shown)} ${provenanceLine(surface)}`;
		pictures.push(...(await picturesOf(name, formats, { svg, title, description }, [surface])));
	}
	return pictures;
}
