import { OptionError } from "../errors.js";
import { surfaceDigest } from "../surface/digest.js";
import type { Surface } from "../surface/surface.js";
import { type PictureText, svgsToAnimations, svgToPng } from "./encode.js";
import type { Film } from "./film.js";
import { WIDTH } from "./options.js";
import { pixelRatio } from "./parts/cells.js";

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

/** The files that a drawing of some surfaces becomes, one a format. */
export async function picturesOf(
	name: string,
	formats: readonly ("svg" | "png")[],
	{ svg, title, description }: Drawing,
	surfaces: readonly Surface[],
): Promise<Picture[]> {
	const text = textOf(title, description, surfaces);
	const bytesOf = async (format: "svg" | "png") =>
		format === "svg" ? new TextEncoder().encode(svg) : await svgToPng(svg, pixelRatio, text);
	return Promise.all(formats.map(async (format) => ({ name: `${name}.${format}`, bytes: await bytesOf(format) })));
}

/** What a picture of some surfaces says of itself. */
function textOf(title: string, description: string, surfaces: readonly Surface[]): PictureText {
	const versions = new Set(surfaces.map(({ provenance }) => provenance.version));
	return {
		Title: title,
		Description: description,
		Software: `isoloss ${[...versions].join(", ")}`,
		Source: surfaces.map((surface) => `surface ${surfaceDigest(surface)}`).join(", "),
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
