import "./fonts.js";
import { checkChoice } from "../check/choice.js";
import { checkCall } from "../check/values.js";
import { samplesField } from "../measure/margin.js";
import type { FieldSpec } from "../surface/field.js";
import { gridPoints, isLine } from "../surface/grid.js";
import { checkSurface, mainField, type Surface } from "../surface/surface.js";
import type { Film } from "./film.js";
import type { PictureFormat } from "./formats.js";
import {
	type AnimationName,
	checkSmoothness,
	type PictureOptions,
	pictureChecks,
	type RenderOptions,
} from "./options.js";
import { checkArrows } from "./parts/arrows.js";
import { defaultTitle, describe, provenanceLine } from "./parts/caption.js";
import { colormap } from "./parts/colormap.js";
import type { Look } from "./parts/look.js";
import { networkMarks } from "./parts/marks.js";
import { valueScale } from "./parts/scale.js";
import { widthOf } from "./parts/size.js";
import { drawnField, finiteValues } from "./parts/values.js";
import { checkView } from "./parts/view.js";
import { WIDTH } from "./parts/width.js";
import { checkWidth, filmFiles, type Picture, picturesOf } from "./picture.js";
import { contour } from "./pictures/contour.js";
import { curve } from "./pictures/curve.js";
import { growingPath } from "./pictures/growing-path.js";
import { growingRange } from "./pictures/growing-range.js";
import { heatmap } from "./pictures/heatmap.js";
import { relief } from "./pictures/relief.js";

export { drawSvg } from "./browser.js";
export { compare } from "./compare.js";
export type { CompareOptions, NamedSurface } from "./comparison.js";
export { renderEnsemble } from "./ensemble.js";
export { formatNames, type PictureFormat } from "./formats.js";
export type { AnimationName, FigureOptions, PictureOptions, RenderOptions } from "./options.js";
export { colormapNames } from "./parts/colormap.js";
export type { Mark } from "./parts/marks.js";
export { scaleNames } from "./parts/scale.js";
export { type FontReader, useFonts, type Weight } from "./parts/text.js";
export { type ThemeName, themeNames } from "./parts/theme.js";
export { formatNumber } from "./parts/ticks.js";
export type { View } from "./parts/view.js";
export type { Picture } from "./picture.js";
export { type PreviewOptions, preview } from "./pictures/preview.js";
export type { ScatterAxis, ScatterOptions, ScatterPoint } from "./pictures/scatter.js";
export { drawPoints } from "./scatter.js";

/** One picture of a surface, still or moving, and the files it becomes. */
interface Plate {
	readonly name: string;
	/** Whether it shows standard errors and nothing else. */
	readonly isOfErrors?: boolean;
	readonly files: (options: PictureOptions) => Promise<Picture[]>;
}

/** A picture that does not move: its name, the fields it shows, the files it becomes, and what draws it. */
function still(
	surface: Surface,
	name: string,
	shown: readonly FieldSpec[],
	formats: readonly PictureFormat[],
	draw: (options: PictureOptions) => string | Promise<string>,
): Plate {
	return {
		name,
		isOfErrors: shown.every(({ errorOf }) => errorOf !== undefined),
		async files(options) {
			const title = options.title ?? defaultTitle(surface, shown);
			const description = `${describe(surface, "Drawn", shown)} ${provenanceLine(surface)}`;
			const drawn = async (look: Look) => ({ svg: await draw({ ...options, ...look }), title, description });
			return picturesOf(name, formats, drawn, options, [surface]);
		},
	};
}

/** What draws each moving picture. */
const films: Readonly<Record<AnimationName, (surface: Surface, options: PictureOptions) => Film>> = {
	training: growingPath,
	range: growingRange,
};

/** The moving pictures that are asked for; of what they can't be made of, they say so before any picture is drawn. */
function movingPlates(surface: Surface, options: PictureOptions): Plate[] {
	const names = [...new Set([options.animate ?? []].flat())];
	// Of pixels without a ground there is no film that all programs show, and of text in them no two alike.
	const theme = options.theme === "transparent" ? "dark" : (options.theme ?? "light");
	const filmed = { ...options, theme, text: "outline" } as const;
	return names.map((name) => {
		const film = films[name](surface, filmed);
		return { name, files: () => filmFiles(name, film, surface) };
	});
}

/** Of a plane: a heat map of every field, contour lines and a relief of the first. */
function planePlates(surface: Surface): Plate[] {
	const main = mainField(surface);
	// The gradient is the main field's: it has no place on others.
	const heat = (field: FieldSpec, name: string): Plate =>
		still(surface, name, [field], ["png"], (options) =>
			heatmap(surface, field.name, field === main ? options : { ...options, arrows: false }),
		);
	const others = surface.fields.filter((field) => field !== main);
	// Numbers of samples are doubled from point to point, and lie at points only.
	const counts = (field: FieldSpec, name: string): Plate =>
		still(surface, name, [field], ["png"], (options) => {
			const shared = valueScale(finiteValues(drawnField(surface, field.name)), "log");
			return heatmap(surface, field.name, {
				...options,
				arrows: false,
				smooth: false,
				cells: true,
				lines: false,
				shared,
			});
		});
	return [
		heat(main, "heatmap"),
		still(surface, "contour", [main], ["svg", "png"], (options) => contour(surface, main.name, options)),
		still(surface, "relief", [main], ["svg", "png"], (options) => relief(surface, main.name, options)),
		...others.map((field) => (field.name === samplesField.name ? counts : heat)(field, `${field.name}-heatmap`)),
	];
}

/** Of a line: the first two fields in one plot, and each further one in a plot of its own. */
function linePlates(surface: Surface): Plate[] {
	const [first, second, ...others] = [
		...surface.fields.filter(({ errorOf }) => errorOf === undefined),
		...surface.fields.filter(({ errorOf }) => errorOf !== undefined),
	];
	const plot = (name: string, ...shown: readonly FieldSpec[]): Plate =>
		still(surface, name, shown, ["svg", "png"], (options) => curve(surface, shown, options));
	if (first === undefined) return [];
	return [
		second === undefined ? plot("curve", first) : plot("curve", first, second),
		...others.map((field) => plot(`${field.name}-curve`, field)),
	];
}

/** @throws {OptionError} for a picture that there is not */
function chosenPlates(plates: readonly Plate[], { pictures }: RenderOptions): readonly Plate[] {
	const names = plates.map(({ name }) => name);
	pictures?.forEach((picture, i) => {
		checkChoice(`pictures[${i}]`, picture, names);
	});
	// Errors are drawn with what they are of; pictures of their own are for who asks.
	return plates.filter(({ name, isOfErrors }) => pictures?.includes(name) ?? !isOfErrors);
}

/**
 * Every picture of a surface, in the formats that are asked for, or else: of a plane `heatmap.png`, `contour.svg`, `contour.png`,
 * `relief.svg`, `relief.png` and, by the names of its other fields, `accuracy-heatmap.png`; of a line `curve.svg`, `curve.png`; of a
 * single point none. Standard errors have pictures of their own only where `pictures` names them. With `animate` also `training.webp`, `training.gif`, `range.webp`, `range.gif` of a plane. Equal surfaces and
 * options give equal bytes.
 *
 * @throws {OptionError} for an unknown picture, scale, colour map, format or theme, a width or size out of range or both, a log scale over values
 *   not above 0, cells that are smooth, a `zmax` below all values, an animation
 *   of a line or of a surface that has not what it shows
 */
export async function render(surface: Surface, given: RenderOptions = {}): Promise<Picture[]> {
	checkSurface("surface", surface);
	checkCall(given, pictureChecks);
	const marks = given.marks ?? networkMarks(surface);
	const width = widthOf(given);
	const options: RenderOptions = { ...given, ...(marks && { marks }), ...(width !== undefined && { width }) };
	checkWidth(width ?? WIDTH.usual);
	checkSmoothness(options);
	if (options.view !== undefined) checkView("view", options.view);
	// A line needs no map, but a misspelt name should not pass in silence.
	colormap(options.colormap);
	const moving = movingPlates(surface, options);
	if (gridPoints(surface.grid) === 1) return [];
	if (options.arrows) checkArrows(surface);
	const plates = chosenPlates(isLine(surface.grid) ? linePlates(surface) : planePlates(surface), options);
	// Side by side: while one is encoded, off this thread, the next is drawn.
	return (await Promise.all([...plates, ...moving].map(({ files }) => files(options)))).flat();
}
