import type { Quantity, Surface } from "../surface/surface.js";
import type { ScaleName } from "./parts/scale.js";

/** A surface among others, by the name it goes under in pictures and tables. */
export interface NamedSurface {
	readonly label: string;
	readonly surface: Surface;
}

export interface CompareOptions {
	/** What to show: `loss`, which is the default, or the metric of all surfaces by its name, such as `accuracy`. */
	readonly metric?: string;
	/** Of the values of all surfaces together; a metric is always linear. */
	readonly scale?: ScaleName;
	/** Of the panels; differences have a diverging map of their own. */
	readonly colormap?: string;
	readonly title?: string;
	/** Of every picture in user units; by default 600 for curves, and for planes what gives panels of a readable size. */
	readonly width?: number;
}

/** The same, for the pictures, to which all metrics are one. */
export type ComparisonOptions = Omit<CompareOptions, "metric"> & { readonly quantity: Quantity };
