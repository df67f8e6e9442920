import { join } from "node:path";
import { exportSurface } from "../export/index.js";
import { prepareDirectory } from "../files/directory.js";
import { writeWhole } from "../files/write.js";
import { openRun, type Store } from "../store/run.js";
import type { Surface } from "../surface/surface.js";

/** @throws {OptionError} when the directory can't be written to */
export async function openDirectory(directory: string, empty: Surface, fresh: boolean): Promise<Store> {
	await prepareDirectory(directory);
	return openRun(runPath(directory), empty, fresh);
}

/** Writes the table of a surface beside its run file. */
export async function writeTable(directory: string, surface: Surface): Promise<void> {
	await writeWhole(tablePath(directory), await exportSurface(surface, tablePath(directory)));
}

export function runPath(directory: string): string {
	return join(directory, "run.msgpack");
}

export function tablePath(directory: string): string {
	return join(directory, "surface.csv");
}
