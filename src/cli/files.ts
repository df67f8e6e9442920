import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type PictureOptions, render, type Surface, writeAll } from "../index.js";
import { viewerPage } from "../view/index.js";

/** Where a run file lies: the path itself, or run.msgpack in it where it is a directory. */
export async function runFile(given: string): Promise<string> {
	const directory = (await stat(given).catch(() => undefined))?.isDirectory() ?? false;
	return directory ? join(given, "run.msgpack") : given;
}

/** What a run is called beside others: its directory's name. */
export function runName(path: string): string {
	return basename(dirname(resolve(path)));
}

/** What a run is drawn as. */
export interface Drawing extends PictureOptions {
	/** Leaves the page of a plane out. */
	readonly noViewer?: boolean;
}

/** Draws a surface into a directory, and makes the page of a plane; the paths of pictures and page. */
export async function writePictures(
	surface: Surface,
	directory: string,
	{ noViewer = false, ...options }: Drawing,
): Promise<string[]> {
	const pictures = await render(surface, options);
	const isViewed = !noViewer && surface.grid.axes.length === 2;
	const page = { name: VIEWER, bytes: isViewed ? viewerPage([{ surface }]) : "" };
	return writeAll(directory, [...pictures, ...(isViewed ? [page] : [])]);
}

/** The page of a run, beside its pictures. */
export const VIEWER = "viewer.html";
