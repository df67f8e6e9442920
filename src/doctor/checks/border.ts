import { formatNumber } from "../../render/parts/ticks.js";
import { gridPoints } from "../../surface/grid.js";
import { extrema, originPoint } from "../../surface/surface.js";
import type { SurfaceCheck } from "../check.js";
import { axesAround, isBetweenNetworks, narrowed, placeText } from "../facts.js";

/** Whether the picture holds the origin and its lowest place with room around them. */
export const border: SurfaceCheck = {
	name: "border",
	question: "Does the picture hold the origin, and its lowest place inside?",
	needs: "surface",
	ofShape: true,
	answer({ surface, sweepWith }) {
		const { grid } = surface;
		const point = originPoint(surface);
		const isHeld = point >= 0 && point < gridPoints(grid);
		const command = sweepWith(axesAround(grid));
		if (!isHeld && !grid.axes.every(({ min, max }) => min < 0 && max > 0))
			return {
				verdict: "wrong",
				text: "The origin lies beyond the axes, or on their end: what is drawn is beside the network.",
				command,
			};
		const lowest = extrema(surface)?.min;
		if (lowest === undefined) return null;
		const ends = grid.axes.map(
			({ min, max, steps }, i) => steps > 1 && [min, max].includes(i === 0 ? lowest.alpha : lowest.beta),
		);
		if (ends.includes(true) && !isBetweenNetworks(surface))
			return {
				verdict: "doubtful",
				text: `The lowest loss, ${formatNumber(lowest.value)} at ${placeText(surface, lowest)}, lies at the edge: the way down goes on outside.`,
				command: sweepWith(narrowed(grid, 2)),
			};
		const between = isHeld
			? ""
			: " The origin lies between points of the grid, which has none there: an odd number of steps has.";
		return {
			verdict: isHeld ? "fine" : "doubtful",
			text: `The origin and the lowest place, ${placeText(surface, lowest)}, lie inside.${between}`,
			...(isHeld ? {} : { command }),
		};
	},
};
