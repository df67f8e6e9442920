import { type Check, isListOf, isNumber, isObject, isOneOf, isPerhaps, isSwitch, isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import { formatNames, type PictureFormat } from "./formats.js";
import { type Look, textModes } from "./parts/look.js";
import type { Mark } from "./parts/marks.js";
import type { ScaleName } from "./parts/scale.js";
import { widthOf } from "./parts/size.js";
import { themeNames } from "./parts/theme.js";
import type { View } from "./parts/view.js";

/** What moving pictures there are: a training that grows over the plane, and a range that grows around the origin. */
export type AnimationName = "training" | "range";

export const animationNames: readonly AnimationName[] = ["training", "range"];

/** How a picture of a surface is drawn; each kind of picture takes of it what it has a use for. */
export interface PictureOptions extends Look {
	/** Of fields in units of the loss; others are always linear. `auto` where nothing is said. */
	readonly scale?: ScaleName;
	/** A name of `colormaps`; viridis where nothing is said. */
	readonly colormap?: string;
	/** What stands above the picture; what it shows where nothing is said. */
	readonly title?: string;
	/** Named places: dots on the plane, upright lines on a curve. By default the networks that lie on the section. */
	readonly marks?: readonly Mark[];
	/** Of every picture in user units; PNGs have twice as many pixels. Type keeps its size. 600 where nothing is said. */
	readonly width?: number;
	/**
	 * In place of `width`: the width in print, `3.25in`, `8cm`, `82mm` or `240pt`, which SVGs, PDFs and PNGs then have, these with at
	 * least 300 pixels an inch; or a number of user units. Type keeps its size in print, 7.2 pt at ticks, down to 2.7 inches.
	 */
	readonly size?: string;
	/** The files that each picture becomes; where nothing is said PNG, and SVG too but for heat maps. */
	readonly formats?: readonly PictureFormat[];
	/** Planes as a smooth surface through the points, which is so where nothing is said; false is the same as `cells`. */
	readonly smooth?: boolean;
	/** Heat maps with a cell of one colour for each point, and lines straight from edge to edge: nothing between the points. */
	readonly cells?: boolean;
	/** Arrows of the in-plane gradient over the loss of a plane that has the fields `slope-x` and `slope-y`. */
	readonly arrows?: boolean;
	/** Dots at the points that were computed, on heat maps and contour plots. */
	readonly points?: boolean;
	/** Values at which contour lines are drawn, in place of round ones. */
	readonly levels?: readonly number[];
	/** The value above which the relief of the loss is cut off; nowhere where nothing is said. */
	readonly zmax?: number;
	/** From where the relief is seen, in degrees. */
	readonly view?: View;
	/** Moving pictures to make as well, as WebP and GIF: one, or several. */
	readonly animate?: AnimationName | readonly AnimationName[];
}

/** How the pictures of a surface are drawn, and which. */
export interface RenderOptions extends PictureOptions {
	/** Which pictures to draw, by their names without the endings, `relief` or `accuracy-heatmap`; all where nothing is said. */
	readonly pictures?: readonly string[];
}

/** Whether values between the points are interpolated. */
export function isSmooth({ smooth, cells }: Pick<PictureOptions, "smooth" | "cells">): boolean {
	return smooth ?? !cells;
}

/** @throws {OptionError} for cells and a smooth surface at once */
export function checkSmoothness({ smooth, cells }: Pick<PictureOptions, "smooth" | "cells">): void {
	if (smooth && cells) throw new OptionError("cells", "expected cells or a smooth surface, got both");
}

const isAnimation = isOneOf(animationNames);
const isAnimations = isListOf(isAnimation, 1);

/** The same of all pictures, those of several surfaces too. */
export const lookChecks = {
	size: isPerhaps(isText),
	formats: isPerhaps(isListOf(isOneOf(formatNames), 1)),
	theme: isPerhaps(isOneOf(themeNames)),
	text: isPerhaps(isOneOf(textModes)),
	bare: isPerhaps(isSwitch),
};

/** How any figure looks, and the files it becomes. */
export type FigureOptions = Pick<PictureOptions, "size" | "formats" | "theme" | "text" | "bare">;

/** What the types say of them, for callers who have none. */
export const checkFigures: Check = (name, value) => {
	isObject("options of pictures", lookChecks)(name, value);
	widthOf(value as FigureOptions);
};

/** What the types say, for callers who have none; names of scales and colour maps, and bounds, are checked where they are used. */
export const pictureChecks = {
	scale: isPerhaps(isText),
	colormap: isPerhaps(isText),
	title: isPerhaps(isText),
	marks: isPerhaps(
		isListOf(isObject("a mark", { alpha: isNumber, beta: isPerhaps(isNumber), label: isPerhaps(isText) })),
	),
	width: isPerhaps(isNumber),
	pictures: isPerhaps(isListOf(isText)),
	...lookChecks,
	smooth: isPerhaps(isSwitch),
	cells: isPerhaps(isSwitch),
	arrows: isPerhaps(isSwitch),
	points: isPerhaps(isSwitch),
	levels: isPerhaps(isListOf(isNumber, 1)),
	zmax: isPerhaps(isNumber),
	view: isPerhaps(isObject("a view", { azimuth: isNumber, elevation: isNumber })),
	animate: isPerhaps((name, value) => (Array.isArray(value) ? isAnimations : isAnimation)(name, value)),
} satisfies Record<keyof RenderOptions, Check>;
