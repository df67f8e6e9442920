import { lab, rgb } from "d3-color";
import {
	interpolateCividis,
	interpolateGreys,
	interpolateInferno,
	interpolateMagma,
	interpolatePlasma,
	interpolateRdBu,
	interpolateTurbo,
	interpolateViridis,
	interpolateYlGnBu,
} from "d3-scale-chromatic";
import { checkChoice } from "../../check/choice.js";
import { coolWarm } from "./cool-warm.js";

/** From a position on the scale, 0 (lowest) to 1 (highest), to a CSS colour. */
export type Colormap = (position: number) => string;

/** Keeps the names, and says of the values no more than what they are for. */
function named<Name extends string>(maps: Record<Name, Colormap>): Readonly<Record<Name, Colormap>> {
	return maps;
}

/**
 * Every map by name; a new one is a line here. Low values are dark or blue, as readers of loss maps expect: `rdbu`, `ylgnbu` and
 * `greys` are ColorBrewer's the other way round.
 */
export const colormaps = named({
	viridis: interpolateViridis,
	magma: interpolateMagma,
	inferno: interpolateInferno,
	plasma: interpolatePlasma,
	cividis: interpolateCividis,
	turbo: interpolateTurbo,
	coolwarm: coolWarm,
	rdbu: (t) => interpolateRdBu(1 - t),
	ylgnbu: (t) => interpolateYlGnBu(1 - t),
	greys: (t) => interpolateGreys(1 - t),
});

export const colormapNames = Object.keys(colormaps) as (keyof typeof colormaps)[];

/** @throws {OptionError} when no map has this name; the message lists those there are */
export function colormap(name = "viridis"): Colormap {
	return colormaps[checkChoice("colormap", name, colormapNames)];
}

/** 256 colours, three bytes each, from position 0 to 1. */
export function colourTable(map: Colormap): Uint8Array {
	const table = new Uint8Array(256 * 3);
	for (let i = 0; i < 256; i++) {
		const { r, g, b } = rgb(map(i / 255));
		table.set([r, g, b].map(Math.round), i * 3);
	}
	return table;
}

/** Where a position falls in the table of `colourTable`. */
export function tableIndex(position: number): number {
	return Math.round(Math.min(1, Math.max(0, position)) * 255);
}

/** The colour, darkened where needed until a thin line or small text of it reads well on white. */
export function onPaper(colour: string): string {
	const shade = lab(colour);
	// CIE lightness 58 against white is a contrast of about 4:1.
	shade.l = Math.min(shade.l, 58);
	return shade.formatHex();
}

/** The colour half-way to the paper's, for areas that should not outweigh thin lines. */
export function tint(colour: string, paper = "#fff"): string {
	const [own, other] = [rgb(colour), rgb(paper)];
	return rgb((own.r + other.r) / 2, (own.g + other.g) / 2, (own.b + other.b) / 2).formatHex();
}

/** Black or white, whichever stands out more from the colour. */
export function against(colour: string): string {
	return lab(colour).l > 55 ? "#000" : "#fff";
}

const strangers = ["#e0218a", "#ff8c00", "#00bcd4", "#1a1a1a", "#9e9e9e", "#2e9e3f", "#8b5a2b", "#c9b6ff"];

/**
 * Colours that cannot be taken for a value of the map: of a fixed list, the one furthest from every colour of the
 * map, from the paper and from those already chosen (Euclidean distance in CIE Lab), `count` times over.
 */
export function coloursApart(map: Colormap, count: number, paper = "#fff"): string[] {
	const taken = Array.from({ length: 65 }, (_, i) => lab(map(i / 64)));
	taken.push(lab(paper));
	const chosen: string[] = [];
	for (let i = 0; i < count; i++) {
		let best = "";
		let bestDistance = -1;
		for (const candidate of strangers) {
			const { l, a, b } = lab(candidate);
			const distance = Math.min(...taken.map((other) => Math.hypot(other.l - l, other.a - a, other.b - b)));
			if (distance > bestDistance) [best, bestDistance] = [candidate, distance];
		}
		chosen.push(best);
		taken.push(lab(best));
	}
	return chosen;
}
