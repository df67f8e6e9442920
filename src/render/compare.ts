import { OptionError } from "../errors.js";
import type { Metric, Surface } from "../surface.js";
import { colormap } from "./colormap.js";
import { curves } from "./curves.js";
import { differences, panels } from "./panels.js";
import { type Picture, picturesOf } from "./picture.js";
import { type ScaleName, scaleNames } from "./scale.js";

/** A surface among others, by the name it goes under in pictures and tables. */
export interface NamedSurface {
	readonly label: string;
	readonly surface: Surface;
}

export interface CompareOptions {
	/** `loss` by default. */
	readonly metric?: Metric;
	/** Of the values of all surfaces together; accuracy is always linear. */
	readonly scale?: ScaleName;
	/** Of the panels; differences have a diverging map of their own. */
	readonly colormap?: string;
	readonly title?: string;
	/** Of every picture in user units; by default 600 for curves, and for planes what gives panels of a readable size. */
	readonly width?: number;
}

/**
 * Pictures of several surfaces side by side. Of planes `panels.svg` and `panels.png`, on shared axes (those that hold all
 * of them) and one colour scale, and `differences.svg` and `.png`, each less the first, of those whose axes are the first's.
 * Of lines `curves.svg` and `curves.png`, all in one plot. Equal surfaces and options give equal bytes.
 *
 * @throws {OptionError} for no surface, lines among planes, an unknown scale or colour map, a log scale over values not
 *   above 0
 */
export async function compare(surfaces: readonly NamedSurface[], options: CompareOptions = {}): Promise<Picture[]> {
	const [first] = surfaces;
	if (first === undefined) throw new OptionError("runs", "expected at least one, got none");
	const odd = surfaces.find(({ surface }) => (surface.y === null) !== (first.surface.y === null));
	if (odd !== undefined)
		throw new OptionError("runs", `expected all lines or all planes, got ${kindOf(first)} and ${kindOf(odd)}`);
	colormap(options.colormap);
	if (options.scale !== undefined && !scaleNames.includes(options.scale))
		throw new OptionError("scale", `expected one of ${scaleNames.join(", ")}, got "${options.scale}"`);
	const drawn =
		first.surface.y === null
			? [{ name: "curves", drawing: curves(surfaces, options) }]
			: [
					{ name: "panels", drawing: await panels(surfaces, options) },
					{ name: "differences", drawing: await differences(surfaces, options) },
				];
	const pictures = drawn.map(({ name, drawing }) =>
		drawing === null
			? []
			: picturesOf(
					name,
					["svg", "png"],
					drawing,
					surfaces.map(({ surface }) => surface),
				),
	);
	return (await Promise.all(pictures)).flat();
}

function kindOf({ label, surface }: NamedSurface): string {
	return `${label}, a ${surface.y === null ? "line" : "plane"},`;
}
