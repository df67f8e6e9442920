import type { FieldSpec } from "../surface/field.js";
import type { Surface } from "../surface/surface.js";
import type { PictureOptions } from "./options.js";
import type { Look } from "./parts/look.js";

/** A surface among others, by the name it goes under in pictures and tables. */
export interface NamedSurface {
	readonly label: string;
	readonly surface: Surface;
}

/** How pictures of several surfaces are drawn: by default as wide as gives panels of a readable size. */
export interface CompareOptions
	extends Pick<
		PictureOptions,
		"scale" | "colormap" | "title" | "width" | "size" | "formats" | "smooth" | "cells" | keyof Look
	> {
	/** The field to show, which all surfaces have: the loss by default, or `accuracy`, say. */
	readonly metric?: string;
}

/** The same, for the pictures. */
export type ComparisonOptions = Omit<CompareOptions, "metric"> & {
	readonly field: FieldSpec;
	/** What the axis of lines is, where it is more than α. */
	readonly axisLabel?: string;
};
