import { formatNumber } from "../../render/parts/ticks.js";
import { gridPoints } from "../../surface/grid.js";
import type { SurfaceCheck } from "../check.js";

/** With so few points computed an error estimate has little to go by. */
const MOST = 0.95;

/** Whether values were computed or predicted from others. */
export const interpolated: SurfaceCheck = {
	name: "interpolated",
	question: "Are values computed, not predicted?",
	needs: "surface",
	answer({ surface }) {
		const points = gridPoints(surface.grid);
		const predicted = surface.interpolated?.subarray(0, points).reduce((sum, mark) => sum + mark, 0) ?? 0;
		if (predicted === 0) return null;
		const share = predicted / points;
		const text = `${predicted} of ${points} points (${formatNumber(Number((100 * share).toPrecision(3)))} %) are interpolated between computed ones, by a rule that looks where lines run: fine for contours, not for values to quote.`;
		return { verdict: share > MOST ? "doubtful" : "fine", text };
	},
};
