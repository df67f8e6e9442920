import { lab } from "d3-color";
import { onPaper, tint } from "./colormap.js";

export const themeNames = ["light", "dark", "transparent"] as const;
export type ThemeName = (typeof themeNames)[number];

/** Colours of a figure by what they are for. */
const light = {
	/** The ground, and what is to look empty. */
	paper: "#fff",
	text: "#1a1a1a",
	axis: "#333",
	grid: "#e4e4e4",
	faint: "#777",
	/** Crosses, dots, arrows and trainings, which stand out from any colour by a halo. */
	mark: "#000",
	halo: "#fff",
	/** Of points that were not computed. */
	hatch: "#b5b5b5",
} as const;

type Role = keyof typeof light;

const dark: Readonly<Record<Role, string>> = {
	paper: "#14171c",
	text: "#e9eaec",
	axis: "#b4b9c0",
	grid: "#2d3138",
	faint: "#999fa8",
	mark: "#f6f6f6",
	halo: "#14171c",
	hatch: "#5b626c",
};

const themes: Readonly<Record<ThemeName, Readonly<Record<Role, string>>>> = { light, dark, transparent: dark };

/** Colours as figures are drawn with: `themed` gives them their values. */
export const ink: Readonly<Record<Role, string>> = {
	paper: "var(--paper)",
	text: "var(--text)",
	axis: "var(--axis)",
	grid: "var(--grid)",
	faint: "var(--faint)",
	mark: "var(--mark)",
	halo: "var(--halo)",
	hatch: "var(--hatch)",
};

/** A colour of a map for thin lines and small text: darker on white, lighter on dark, where it needs to be. */
export const legible = (colour: string) => `legible(${colour})`;
/** A colour of a palette made for white, lighter on dark where it needs to be. */
export const lineColour = (colour: string) => `line(${colour})`;
/** A colour half-way to the ground, for areas that should not outweigh thin lines. */
export const tinted = (colour: string) => `tinted(${colour})`;

/** The ground of a theme, from which colours have to differ. */
export function paperOf({ theme = "light" }: { readonly theme?: ThemeName }): string {
	return themes[theme].paper;
}

/** An SVG document, or a piece of one, with the colours of a theme in place of what they are for. */
export function themed(svg: string, theme: ThemeName): string {
	// Quotes are escaped in all that comes from outside, so that this finds attributes of drawings and nothing else.
	return svg.replace(
		/ (fill|stroke|stop-color)="(var|legible|line|tinted)\(([^"]+)\)"/g,
		(_, attribute, way, colour) => ` ${attribute}="${themedColour(way, colour, theme)}"`,
	);
}

function themedColour(way: string, colour: string, theme: ThemeName): string {
	const colours = themes[theme];
	if (way === "var") return colours[colour.slice(2) as Role];
	if (way === "tinted") return tint(colour, colours.paper);
	if (theme !== "light") return onDark(colour);
	return way === "line" ? colour : onPaper(colour);
}

/** The colour, lightened where needed until a thin line or small text of it reads well on the dark ground. */
function onDark(colour: string): string {
	const shade = lab(colour);
	// CIE lightness 60 against that ground is a contrast of about 6:1; red and blue look darker than they measure.
	shade.l = Math.max(shade.l, 60);
	return shade.formatHex();
}
