import { join } from "node:path";
import { exportSurface } from "../export/index.js";
import { formatTrajectory } from "../export/trajectory.js";
import { prepareDirectory } from "../files/directory.js";
import { removeLitter } from "../files/litter.js";
import { lock } from "../files/lock.js";
import { writeWhole } from "../files/write.js";
import { openRun, type Store } from "../store/run.js";
import type { Surface } from "../surface/surface.js";

/**
 * Opens the run of a directory, which no other process may write until it is closed.
 *
 * @throws {OptionError} when the directory can't be written to
 * @throws {LockedError} when another process writes to it
 */
export async function openDirectory(directory: string, empty: Surface, fresh: boolean): Promise<Store> {
	await prepareDirectory(directory);
	const unlock = await lock(runPath(directory));
	try {
		await removeLitter(directory, /^(run\.msgpack|(surface|trajectory)\.csv|[\w-]+\.(png|svg))(\.lock)?$/);
		const store = await openRun(runPath(directory), empty, fresh);
		return { ...store, close: () => finish(directory, store).finally(unlock) };
	} catch (error) {
		await unlock();
		throw error;
	}
}

/** Closes the run file, and writes the table of its surface beside it. */
async function finish(directory: string, store: Store): Promise<void> {
	await store.close();
	await writeWhole(tablePath(directory), await exportSurface(store.surface, tablePath(directory)));
	const trajectory = formatTrajectory(store.surface);
	if (trajectory !== undefined) await writeWhole(trajectoryPath(directory), trajectory);
}

export function runPath(directory: string): string {
	return join(directory, "run.msgpack");
}

/** The table of the networks of trainings, where a surface has any. */
export function trajectoryPath(directory: string): string {
	return join(directory, "trajectory.csv");
}

export function tablePath(directory: string): string {
	return join(directory, "surface.csv");
}
