import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type FigureOptions, OptionError, type PictureOptions, render, type Surface, writeAll } from "../index.js";
import { figureOptions } from "../options/shared.js";
import { viewerPage } from "../view/index.js";

/** Where a run file lies: the path itself, or run.msgpack in it where it is a directory. */
export async function runFile(given: string): Promise<string> {
	const directory = (await stat(given).catch(() => undefined))?.isDirectory() ?? false;
	return directory ? join(given, "run.msgpack") : given;
}

/** Where a command writes where nothing is said: a directory for each network and digest. */
export function usualDirectory(kind = ""): (name: string, digest: string) => string {
	return (name, digest) => join("runs", `${kind}${name.replaceAll(/[^\w.-]+/g, "-")}-${digest.slice(0, 8)}`);
}

/** What a run is called beside others: its directory's name. */
export function runName(path: string): string {
	return basename(dirname(resolve(path)));
}

/** Draws a surface into a directory; the paths of the pictures. */
export async function writePictures(surface: Surface, directory: string, options: PictureOptions): Promise<string[]> {
	return writeAll(directory, await render(surface, options));
}

/** @throws {OptionError} for moving pictures where there are to be none */
export function checkNoPictures(noPictures: boolean, { animate }: PictureOptions): void {
	if (noPictures && animate !== undefined)
		throw new OptionError("noPictures", "expected no --animate with it, which asks for some");
}

/** The page of a run, beside its pictures. */
export const VIEWER = "viewer.html";

/** Writes the page of a plane into a directory; its path. A line has none. */
export async function writeViewer(surface: Surface, directory: string): Promise<string[]> {
	if (surface.grid.axes.length === 1) return [];
	return writeAll(directory, [{ name: VIEWER, bytes: viewerPage([{ surface }]) }]);
}

/** Options of figures apart from all others. */
export function figuresApart<Options extends FigureOptions>(
	options: Options,
): { readonly pictures: FigureOptions; readonly rest: Omit<Options, keyof FigureOptions> } {
	const isOfFigures = ([name]: readonly [string, unknown]) => Object.hasOwn(figureOptions, name);
	const given = Object.entries(options);
	return {
		pictures: Object.fromEntries(given.filter(isOfFigures)),
		rest: Object.fromEntries(given.filter((entry) => !isOfFigures(entry))) as Omit<Options, keyof FigureOptions>,
	};
}
