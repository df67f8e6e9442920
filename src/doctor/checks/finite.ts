import { formatNumber } from "../../render/parts/ticks.js";
import { gridPoints } from "../../surface/grid.js";
import { mainField } from "../../surface/surface.js";
import type { SurfaceCheck } from "../check.js";
import { narrowed } from "../facts.js";

/** The largest number of float32, in which networks compute: beyond lies overflow. */
const LARGEST = 3.4028234663852886e38;
/** Above this much of the largest number, sums of squares of outputs are on their way to overflow. */
const NEAR = 1e30;

/** NaN, overflow, and losses that come near it. */
export const finite: SurfaceCheck = {
	name: "finite",
	question: "Are all values finite, and far from overflow?",
	needs: "surface",
	answer({ surface, sweepWith }) {
		const points = gridPoints(surface.grid);
		const values = mainField(surface)
			.values.subarray(0, points)
			.filter((_, point) => surface.done[point] === 1);
		const odd = values.filter((value) => !Number.isFinite(value)).length;
		const most = values.filter(Number.isFinite).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
		const share = odd / Math.max(1, values.length);
		if (odd === 0 && most < NEAR)
			return { verdict: "fine", text: `All ${values.length} losses are finite; the largest is ${formatNumber(most)}.` };
		const what =
			odd > 0
				? `${odd} of ${values.length} losses (${formatNumber(100 * share)} %) are NaN or infinite`
				: `The largest loss is ${formatNumber(most)}`;
		const text = `${what}: out there the network's numbers leave float32, which ends at ${formatNumber(LARGEST)}, or statistics between networks have no variance. Colours are of the rest; a narrower range shows where the loss still means something.`;
		return { verdict: share > 0.2 ? "wrong" : "doubtful", text, command: sweepWith(narrowed(surface.grid, 0.5)) };
	},
};
