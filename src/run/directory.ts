import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { OptionError } from "../errors.js";
import { formatCsv } from "../export/csv.js";
import { describeSystemError } from "../files/read.js";
import { writeWhole } from "../files/write.js";
import { openRun, type Store } from "../store/run.js";
import type { Surface } from "../surface/surface.js";

/** @throws {OptionError} when the directory can't be written to */
export async function openDirectory(directory: string, empty: Surface, fresh: boolean): Promise<Store> {
	try {
		await mkdir(directory, { recursive: true });
		return await openRun(runPath(directory), empty, fresh);
	} catch (error) {
		if (error instanceof Error && "tag" in error) throw error;
		throw new OptionError(
			"out",
			`expected a directory that can be written, got "${directory}" (${describeSystemError(error)})`,
		);
	}
}

/** Writes the table of a surface beside its run file. */
export async function writeTable(directory: string, surface: Surface): Promise<void> {
	await writeWhole(tablePath(directory), formatCsv(surface));
}

export function runPath(directory: string): string {
	return join(directory, "run.msgpack");
}

export function tablePath(directory: string): string {
	return join(directory, "surface.csv");
}
