import type { ScaleName } from "../../render/parts/scale.js";

/** How runs are looked at; the same for all on a page. */
export interface Settings {
	readonly view: ViewName;
	/** A field's name; of a run without it, its first. */
	readonly field: string;
	readonly scale: ScaleName;
	readonly colormap: string;
	/** False draws nothing between the points but straight lines. */
	readonly smooth: boolean;
	/** A level that is traced besides, as a position on the scale; null for none. */
	readonly level: number | null;
	/** Where the relief is cut off, as a position on the whole scale; 1 cuts off nothing. */
	readonly cut: number;
	/** Networks and trainings. */
	readonly marks: boolean;
	/** One scale for all runs, so that a colour and a height are the same value in each. */
	readonly common: boolean;
}

export type ViewName = "relief" | "contour";

/** Those by which the heights and colours of a plane are made; the others are drawn over them. */
export const planeSettings: readonly (keyof Settings)[] = ["field", "scale", "colormap", "smooth", "cut", "common"];
