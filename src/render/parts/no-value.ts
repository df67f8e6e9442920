import type { Axis } from "../../surface/grid.js";
import { type Colormap, coloursApart } from "./colormap.js";
import { type LegendEntry, legendSymbol } from "./figure.js";
import { type Frame, spacing } from "./frame.js";
import { round } from "./text.js";
import { ink } from "./theme.js";
import { countNoValues, type DrawnField, type NoValue } from "./values.js";

/** Colours of the kinds of points that are on no colour map; `not computed` is hatched instead. */
export type NoValueColours = Readonly<Record<Exclude<NoValue, "not computed">, string>>;

/** @param paper the ground, from which they differ too */
export function noValueColours(map: Colormap, paper: string, shade = (colour: string) => colour): NoValueColours {
	const [nan = "", above = "", below = ""] = coloursApart(map, 3, paper).map(shade);
	return { NaN: nan, "+∞": above, "−∞": below };
}

const hatching = [
	`<pattern id="not-computed" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`,
	`<rect width="5" height="5" fill="${ink.paper}"/><path d="M0 0v5" stroke="${ink.hatch}" stroke-width="1.6"/></pattern>`,
].join("");

/** What the fields' cells refer to, once for a document. */
export function noValueDefinitions(fields: readonly DrawnField[]): string {
	return fields.some(({ kinds }) => kinds.includes("not computed")) ? hatching : "";
}

const fillOf = (kind: NoValue, colours: NoValueColours) =>
	kind === "not computed" ? "url(#not-computed)" : colours[kind];

/** The cells of points without a value, each kind one path of runs along the rows, cut off at the frame. */
export function drawNoValues(of: DrawnField, frame: Frame, colours: NoValueColours): string {
	const left = (column: number) => cellEdge(of.x, column, frame.xRange);
	const below = (row: number) => (of.y === null ? (frame.yRange[row] ?? 0) : cellEdge(of.y, row, frame.yRange));
	const paths = countNoValues(of).map(({ kind }) => {
		let data = "";
		for (let row = 0; row < of.rows; row++) {
			for (let column = 0; column < of.columns; column++) {
				if (of.kinds[row * of.columns + column] !== kind) continue;
				const from = column;
				while (column + 1 < of.columns && of.kinds[row * of.columns + column + 1] === kind) column++;
				const [x0, x1] = [frame.toX(left(from)), frame.toX(left(column + 1))];
				const [y0, y1] = [frame.toY(below(row)), frame.toY(below(row + 1))];
				data += `M${round(x0)} ${round(y0)}H${round(x1)}V${round(y1)}H${round(x0)}z`;
			}
		}
		return `<path d="${data}" fill="${fillOf(kind, colours)}" shape-rendering="crispEdges"/>`;
	});
	return paths.join("\n");
}

/** The border between cells `index - 1` and `index` of an axis, kept within a range. */
function cellEdge(axis: Axis, index: number, [min, max]: readonly [number, number]): number {
	return Math.min(max, Math.max(min, axis.min + (index - 0.5) * spacing(axis)));
}

/** A legend's box of one colour. */
export function swatch(fill: string): LegendEntry["symbol"] {
	const { width, height } = legendSymbol;
	return (x, y) =>
		`<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${width}" height="${height}" fill="${fill}" stroke="${ink.axis}" stroke-width="0.5"/>`;
}

/** A legend entry for each kind of point without a value, with how many there are in all fields. */
export function noValueLegend(fields: readonly DrawnField[], colours: NoValueColours): LegendEntry[] {
	return countNoValues(...fields).map(({ kind, count }) => ({
		label: `${kind}: ${count} ${count === 1 ? "point" : "points"}`,
		symbol: swatch(fillOf(kind, colours)),
	}));
}
