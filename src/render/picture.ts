import { OptionError } from "../errors.js";
import { surfaceDigest } from "../surface/digest.js";
import type { Surface } from "../surface/surface.js";
import { svgToPng } from "./encode.js";
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
	const versions = new Set(surfaces.map(({ provenance }) => provenance.version));
	const text = {
		Title: title,
		Description: description,
		Software: `isoloss ${[...versions].join(", ")}`,
		Source: surfaces.map((surface) => `surface ${surfaceDigest(surface)}`).join(", "),
	};
	const bytesOf = async (format: "svg" | "png") =>
		format === "svg" ? new TextEncoder().encode(svg) : await svgToPng(svg, pixelRatio, text);
	return Promise.all(formats.map(async (format) => ({ name: `${name}.${format}`, bytes: await bytesOf(format) })));
}
