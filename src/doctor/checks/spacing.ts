import { gridLines } from "../../measure/lines.js";
import { planeScale } from "../../render/parts/scale.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { mainField } from "../../surface/surface.js";
import type { SurfaceCheck } from "../check.js";
import { finer, finiteLosses } from "../facts.js";

/** An isoline shifted by more than so many cells is somewhere else; where the scale changes by less than so much there is none. */
const [SHIFT, STEP] = [0.5, 0.01];
/** Of the stretches between two points that lines can cross. */
const [SOME, MANY] = [0.05, 0.25];

/**
 * Whether lines between points are where they seem: in the middle between two, a straight line and a cubic through four give values whose
 * difference, over the slope there, is a shift of the isoline. Values as they are drawn, on the scale of the colours.
 */
export const spacing: SurfaceCheck = {
	name: "spacing",
	question: "Is the grid fine enough for its lines?",
	needs: "surface",
	answer({ surface, sweepWith }) {
		const losses = finiteLosses(surface);
		if (losses.length === 0) return null;
		const { position } = planeScale(mainField(surface), losses);
		let [stretches, shifted] = [0, 0];
		for (const axis of ["x", "y"] as const)
			for (const { values } of gridLines(surface, axis))
				for (let i = 1; i + 2 < values.length; i++) {
					const [a = 0, b = 0, c = 0, d = 0] = values.subarray(i - 1, i + 3).map(position);
					const slope = Math.abs(c - b);
					const bend = Math.abs((b + c - a - d) / 16);
					if (!Number.isFinite(bend) || Math.max(slope, bend) < STEP) continue;
					stretches += 1;
					if (bend > SHIFT * slope) shifted += 1;
				}
		if (stretches === 0) return null;
		const share = shifted / stretches;
		const text = `On ${shifted} of ${stretches} stretches between neighbouring points (${formatNumber(Number((100 * share).toPrecision(2)))} %), a straight line and a cubic put an isoline more than half a cell apart.`;
		if (share <= SOME) return { verdict: "fine", text };
		return {
			verdict: share > MANY ? "wrong" : "doubtful",
			text: `${text} What is drawn between the points is guessed there: bumps narrower than two cells are not seen, or seen as others.`,
			command: sweepWith(finer(surface.grid)),
		};
	},
};
