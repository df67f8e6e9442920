import { isPerhaps, isSwitch, isText } from "../check/values.js";
import { RunMismatchError } from "../errors.js";
import { readIfPresent } from "../files/read.js";
import { openDirectory, runPath, tablePath, trajectoryPath } from "../run/directory.js";
import { readRun } from "../store/run.js";
import { planDifferences } from "../surface/provenance.js";
import { checkSurface, type Surface } from "../surface/surface.js";

/**
 * Writes a surface as the directory of a run: `run.msgpack`, `surface.csv`, and `trajectory.csv` where it has trainings. Paths of the files.
 *
 * @param fresh take the place of whatever run the directory holds
 * @throws {RunMismatchError} when it holds another run, naming what differs, or points that the surface has not
 * @throws {LockedError}      when another process writes to it
 */
export async function writeRun(directory: string, surface: Surface, fresh = false): Promise<string[]> {
	isText("directory", directory);
	checkSurface("surface", surface);
	isPerhaps(isSwitch)("fresh", fresh);
	const path = runPath(directory);
	if (!fresh && (await readIfPresent(path)) !== undefined) {
		const { provenance, done } = (await readRun(path)).surface;
		const differences = planDifferences(provenance.plan, surface.provenance.plan);
		const lost = done.filter((mark, point) => mark === 1 && surface.done[point] !== 1).length;
		if (lost > 0) differences.push(`${lost} points are computed there and not here`);
		if (differences.length > 0) throw new RunMismatchError(path, differences);
	}
	const store = await openDirectory(directory, surface, true);
	await store.close();
	const trajectories = surface.trajectories === undefined ? [] : [trajectoryPath(directory)];
	return [path, tablePath(directory), ...trajectories];
}
