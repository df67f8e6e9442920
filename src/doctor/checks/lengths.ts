import { formatNumber } from "../../render/parts/ticks.js";
import { norm } from "../../section/products.js";
import { axesOf } from "../../surface/grid.js";
import type { NetworkCheck } from "../check.js";
import { isBetweenNetworks, rounded } from "../facts.js";

/** How far the edge may be from the origin, in lengths of its parameters, before what is there has little to do with the network. */
const [FAR, LOST] = [3, 20];
/** How unlike the two sides may be. */
const [UNLIKE, STRETCHED] = [5, 50];

/** How far the picture goes, measured by the network itself. */
export const lengths: NetworkCheck = {
	name: "lengths",
	question: "Are the axes of a scale that suits the network?",
	needs: "network",
	answer({ surface, sweepWith }, { problem }) {
		if (isBetweenNetworks(surface) || problem.section.weighting !== "affine") return null;
		const [origin, ...directions] = problem.section.vectors;
		const length = origin === undefined ? 0 : norm(origin);
		const { x, y } = axesOf(surface.grid);
		const reach = [x, ...(y === null ? [] : [y])].map((axis, i) => {
			const direction = directions[i];
			const most = Math.max(Math.abs(axis.min), Math.abs(axis.max));
			return direction === undefined ? 0 : (most * norm(direction)) / length;
		});
		const norms = directions.map((direction) => formatNumber(Number(norm(direction).toPrecision(3))));
		const [least, most] = [Math.min(...reach), Math.max(...reach)];
		const text = `The parameters have length ${formatNumber(Number(length.toPrecision(3)))}, the ${norms.length === 1 ? "direction" : "directions"} ${norms.join(" and ")}: the edges are ${reach.map((each) => formatNumber(Number(each.toPrecision(2)))).join(" and ")} lengths of the parameters away.`;
		const isUneven = least > 0 && most / least > UNLIKE;
		if (most <= FAR && !isUneven) return { verdict: "fine", text };
		if (most > FAR)
			return {
				verdict: most > LOST ? "wrong" : "doubtful",
				text: `${text} Out there the network has been replaced by noise; filter normalisation makes a step of 1 as long as each filter.`,
				command: sweepWith({ norm: undefined, x: undefined, y: y === null ? null : undefined }),
			};
		const factors = reach.map((each) => rounded(least / each));
		const axes = surface.grid.axes.map(({ min, max, steps }, i) => ({
			...{ min: rounded(min * (factors[i] ?? 1)), max: rounded(max * (factors[i] ?? 1)) },
			steps,
		}));
		return {
			verdict: most / least > STRETCHED ? "wrong" : "doubtful",
			text: `${text} The two axes are of unlike scale: a basin that looks narrow along one may be as wide.`,
			command: sweepWith({ x: axes[0], y: axes[1] }),
		};
	},
};
