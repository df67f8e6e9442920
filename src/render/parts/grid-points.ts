import { cellOf, coordinatesOf, gridPoints } from "../../surface/grid.js";
import { interpolatedCount, isInterpolated, type Surface } from "../../surface/surface.js";
import type { LegendEntry } from "./figure.js";
import type { Frame } from "./frame.js";
import { round } from "./text.js";
import { ink } from "./theme.js";

/** Widths of a dot and of the ring around it, in user units. */
const [DOT, HALO] = [1.8, 3.2];

/** Dots closer than this would be a grey ground: then every second column and row of them, or fourth, has some. */
const LEAST_GAP = 4;

/** A dot at each point of a plane that was computed, where they have room; none at those that are interpolated. */
export function drawGridPoints(surface: Surface, frame: Frame): string {
	const { grid } = surface;
	const step = stepOf(surface, frame);
	let data = "";
	for (let point = 0; point < gridPoints(grid); point++) {
		const { column, row } = cellOf(grid, point);
		if (isInterpolated(surface, point) || surface.done[point] !== 1 || column % step !== 0 || row % step !== 0)
			continue;
		const [alpha = 0, beta = 0] = coordinatesOf(grid, point);
		data += `M${round(frame.toX(alpha))} ${round(frame.toY(beta))}h0`;
	}
	return dots(data);
}

/** Every how many columns and rows have dots. */
function stepOf({ grid }: Surface, frame: Frame): number {
	const [x, y] = grid.axes;
	const gap = Math.min(frame.width / (x.steps - 1), frame.height / ((y?.steps ?? 2) - 1));
	let step = 1;
	while (step * gap < LEAST_GAP) step *= 2;
	return step;
}

function dots(data: string): string {
	const stroke = (colour: string, width: number, opacity: number) =>
		`<path d="${data}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-opacity="${opacity}"/>`;
	return data === "" ? "" : `${stroke(ink.halo, HALO, 0.6)}\n${stroke(ink.mark, DOT, 0.85)}`;
}

/** What the dots stand for. */
export function gridPointsLegend(surface: Surface): LegendEntry[] {
	const points = gridPoints(surface.grid);
	const computed = points - interpolatedCount(surface);
	const label = computed === points ? `${points} points` : `${computed} points computed`;
	return [{ label, symbol: (x, y) => dots(`M${round(x)} ${round(y)}h0`) }];
}
