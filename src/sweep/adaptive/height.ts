import { exp, log } from "../../exact/elementary.js";
import type { FieldSpec } from "../../surface/field.js";

/** How values are taken for interpolation, and given back. */
export interface HeightScale {
	readonly heightOf: (value: number) => number;
	readonly valueOf: (height: number) => number;
}

const logarithmic: HeightScale = { heightOf: log, valueOf: exp };
const linear: HeightScale = { heightOf: (value) => value, valueOf: (height) => height };
/** A cubic may overshoot; no share does. */
const share: HeightScale = { ...linear, valueOf: (height) => Math.min(1, Math.max(0, height)) };

/**
 * The scale on which a field is smoothest: the logarithm of losses and their derivatives, where all that are known are above 0, as
 * pictures of more than a decade and a half have it. Over 65 × 65 points around nine networks, lines by cubics of every fourth value's
 * logarithm were 0.65 cells off at worst where cubics of the values were 9.9 off; where values span less, the two are alike.
 */
export function heightScale({ unit }: Pick<FieldSpec, "unit">, known: Iterable<number>): HeightScale {
	if (unit === "fraction") return share;
	if (unit === "none") return linear;
	for (const value of known) if (value <= 0) return linear;
	return logarithmic;
}
