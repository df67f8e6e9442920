import type { Density } from "../../curvature/density.js";
import type { Eigenvalue } from "../../curvature/lanczos.js";
import type { Secant } from "../../curvature/secant.js";
import type { Look } from "../parts/look.js";

/** What is drawn of a computation of curvature. */
export interface CurvatureFigure {
	readonly title: string;
	/** Where the numbers come from. */
	readonly foot: string;
	/** How many eigenvalues there are in all. */
	readonly parameters: number;
	readonly density: Density | null;
	/** Largest first, by value or by size; then lowest first. */
	readonly top: readonly Eigenvalue[];
	readonly bottom: readonly Eigenvalue[];
	readonly order: "value" | "size";
	/** What lies below is 0 within rounding. */
	readonly noiseFloor: number | null;
	readonly secant: Secant | null;
	/** In user units; 600 where nothing is said. */
	readonly width?: number;
	readonly look?: Look | undefined;
}

/** Of these figures where nothing else is said, in user units. */
export const WIDTH = 600;
/** Height of their frames for a width of 1. */
export const ASPECT = 0.58;
/** Between their frames and what is drawn in them. */
export const inset = { sideways: 12, upright: 12 } as const;
