import { gridPoints } from "../../surface/grid.js";
import type { SurfaceCheck } from "../check.js";
import { diagramFor, finer, isBetweenNetworks } from "../facts.js";

/** Minima a hundred points: a surface with more of them is as rough as its grid is fine. */
const DENSE = 2;

/** Whether there are minima besides the one that the picture is of. */
export const minima: SurfaceCheck = {
	name: "minima",
	question: "Is there one basin?",
	needs: "surface",
	ofShape: true,
	answer({ surface, name, sweepWith }) {
		if (isBetweenNetworks(surface)) return null;
		const found = diagramFor(surface);
		if (found === null) return null;
		const deep = found.minima.filter(({ significant }) => significant).length;
		const all = found.minima.length;
		const dense = (100 * all) / gridPoints(surface.grid) > DENSE;
		const text = all === 1 ? "There is one minimum." : `There are ${all} minima, ${deep} of them significant.`;
		if (deep <= 1 && !dense) return { verdict: "fine", text };
		if (dense)
			return {
				verdict: "doubtful",
				text: `${text} That is one in every ${Math.round(gridPoints(surface.grid) / all)} points: the surface is rough down to the grid, be it by itself or by noise of few samples, and a finer grid may show more.`,
				command: sweepWith(finer(surface.grid)),
			};
		return {
			verdict: "doubtful",
			text: `${text} Which of them a description of "the basin" means has to be said.`,
			command: `isoloss topology ${name}`,
		};
	},
};
