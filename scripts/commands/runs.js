import { stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Where the run file lies: the path itself, or run.msgpack in it where it is a directory.
 *
 * @param {string} given
 */
export async function runFile(given) {
	const directory = (await stat(given).catch(() => undefined))?.isDirectory() ?? false;
	return directory ? join(given, "run.msgpack") : given;
}
