import { axisValue } from "../../surface/grid.js";
import type { Surface } from "../../surface/surface.js";
import type { LegendEntry } from "./figure.js";
import type { Frame } from "./frame.js";
import { drawnMargins } from "./margin-bands.js";
import { round } from "./text.js";
import { ink } from "./theme.js";
import type { DrawnField } from "./values.js";

/** Dots nearer to each other than this, in user units, are a grey. */
const APART = 7;

/**
 * Whether each point of a difference lies within its 95 % interval, where both surfaces know their errors; null where one does not. The
 * margins of both add up by squares, as those of independent means do: of surfaces over the same samples, which rise and fall together,
 * that is more than it need be.
 */
export function withinMargins(
	difference: DrawnField,
	of: { readonly surface: Surface; readonly of: DrawnField },
	from: { readonly surface: Surface; readonly of: DrawnField },
): boolean[] | null {
	const [own, other] = [drawnMargins(of.surface, of.of), drawnMargins(from.surface, from.of)];
	if (own === null || other === null) return null;
	return Array.from(difference.values, (value, i) => Math.abs(value) <= Math.hypot(own[i] ?? 0, other[i] ?? 0));
}

/** A dot at each point, or at some of many, that is not told from 0. */
export function drawUnsettled(of: DrawnField, within: readonly boolean[], frame: Frame): string {
	const { x, y, columns, rows } = of;
	if (y === null) return "";
	const every = (steps: number, length: number) => Math.max(1, Math.ceil(APART / (length / Math.max(1, steps - 1))));
	const [across, up] = [every(columns, frame.width), every(rows, frame.height)];
	let data = "";
	for (let row = 0; row < rows; row += up)
		for (let column = 0; column < columns; column += across)
			if (within[row * columns + column] && of.kinds[row * columns + column] === "finite")
				data += `M${round(frame.toX(axisValue(x, column)))} ${round(frame.toY(axisValue(y, row)))}h0`;
	return data === "" ? "" : dots(data);
}

/** Dark with a light rim, which shows on any colour. */
function dots(data: string): string {
	const dot = (colour: string, opacity: number, width: number) =>
		`<path d="${data}" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linecap="round"/>`;
	return `${dot(ink.halo, 0.6, 3)}${dot(ink.mark, 1, 1.7)}`;
}

/** What the dots stand for. */
export const unsettledLegend: LegendEntry = {
	label: "not told from 0: within the 95 % interval",
	symbol: (x, y) => dots(`M${round(x - 6)} ${round(y)}h0m6 0h0m6 0h0`),
};
