import { padding, type } from "./figure.js";
import type { Heading } from "./plane-figure.js";
import { drawText, textWidth } from "./text.js";
import { ink } from "./theme.js";

/** A column of a table: its name, and the widest text that may come to stand in it. */
export interface Column {
	readonly name: string;
	readonly widest: number;
}

/** A row: the colour of the line before it, if there is one, and what stands in its columns. */
export interface Row {
	readonly colour?: string;
	readonly cells: readonly string[];
}

const LINE = 18;
const GAP = 26;
/** The line before a row, and from it to the first column. */
const [STROKE, INDENT] = [22, 30];

/** The width of a text in a table, in user units. */
export function cellWidth(text: string): number {
	return textWidth(text, type.legend);
}

/** A table whose columns stand where they stand, whatever is in them, under a title. */
export function tableUnder(columns: readonly Column[], rows: readonly Row[]): Heading {
	const lefts: number[] = [];
	let left = padding + (rows.some(({ colour }) => colour !== undefined) ? INDENT : 0);
	for (const { name, widest } of columns) {
		lefts.push(left);
		left += Math.max(cellWidth(name), widest) + GAP;
	}
	return {
		height: LINE * (rows.length + 1) + 12,
		draw: (top) =>
			[
				...columns.map(({ name }, i) =>
					drawText(name, lefts[i] ?? 0, top + LINE / 2, { size: type.legend, middle: true, fill: ink.faint }),
				),
				...rows.flatMap(({ colour, cells }, row) => {
					const y = top + (row + 1.5) * LINE;
					return [
						colour === undefined ? "" : `<path d="M${padding} ${y}h${STROKE}" stroke="${colour}" stroke-width="2.4"/>`,
						...cells.map((cell, i) =>
							drawText(cell, lefts[i] ?? 0, y, { size: type.legend, middle: true, fill: ink.text }),
						),
					];
				}),
			]
				.filter((part) => part !== "")
				.join("\n"),
	};
}
