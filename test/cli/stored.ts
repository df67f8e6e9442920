import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openRun } from "../../src/store/run.js";
import { batchOf, type Surface } from "../../src/surface/surface.js";

/** A run file of a surface, as a sweep leaves it. */
export async function store(directory: string, surface: Surface): Promise<void> {
	await mkdir(directory, { recursive: true });
	const file = await openRun(
		join(directory, "run.msgpack"),
		{ ...surface, done: new Uint8Array(surface.done.length) },
		false,
	);
	await file.append(batchOf(surface, 0, surface.done.length));
	await file.close();
}
