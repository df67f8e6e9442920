import type { ThemeName } from "./theme.js";

/** What becomes of text in SVG: outlines, which are the same everywhere, or text that can be edited and searched. */
export const textModes = ["outline", "text"] as const;
export type TextMode = (typeof textModes)[number];

/** How a figure looks apart from what it shows. */
export interface Look {
	/** `light` where nothing is said: dark ink on white. `transparent` is `dark` without its ground. */
	readonly theme?: ThemeName;
	/** Of SVG alone: all other files have outlines. */
	readonly text?: TextMode;
	/** Without title and foot, for a caption of one's own. */
	readonly bare?: boolean;
}

/** The description of a figure for readers who cannot see it; without a foot it says what would stand there. */
export function describedBy(figure: {
	readonly description: string;
	readonly foot: readonly string[];
	readonly look?: Look | undefined;
}): string {
	return figure.look?.bare ? [figure.description, ...figure.foot].join(" ") : figure.description;
}
