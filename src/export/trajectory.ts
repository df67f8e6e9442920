import { checkSurface, type Surface } from "../surface/surface.js";
import { allPaths, surfaceLosses } from "../surface/trajectory.js";
import { quoted } from "./csv.js";

/**
 * The networks of a surface's trainings as a table: where they lie, how far off the plane, their loss with the origin's running
 * statistics and with their own, and the surface's where they are drawn; undefined of a surface without any.
 */
export function formatTrajectory(surface: Surface): string | undefined {
	checkSurface("surface", surface);
	const { trajectories } = surface;
	if (trajectories === undefined) return undefined;
	const drawn = surfaceLosses(surface);
	const lines = allPaths(trajectories).flatMap(({ label, points }, path) =>
		points.map(({ file, at: [x = 0, y = 0], offPlane, offPlaneShare, loss, lossOwnStatistics }, step) =>
			[
				...[step, quoted(label), quoted(file), x, y, offPlane, offPlaneShare, loss, lossOwnStatistics],
				drawn[path]?.[step] ?? Number.NaN,
			].join(","),
		),
	);
	const header = "step,trajectory,file,x,y,offPlane,offPlaneShare,loss,lossOwnStatistics,surfaceLoss";
	return `${[header, ...lines].join("\n")}\n`;
}
