import { halfWidth } from "../../measure/half-width.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { axesOf } from "../../surface/grid.js";
import type { SurfaceCheck } from "../check.js";
import { isBetweenNetworks, narrowed, rounded, spacingOf } from "../facts.js";

/** Cells from the middle to where the loss has doubled: fewer draw a basin by what lies between its points. */
const [FEW, ENOUGH] = [0.75, 1.5];
/** Half-widths that a good range has on either side. */
const ROOM = 5;

/** Whether the range is so wide that the basin falls between the points. */
export const basinWidth: SurfaceCheck = {
	name: "basin-width",
	question: "Is the basin wide enough for the grid to see it?",
	needs: "surface",
	ofShape: true,
	answer({ surface, sweepWith }) {
		if (isBetweenNetworks(surface)) return null;
		const { x, y } = axesOf(surface.grid);
		const axes =
			y === null
				? ([["x", x]] as const)
				: ([
						["x", x],
						["y", y],
					] as const);
		const widths = axes.flatMap(([name, axis]) => {
			const width = halfWidth(surface, name);
			return width === null ? [] : [{ name, axis, width, cells: width / spacingOf(axis) }];
		});
		if (widths.length === 0)
			return {
				verdict: "unknown",
				text: "The loss does not double within the grid on both sides of the origin, so that its basin has no width here.",
				command: sweepWith(narrowed(surface.grid, 2)),
			};
		const least = Math.min(...widths.map(({ cells }) => cells));
		const said = widths.map(({ name, width, cells }) => {
			const along = `along ${name === "x" ? "α" : "β"}`;
			if (cells < 1) return `less than a cell ${along}`;
			return `${formatNumber(Number(width.toPrecision(2)))} ${along} (${formatNumber(Number(cells.toPrecision(2)))} cells)`;
		});
		const text = `From the origin to where the loss has doubled it is ${said.join(" and ")}.`;
		if (least >= ENOUGH) return { verdict: "fine", text };
		const changes = widths.map(({ name, axis, width, cells }) => {
			// Within a cell it is not known where: the next picture tells, as wide as that cell, or as the usual one where that is less.
			const half = rounded(cells < 1 ? Math.min(1, spacingOf(axis)) : ROOM * width);
			return [name, { min: -half, max: half, steps: axis.steps }];
		});
		return {
			verdict: least < FEW ? "wrong" : "doubtful",
			text: `${text} The basin lies between few points: its shape in the picture is that of the interpolation.`,
			command: sweepWith(Object.fromEntries(changes)),
		};
	},
};
