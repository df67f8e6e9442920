import { gridPoints } from "../../surface/grid.js";
import type { SurfaceCheck } from "../check.js";

/** Points that a sweep has not come to yet. */
export const complete: SurfaceCheck = {
	name: "complete",
	question: "Is the sweep complete?",
	needs: "surface",
	answer({ surface, sweepWith }) {
		const points = gridPoints(surface.grid);
		const done = surface.done.subarray(0, points).reduce((sum, mark) => sum + mark, 0);
		if (done === points) return null;
		const text = `${points - done} of ${points} points are not computed: the picture has holes there, and lines end at them.`;
		return { verdict: "doubtful", text, command: sweepWith({}) };
	},
};
