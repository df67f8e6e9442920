import { formatNumber } from "../../render/parts/ticks.js";
import { extrema, mainField, originPoint, valueAt } from "../../surface/surface.js";
import type { SurfaceCheck } from "../check.js";
import { finiteLosses, isBetweenNetworks, placeText } from "../facts.js";

/** Of the way from the lowest value to the median: what a look at the picture shows as beside the minimum, and as no minimum at all. */
const [BESIDE, FAR] = [0.05, 0.25];

/** Whether the network at the origin is the lowest thing in sight, as one at the end of its training ought to be. */
export const origin: SurfaceCheck = {
	name: "origin",
	question: "Is the origin a minimum of the picture?",
	needs: "surface",
	ofShape: true,
	answer({ surface, name }) {
		if (isBetweenNetworks(surface)) return null;
		const point = originPoint(surface);
		const here = point < 0 ? Number.NaN : valueAt(surface, mainField(surface), point);
		const lowest = extrema(surface)?.min;
		if (!Number.isFinite(here) || lowest === undefined)
			return {
				verdict: "wrong",
				text: "The loss of the network at the origin is not a finite number, so that there is nothing to compare with.",
			};
		const sorted = finiteLosses(surface).sort();
		const median = sorted[sorted.length >> 1] ?? here;
		const below = sorted.filter((value) => value < here).length;
		const share = median > lowest.value ? (here - lowest.value) / (median - lowest.value) : here > lowest.value ? 1 : 0;
		if (below === 0)
			return { verdict: "fine", text: `No point of the grid lies below the origin's loss, ${formatNumber(here)}.` };
		const facts = `${below} of ${sorted.length} points lie below the origin's loss, ${formatNumber(here)}; the lowest, ${formatNumber(lowest.value)}, is at ${placeText(surface, lowest)}`;
		const weight = `${formatNumber(100 * share)} % of the way from there up to the median`;
		if (share <= BESIDE) return { verdict: "fine", text: `${facts}. That is ${weight}, which no picture shows.` };
		return {
			verdict: share > FAR ? "wrong" : "doubtful",
			text: `${facts}: the origin stands ${weight}. It is not the minimum of what is drawn, be it that the network is not trained to its end, that these are not the data it was trained on, or that chance of few samples shifts the minimum.`,
			command: `isoloss topology ${name}`,
		};
	},
};
