import opentype, { type Font } from "opentype.js";
import { OptionError } from "../../errors.js";
import type { TextMode } from "./look.js";

/** Text of one size and weight, set from `x, y`: the point on the baseline (or half-way up the capitals) named by `anchor`. */
export interface TextStyle {
	/** Em size in user units. */
	readonly size: number;
	readonly weight?: Weight;
	readonly anchor?: "start" | "middle" | "end";
	/** True puts the middle of the capitals and digits, not their foot, at `y`. */
	readonly middle?: boolean;
	/** Degrees clockwise around `x, y`. */
	readonly rotate?: number;
	readonly fill?: string;
	/** Colour of a rim around the letters, for text over a picture. */
	readonly halo?: string;
}

export type Weight = "regular" | "bold";

/** Height of DejaVu Sans capitals and digits, in ems. */
export const capHeight = 0.729;

/** Reads the bytes of a font of a weight. */
export type FontReader = (weight: Weight) => ArrayBuffer;

let read: FontReader | undefined;
const fonts = new Map<Weight, Font>();

/** Says where the fonts come from: DejaVu Sans as TrueType, OpenType or WOFF. In Node that is done already (fonts.ts). */
export function useFonts(reader: FontReader): void {
	read = reader;
	fonts.clear();
}

/** The font, read on first use and then kept. Glyphs are parsed as they are set: all 6,253 take a third of a second, a picture has some 60. */
function font(weight: Weight): Font {
	const known = fonts.get(weight);
	if (known !== undefined) return known;
	if (read === undefined) throw new OptionError("fonts", "expected useFonts to have been called before drawing");
	const loaded = opentype.parse(read(weight), { lowMemory: true });
	fonts.set(weight, loaded);
	return loaded;
}

/** A number with at most two decimals: a hundredth of a user unit is finer than any print. */
export function round(value: number): string {
	return String(Math.round(value * 100) / 100 || 0);
}

/** Text or an attribute value with the characters XML keeps for itself replaced, and those it forbids dropped. */
export function escapeXml(text: string): string {
	return text
		.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
		.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] ?? "&quot;");
}

/** Width of the text in user units. */
export function textWidth(text: string, size: number, weight: Weight = "regular"): number {
	const face = font(weight);
	let units = 0;
	for (const character of text) units += face.charToGlyph(character).advanceWidth ?? 0;
	return (units * size) / face.unitsPerEm;
}

/**
 * The outlines of the text as SVG path data in relative commands, rounded to hundredths.
 *
 * Glyphs are set one by one: opentype.js 2.0.0 throws on this font's substitution tables when it is given a whole
 * string. So there are no ligatures and no kerning, which labels do not need.
 */
export function textPath(text: string, x: number, y: number, style: TextStyle): string {
	const face = font(style.weight ?? "regular");
	const scale = style.size / face.unitsPerEm;
	const width = textWidth(text, style.size, style.weight);
	const start = style.anchor === "end" ? -width : style.anchor === "middle" ? -width / 2 : 0;
	const drop = style.middle ? (capHeight * style.size) / 2 : 0;
	const angle = ((style.rotate ?? 0) * Math.PI) / 180;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];

	let data = "";
	let pen = start;
	// Hundredths, as integers: relative steps between rounded points add up without drift.
	let [fromX, fromY] = [0, 0];
	const place = (u: number, v: number): [number, number] => {
		const [left, down] = [pen + u * scale, drop - v * scale];
		return [Math.round((x + left * cos - down * sin) * 100), Math.round((y + left * sin + down * cos) * 100)];
	};
	const number = (hundredths: number) => String(hundredths / 100).replace(/^(-?)0\./, "$1.");
	const pair = ([px, py]: [number, number]) => {
		const [dx, dy] = [number(px - fromX), number(py - fromY)];
		return dx + (dy.startsWith("-") ? dy : ` ${dy}`);
	};
	const lineTo = ([px, py]: [number, number]) => {
		if (px === fromX) return py === fromY ? "" : `v${number(py - fromY)}`;
		return py === fromY ? `h${number(px - fromX)}` : `l${pair([px, py])}`;
	};
	for (const character of text) {
		const glyph = face.charToGlyph(character);
		let [startX, startY] = [fromX, fromY];
		for (const command of glyph.path.commands) {
			if (command.type === "Z") {
				data += "z";
				[fromX, fromY] = [startX, startY];
				continue;
			}
			const end = place(command.x, command.y);
			if (command.type === "Q") {
				const control = pair(place(command.x1, command.y1));
				const rest = pair(end);
				data += `q${control}${rest.startsWith("-") ? "" : " "}${rest}`;
			} else if (command.type === "C") {
				data += `c${pair(place(command.x1, command.y1))} ${pair(place(command.x2, command.y2))} ${pair(end)}`;
			} else {
				data += command.type === "M" ? `m${pair(end)}` : lineTo(end);
			}
			[fromX, fromY] = end;
			if (command.type === "M") [startX, startY] = end;
		}
		pen += (glyph.advanceWidth ?? 0) * scale;
	}
	return data;
}

/**
 * The text as an SVG path element, with the words themselves in `aria-label`, and how they are set for `textIn`; nothing for an
 * empty text.
 */
export function drawText(text: string, x: number, y: number, style: TextStyle): string {
	const data = textPath(text, x, y, style);
	if (data === "") return "";
	const fill = style.fill === undefined ? "" : ` fill="${style.fill}"`;
	const halo =
		style.halo === undefined
			? ""
			: ` stroke="${style.halo}" stroke-width="${round(style.size / 4)}" stroke-linejoin="round" paint-order="stroke"`;
	return `<path aria-label="${escapeXml(text)}"${setting(x, y, style)}${fill}${halo} d="${data}"/>`;
}

/** Fonts for text that is no outline: the one it is measured by, and those whose letters are about as wide. */
export const FONT_FAMILY = "DejaVu Sans, Bitstream Vera Sans, Verdana, Arial, Helvetica, sans-serif";

/** The attributes of a text element, in one that `textIn` takes away. */
function setting(x: number, y: number, { size, weight, anchor = "start", middle, rotate }: TextStyle): string {
	const drop = middle ? (capHeight * size) / 2 : 0;
	const place = `x='${round(x)}' y='${round(y + drop)}'`;
	const turn =
		rotate === undefined || rotate === 0 ? "" : ` transform='rotate(${round(rotate)} ${round(x)} ${round(y)})'`;
	const bold = weight === "bold" ? " font-weight='bold'" : "";
	return ` data-text="${place} font-size='${size}'${bold}${anchor === "start" ? "" : ` text-anchor='${anchor}'`}${turn}"`;
}

/** A drawing with its text as outlines, or as text elements that can be edited. */
export function textIn(svg: string, mode: TextMode): string {
	if (mode === "outline") return svg.replaceAll(/(<path aria-label="[^"]*") data-text="[^"]*"/g, "$1");
	return svg.replaceAll(
		/<path aria-label="([^"]*)" data-text="([^"]*)"([^>]*) d="[^"]*"\/>/g,
		(_, words: string, set: string, style: string) => `<text ${set.replaceAll("'", '"')}${style}>${words}</text>`,
	);
}

/** The text in lines no wider than `width`, broken at spaces; a longer word has a line to itself. */
export function wrapText(text: string, width: number, size: number, weight: Weight = "regular"): string[] {
	const lines: string[] = [];
	for (const word of text.split(/\s+/).filter((part) => part !== "")) {
		const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
		if (lines.length > 0 && textWidth(longer, size, weight) <= width) lines[lines.length - 1] = longer;
		else lines.push(word);
	}
	return lines;
}
