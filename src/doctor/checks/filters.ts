import { filterCount, filterNumbers, parameterLayout, slice } from "../../network/parameters.js";
import { formatNumber } from "../../render/parts/ticks.js";
import type { NetworkCheck } from "../check.js";

/** Shares of filters of length 0: below is what training leaves behind now and then; above, a pruned or half-loaded network. */
const [SOME, MANY] = [0.05, 0.5];

/** Filters of length 0, along which a filter-normalised direction has none either. */
export const filters: NetworkCheck = {
	name: "filters",
	question: "Have all filters a length?",
	needs: "network",
	answer({ surface, sweepWith }, { network }) {
		const isNormalised = surface.provenance.caption.includes("norm filter");
		if (!isNormalised) return null;
		const { parameters } = network.state;
		let [dead, all] = [0, 0];
		const where: string[] = [];
		for (const slot of parameterLayout(network.graph).slots) {
			if (slot.kind !== "kernel") continue;
			const count = filterCount(slot.shape, slot.filterAxes);
			const numbers = filterNumbers(slot.shape, slot.filterAxes);
			const alive = new Uint8Array(count);
			for (const [i, value] of slice(parameters, slot).entries()) if (value !== 0) alive[numbers[i] ?? 0] = 1;
			const here = alive.filter((mark) => mark === 0).length;
			if (here > 0) where.push(`${here} of ${count} of ${slot.name}`);
			dead += here;
			all += count;
		}
		if (dead === 0) return { verdict: "fine", text: `All ${all} filters have a length above 0.` };
		const share = dead / Math.max(1, all);
		const text = `${dead} of ${all} filters are all zeros (${formatNumber(Number((100 * share).toPrecision(2)))} %): ${where.slice(0, 4).join(", ")}. Filter normalisation gives them a direction of 0, so that they stay.`;
		if (share <= SOME) return { verdict: "fine", text };
		return { verdict: share > MANY ? "wrong" : "doubtful", text, command: sweepWith({ norm: "layer" }) };
	},
};
