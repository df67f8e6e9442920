import { type LabColor, lab, rgb } from "d3-color";

/** What colours a terminal has: none, 256 of a fixed palette, or all. */
export const terminalColours = ["none", "256", "all"] as const;
export type TerminalColours = (typeof terminalColours)[number];

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A character of a picture, and its colours where it has any of its own. */
export interface Cell {
	readonly character: string;
	readonly colour?: Rgb | undefined;
	readonly ground?: Rgb | undefined;
}

/** A row of a picture with the codes for its colours, which end with it. */
export function rowOf(cells: readonly Cell[], colours: TerminalColours): string {
	let row = "";
	let before = "";
	for (const { character, colour, ground } of cells) {
		const code = colours === "none" ? "" : `${codeOf(38, colour, colours)}${codeOf(48, ground, colours)}`;
		if (code !== before) row += `${before === "" ? "" : "\x1b[0m"}${code}`;
		row += character;
		before = code;
	}
	return before === "" ? row : `${row}\x1b[0m`;
}

function codeOf(kind: 38 | 48, colour: Rgb | undefined, colours: "256" | "all"): string {
	if (colour === undefined) return "";
	return colours === "all" ? `\x1b[${kind};2;${colour.join(";")}m` : `\x1b[${kind};5;${paletteIndex(colour)}m`;
}

/** Of xterm's 256 colours those that are the same everywhere: a cube of six levels a channel from 16 on, and from 232 on 24 greys. */
const FIRST = 16;
const levels = [0, 95, 135, 175, 215, 255] as const;
const palette: readonly LabColor[] = [
	...levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => lab(rgb(r, g, b))))),
	...Array.from({ length: 24 }, (_, i) => lab(rgb(8 + 10 * i, 8 + 10 * i, 8 + 10 * i))),
];

/** The number of the nearest of those colours, by Euclidean distance in CIE Lab. */
function paletteIndex([red, green, blue]: Rgb): number {
	const own = lab(rgb(red, green, blue));
	const distances = palette.map(({ l, a, b }) => Math.hypot(l - own.l, a - own.a, b - own.b));
	return FIRST + distances.indexOf(Math.min(...distances));
}

/** The bits of a Braille character's dots, two a row from the top. */
const dotBits = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80] as const;

/** Dots, 2 × 4 a character, as rows of Braille. */
export function braille(columns: number, rows: number, isSet: (x: number, y: number) => boolean): string[][] {
	return Array.from({ length: rows }, (_, row) =>
		Array.from({ length: columns }, (_, column) => {
			const bits = dotBits.reduce(
				(sum, bit, i) => (isSet(2 * column + (i % 2), 4 * row + (i >> 1)) ? sum + bit : sum),
				0,
			);
			return bits === 0 ? " " : String.fromCodePoint(0x2800 + bits);
		}),
	);
}

/** Pieces of text side by side, two blanks apart, on as many lines as so many columns ask for. */
export function filledLines(pieces: readonly string[], columns: number): string[] {
	const lines: string[] = [];
	for (const words of pieces) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 2 + words.length <= columns) lines[lines.length - 1] = `${last}  ${words}`;
		else lines.push(...brokenLines(words, columns));
	}
	return lines;
}

/** Words on lines; one longer than a line is cut. */
function brokenLines(text: string, columns: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word.slice(0, columns));
	}
	return lines;
}
