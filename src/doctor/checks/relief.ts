import { formatNumber } from "../../render/parts/ticks.js";
import type { SurfaceCheck } from "../check.js";
import { isRounding, narrowed, reliefOf, usualAxes } from "../facts.js";

/** Of the loss: below, a picture shows next to nothing. */
const FLAT = 0.02;

/** Whether the range is so narrow that there is nothing to see. */
export const relief: SurfaceCheck = {
	name: "relief",
	question: "Is there relief, well above rounding?",
	needs: "surface",
	answer({ surface, sweepWith }) {
		const { low, high, share, points } = reliefOf(surface);
		if (points < 2) return null;
		const text = `Losses go from ${formatNumber(low)} to ${formatNumber(high)}, by ${formatNumber(Number((100 * share).toPrecision(3)))} % of the largest.`;
		if (share >= FLAT) return { verdict: "fine", text };
		const wider = sweepWith(isRounding(surface) ? usualAxes(surface.grid) : narrowed(surface.grid, 10));
		if (isRounding(surface))
			return {
				verdict: "wrong",
				text: `${text} Outputs are float32, whose rounding is about 10⁻⁷ of each: the picture is rounding, stretched to all its colours. Nothing is asked of its shape.`,
				command: wider,
			};
		return {
			verdict: "doubtful",
			text: `${text} The scale stretches next to nothing to all its colours: the range is too narrow to say anything of the basin, or nothing moves that matters.`,
			command: wider,
		};
	},
};
