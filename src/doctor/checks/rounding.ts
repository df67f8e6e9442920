import { formatNumber } from "../../render/parts/ticks.js";
import { inMemory } from "../../section/vector.js";
import { axesOf } from "../../surface/grid.js";
import type { NetworkCheck } from "../check.js";
import { spacingOf, usualAxes } from "../facts.js";

/** Shares of the parameters that a step does not move: rounded away, or to the nearest of few values. */
const [SOME, MANY] = [0.05, 0.5];

/**
 * Whether a step of the grid is more than float32 rounds away: a parameter that moves by less than half the distance to the next number of
 * float32 does not move at all.
 */
export const rounding: NetworkCheck = {
	name: "rounding",
	question: "Do steps of the grid survive float32?",
	needs: "network",
	answer({ surface, sweepWith }, { problem }) {
		const [origin, ...directions] = problem.section.vectors.map(inMemory);
		const { x, y } = axesOf(surface.grid);
		const axes = y === null ? [x] : [x, y];
		if (origin === undefined || problem.section.weighting !== "affine" || axes.some(({ steps }) => steps === 1))
			return null;
		const lost = directions.map((direction, axis) => {
			const step = spacingOf(axes[axis] ?? x);
			let [moves, stays] = [0, 0];
			for (let i = 0; i < origin.length; i++) {
				const move = direction[i] ?? 0;
				if (move === 0) continue;
				const here = origin[i] ?? 0;
				moves += 1;
				if (Math.fround(here + step * move) === Math.fround(here)) stays += 1;
			}
			return moves === 0 ? 0 : stays / moves;
		});
		const worst = Math.max(...lost);
		const text = `A step of the grid leaves ${lost.map((share) => `${formatNumber(Number((100 * share).toPrecision(2)))} %`).join(" and ")} of the parameters that should move where they are, along ${lost.length === 1 ? "α" : "α and β"}.`;
		if (worst <= SOME) return { verdict: "fine", text };
		return {
			verdict: worst > MANY ? "wrong" : "doubtful",
			text: `${text} Steps are below what float32 tells apart at the size of the parameters: the surface has terraces of rounding.`,
			command: sweepWith(usualAxes(surface.grid)),
		};
	},
};
