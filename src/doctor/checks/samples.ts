import { standardErrorOf } from "../../probe/standard-error.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { axesOf, coordinatesOf, pointAt } from "../../surface/grid.js";
import { mainField, originPoint, placeOf, type Surface, valueAt } from "../../surface/surface.js";
import type { EvaluationCheck } from "../check.js";

/** Cells that a contour may be elsewhere by chance. */
const [SEEN, LOST] = [1, 3];
/** Of fewer samples a standard error says little. */
const FEW = 16;

/** Whether the samples are enough for the contours, by the standard error of differences between points that share them. */
export const samples: EvaluationCheck = {
	name: "samples",
	question: "Are the samples enough for these contours?",
	needs: "evaluation",
	ofShape: true,
	async answer({ surface, sweepWith }, made, evaluations) {
		const { samples: count } = made.problem.data;
		if (made.problem.batchNorm === "batch") return null;
		const origin = originPoint(surface);
		const chosen = halfway(surface);
		if (origin < 0 || chosen.length === 0) return null;
		const losses = await evaluations.lossesOf(
			made,
			[origin, ...chosen].map((point) => placeOf(surface, point)),
		);
		const [first, ...others] = losses;
		if (first === undefined) return null;
		const shifts = others.flatMap((parts, i) => {
			const error = standardErrorOf([parts, first], [1, -1]);
			const slope = slopeAt(surface, chosen[i] ?? 0);
			return error === null || !(slope > 0) || !Number.isFinite(error) ? [] : [error / slope];
		});
		if (shifts.length === 0)
			return {
				verdict: "unknown",
				text: `Of ${count} ${count === 1 ? "sample" : "samples"} there is no standard error.`,
				command: sweepWith({ samples: 256 }),
			};
		const middle = shifts.sort((a, b) => a - b)[shifts.length >> 1] ?? 0;
		const text = `With other ${count} samples, isolines half-way to the edge would lie about ${formatNumber(Number(middle.toPrecision(2)))} cells elsewhere (standard error of the rise from the origin over the slope there, the median of ${shifts.length} places).`;
		if (middle <= SEEN && count < FEW)
			return {
				verdict: "doubtful",
				text: `${text} A standard error of ${count} samples is itself chance.`,
				command: sweepWith({ samples: await evaluations.atMost(256) }),
			};
		if (middle <= SEEN) return { verdict: "fine", text };
		// The error goes with the root of the number.
		const enough = Math.max(FEW * 4, Math.ceil((count * middle * middle) / 64) * 64);
		return {
			verdict: middle > LOST ? "wrong" : "doubtful",
			text: `${text} The picture is as much of these samples as of the network; about ${enough.toLocaleString("en")} bring that down to a cell.`,
			command: sweepWith({ samples: await evaluations.atMost(enough) }),
		};
	},
};

/** Points half-way from the origin to the edges, along each axis. */
function halfway({ grid }: Surface): number[] {
	const { x, y } = axesOf(grid);
	const at = (steps: number, share: number) => Math.round(share * (steps - 1));
	const [middleX, middleY] = [at(x.steps, 0.5), y === null ? 0 : at(y.steps, 0.5)];
	const along = [0.25, 0.75].map((share) => pointAt(grid, at(x.steps, share), middleY));
	const up = y === null ? [] : [0.25, 0.75].map((share) => pointAt(grid, middleX, at(y.steps, share)));
	return [...along, ...up];
}

/** How much the loss changes from a point to the next at most, by central differences along both axes. */
function slopeAt(surface: Surface, point: number): number {
	const { grid } = surface;
	const columns = grid.axes[0].steps;
	const [column, row] = [point % columns, Math.floor(point / columns)];
	const value = (right: number, up: number) => {
		const there = pointAt(grid, column + right, row + up);
		return there < 0 ? Number.NaN : valueAt(surface, mainField(surface), there);
	};
	const across = (value(1, 0) - value(-1, 0)) / 2;
	const upright = coordinatesOf(grid, point).length === 1 ? 0 : (value(0, 1) - value(0, -1)) / 2;
	return Math.hypot(across, upright);
}
