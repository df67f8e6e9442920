import { formatNumber } from "../../render/parts/ticks.js";
import type { SurfaceCheck } from "../check.js";
import { finiteLosses, narrowed, usualAxes } from "../facts.js";

/** Of the loss: below, sums of float32 outputs are rounding, and a picture shows noise; below, it shows next to nothing. */
const [ROUNDING, FLAT] = [1e-5, 0.02];

/** Whether the range is so narrow that there is nothing to see. */
export const relief: SurfaceCheck = {
	name: "relief",
	question: "Is there relief, well above rounding?",
	needs: "surface",
	answer({ surface, sweepWith }) {
		const losses = finiteLosses(surface);
		if (losses.length < 2) return null;
		const [low, high] = losses.reduce(
			([least, most], value) => [Math.min(least, value), Math.max(most, value)],
			[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
		);
		const size = Math.max(Math.abs(low), Math.abs(high));
		const share = size === 0 ? 0 : (high - low) / size;
		const text = `Losses go from ${formatNumber(low)} to ${formatNumber(high)}, by ${formatNumber(Number((100 * share).toPrecision(3)))} % of the largest.`;
		if (share >= FLAT) return { verdict: "fine", text };
		const wider = sweepWith(share < ROUNDING ? usualAxes(surface.grid) : narrowed(surface.grid, 10));
		if (share < ROUNDING)
			return {
				verdict: "wrong",
				text: `${text} Outputs are float32, whose rounding is about 10⁻⁷ of each: the picture is rounding, stretched to all its colours.`,
				command: wider,
			};
		return {
			verdict: "doubtful",
			text: `${text} The scale stretches next to nothing to all its colours: the range is too narrow to say anything of the basin, or nothing moves that matters.`,
			command: wider,
		};
	},
};
