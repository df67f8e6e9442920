import { planeScale } from "../../render/parts/scale.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { isLine } from "../../surface/grid.js";
import { mainField } from "../../surface/surface.js";
import type { SurfaceCheck } from "../check.js";
import { finiteLosses } from "../facts.js";

/** Nine tenths of the points within so much of the colours: the picture is one colour with a bright corner. */
const [SHARE, ONE_COLOUR] = [0.9, 0.15];

/** Whether a few high points take all the colours. */
export const colours: SurfaceCheck = {
	name: "colours",
	question: "Do the colours show the most of the plane?",
	needs: "surface",
	ofShape: true,
	answer({ surface, name }) {
		if (isLine(surface.grid)) return null;
		const losses = finiteLosses(surface).sort();
		const [low = 0, high = 0] = [losses[0], losses.at(-1)];
		if (losses.length === 0 || low === high) return null;
		const scale = planeScale(mainField(surface), losses);
		const most = losses[Math.floor(SHARE * (losses.length - 1))] ?? high;
		const used = scale.position(most);
		const text = `Nine tenths of the points have losses up to ${formatNumber(most)}, which is ${formatNumber(Number((100 * used).toPrecision(2)))} % of the way up the ${scale.kind} scale, ${formatNumber(low)} to ${formatNumber(high)}.`;
		if (used >= ONE_COLOUR) return { verdict: "fine", text };
		return {
			verdict: "doubtful",
			text: `${text} A few high points take the colours of all others.`,
			command:
				low > 0 && scale.kind === "linear"
					? `isoloss render ${name} --scale log`
					: `isoloss render ${name} --zmax ${Number(most.toPrecision(3))}`,
		};
	},
};
