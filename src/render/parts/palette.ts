import { lineColour } from "./theme.js";

/** Okabe and Ito's palette, told apart with any kind of colour blindness, without its yellow, too light on white. */
export const seriesColours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1a1a1a"] as const;
/** Dashes, so that they are told apart in black and white too; more curves than colours have other dashes. */
const dashes = ["", "6 3", "2 2.5", "9 3 2 3"] as const;

/** The colour of a curve among several. */
export function colourOf(curve: number): string {
	return lineColour(seriesColours[curve % seriesColours.length] ?? "#000");
}

/** Its SVG dash array; empty for an unbroken line. */
export function dashesOf(curve: number): string {
	return dashes[curve % dashes.length] ?? "";
}

/** The same colours in the order in which they stand out from contour lines, which are mostly violet, blue and green. */
const trails = [1, 0, 3, 6, 4, 2, 5] as const;

/** The colour of a training over a map. */
export function trailColourOf(path: number): string {
	return colourOf(trails[path % trails.length] ?? 0);
}
