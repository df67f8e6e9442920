import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isProcess } from "./lock.js";

/**
 * Removes what killed processes have left of files that they were writing: `NAME.PID.tmp`, of processes that are gone.
 *
 * @param names the files that may be meant, so that nobody else's are
 */
export async function removeLitter(directory: string, names: RegExp): Promise<void> {
	for (const entry of await readdir(directory)) {
		const [, name = "", pid = ""] = /^(.*)\.(\d+)\.tmp$/.exec(entry) ?? [];
		if (names.test(name) && !isProcess(Number(pid))) await rm(join(directory, entry), { force: true });
	}
}
