import { formatNumber } from "../../render/parts/ticks.js";
import type { NetworkCheck } from "../check.js";

/** Cosines from which on axes drawn at right angles mislead, and from which on there is hardly a second one. */
const [SKEW, PARALLEL] = [0.3, 0.9];

/** Whether the two directions are two. */
export const angle: NetworkCheck = {
	name: "angle",
	question: "Are the directions at right angles?",
	needs: "network",
	answer({ sweepWith }, { cosine }) {
		if (cosine === null) return null;
		const degrees = (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
		const text = `The cosine between δ and η is ${formatNumber(Number(cosine.toPrecision(3)))}, ${Math.round(degrees)}°.`;
		const size = Math.abs(cosine);
		if (size < SKEW) return { verdict: "fine", text };
		return {
			verdict: size > PARALLEL ? "wrong" : "doubtful",
			text: `${text} Drawn at right angles, round basins look like narrow valleys${size > PARALLEL ? ", and the plane is hardly more than a line" : ""}.`,
			command: sweepWith({ directions: undefined, to: undefined, bias: undefined, freeze: undefined, only: undefined }),
		};
	},
};
