import { OptionError } from "../errors.js";
import { surfaceDigest } from "../surface/digest.js";
import type { Surface } from "../surface/surface.js";
import { type PictureText, type Pixels, svgsToAnimations, svgToPng, svgToWebp } from "./encode.js";
import type { Film } from "./film.js";
import type { PictureFormat } from "./formats.js";
import type { Look } from "./parts/look.js";
import { type Extent, pagePoints, pixelRatioOf, pixelsPerMetre, sized } from "./parts/size.js";
import { WIDTH } from "./parts/width.js";
import { svgToPdf } from "./pdf/index.js";

/** A finished picture: its file name within a run, and its bytes. */
export interface Picture {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** An SVG document with what PNGs made of it say about themselves. */
export interface Drawing {
	readonly svg: string;
	readonly title: string;
	readonly description: string;
}

/** @throws {OptionError} for a width, in user units, at which type of a fixed size has no room, or far too much */
export function checkWidth(width: number): void {
	const { least, most } = WIDTH;
	if (!(width >= least && width <= most)) throw new OptionError("width", `expected ${least} to ${most}, got ${width}`);
}

/** How pictures become files. */
export interface FileOptions extends Look, Extent {
	readonly formats?: readonly PictureFormat[];
}

/**
 * The files that a picture becomes, of some surfaces or of none, one a format; none where there is nothing to draw. What is edited
 * is text in SVG alone: files of other formats have outlines, which look the same on every machine.
 *
 * @param usual the formats where none are asked for
 */
export async function picturesOf(
	name: string,
	usual: readonly PictureFormat[],
	draw: (look: Look) => Drawing | null | Promise<Drawing | null>,
	options: FileOptions,
	surfaces: readonly Surface[],
): Promise<Picture[]> {
	const formats = [...new Set(options.formats ?? usual)];
	const look = { ...options, text: "outline" } as const;
	const outlined = await draw(look);
	if (outlined === null) return [];
	const isEdited = options.text === "text" && formats.includes("svg");
	const edited = isEdited ? ((await draw({ ...look, text: "text" })) ?? outlined) : outlined;
	const text = textOf(outlined.title, outlined.description, surfaces);
	const bytesOf = (format: PictureFormat) =>
		format === "svg"
			? new TextEncoder().encode(sized(edited.svg, options))
			: encoders[format](outlined.svg, options, text);
	return Promise.all(formats.map(async (format) => ({ name: `${name}.${format}`, bytes: await bytesOf(format) })));
}

/** How an SVG document becomes a file of each other format. */
const encoders: Readonly<
	Record<Exclude<PictureFormat, "svg">, (svg: string, options: FileOptions, text: PictureText) => Promise<Uint8Array>>
> = {
	png: (svg, options, text) => svgToPng(svg, pixelsFor(svg, options), text),
	webp: (svg, options, text) => svgToWebp(svg, pixelsFor(svg, options), text),
	pdf: (svg, options, text) => svgToPdf(svg, pagePoints(options, widthIn(svg)), text),
};

function pixelsFor(svg: string, { size, theme }: FileOptions): Pixels {
	const width = widthIn(svg);
	const extent = { width, ...(size !== undefined && { size }) };
	const scale = pixelRatioOf(extent);
	return { scale, clear: theme === "transparent", perMetre: pixelsPerMetre(extent, width * scale) };
}

/** How wide an SVG document of ours is, in user units. */
function widthIn(svg: string): number {
	return Number(/ width="([\d.]+)"/.exec(svg)?.[1]);
}

/** What a picture of some surfaces says of itself; of none it says no more than what it shows. */
function textOf(title: string, description: string, surfaces: readonly Surface[]): PictureText {
	if (surfaces.length === 0) return { Title: title, Description: description, Software: "isoloss" };
	const versions = new Set(surfaces.map(({ provenance }) => provenance.version));
	return {
		Title: title,
		Description: description,
		Software: ["isoloss", ...(versions.size > 0 ? [[...versions].join(", ")] : [])].join(" "),
		Source:
			surfaces.length === 0
				? "numbers given to it"
				: surfaces.map((surface) => `surface ${surfaceDigest(surface)}`).join(", "),
	};
}

/** A film has fewer pixels a user unit than a PNG, and no more across than a page shows: it is as many files as it has frames. */
const [FILM_RATIO, MOST_PIXELS] = [1.5, 1200];

/** The files that a film of a surface becomes: `NAME.webp` and `NAME.gif`. */
export async function filmFiles(name: string, film: Film, surface: Surface): Promise<Picture[]> {
	const { webp, gif } = await svgsToAnimations(
		framesOf(film),
		Math.min(FILM_RATIO, MOST_PIXELS / film.width),
		film.delays,
		textOf(film.title, film.description, [surface]),
	);
	return [
		{ name: `${name}.webp`, bytes: webp },
		{ name: `${name}.gif`, bytes: gif },
	];
}

async function* framesOf({ delays, draw }: Film): AsyncGenerator<string> {
	for (const frame of delays.keys()) yield await draw(frame);
}
