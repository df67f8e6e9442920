import { areaBelow } from "../../measure/area-below.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { type Axis, axesOf, isLine, regularGrid } from "../../surface/grid.js";
import { mainField, type Surface } from "../../surface/surface.js";
import type { EvaluationCheck } from "../check.js";
import { finiteLosses } from "../facts.js";
import { rankCorrelation } from "../rank-correlation.js";

/** Other planes than the run's, points a side, and samples at most. */
const [SEEDS, STEPS, MOST] = [3, 9, 64];
/** Rank correlations at least, and how many times as wide basins may be, that count as the same shape. */
const [ALIKE, UNLIKE, TIMES] = [0.7, 0.3, 3];

/** Trainings that lie beside the plane are not asked for. */
const alone = { trajectory: undefined, mark: undefined } as const;

/** Whether another random plane has the same shape: what one seed alone shows is chance. */
export const seeds: EvaluationCheck = {
	name: "seeds",
	question: "Do other seeds agree?",
	needs: "evaluation",
	ofShape: true,
	async answer({ surface, sweepWith }, made, evaluations) {
		const { directions = "random", seed = 0, section } = surface.provenance.request ?? {};
		if (directions !== "random" || section !== undefined || made.problem.section.anchors.length > 1) return null;
		const { x, y } = axesOf(surface.grid);
		if (x.steps === 1) return null;
		const coarse = (axis: Axis): Axis => ({ ...axis, steps: Math.min(STEPS, axis.steps) });
		const grid = regularGrid(coarse(x), y === null ? null : coarse(y));
		const samples = Math.min(MOST, made.problem.data.samples);
		const surfaces: Surface[] = [];
		const numbers = Array.from({ length: SEEDS + 1 }, (_, i) => Number(seed) + i);
		for (const number of numbers) {
			const other = await evaluations.resolveWith({
				...alone,
				seed: number,
				samples,
				x: grid.axes[0],
				y: grid.axes[1] ?? null,
			});
			await other.trajectory?.checkpoints.close();
			surfaces.push(await evaluations.surfaceOf(other, grid));
		}
		const correlations = surfaces.flatMap((a, i) =>
			surfaces.slice(i + 1).map((b) => rankCorrelation(lossesOf(a), lossesOf(b))),
		);
		const sorted = finiteLosses(surfaces[0] ?? surface).sort();
		const level = sorted[Math.floor(sorted.length / 3)] ?? Number.NaN;
		const areas = surfaces.map((each) => areaBelow(each, { level }) ?? Number.NaN);
		const least = Math.min(...correlations);
		const times = Math.max(...areas) / Math.min(...areas);
		const what = isLine(grid) ? "lengths" : "areas";
		const text = `Seeds ${numbers.join(", ")} on ${STEPS} points a side and ${samples} samples: rank correlations of the losses from ${formatNumber(Number(least.toPrecision(2)))} to ${formatNumber(Number(Math.max(...correlations).toPrecision(2)))}; ${what} below ${formatNumber(Number(level.toPrecision(3)))}, which a third of the first lies below, from ${formatNumber(Number(Math.min(...areas).toPrecision(2)))} to ${formatNumber(Number(Math.max(...areas).toPrecision(2)))}.`;
		if (least >= ALIKE && times <= TIMES) return { verdict: "fine", text };
		return {
			verdict: least < UNLIKE ? "wrong" : "doubtful",
			text: `${text} Other planes look otherwise: what this one shows is as much of its seed as of the network. Sweep several, and show them side by side.`,
			command: sweepWith({ seed: Number(seed) + 1 }),
		};
	},
};

function lossesOf(surface: Surface): Float64Array {
	return mainField(surface).values;
}
