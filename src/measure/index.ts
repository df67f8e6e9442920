import { checkCall, isNumber, isPerhaps, isPositive, isText } from "../check/values.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import { areaBelow } from "./area-below.js";
import { barrier } from "./barrier.js";
import { convexityShare } from "./convexity.js";
import { halfWidth } from "./half-width.js";
import { levelOf, type Measure, type MeasureOptions, originValue } from "./measure.js";
import { meanDepth, significantMinima } from "./minima.js";
import { minimum } from "./minimum.js";
import { planeSharpness } from "./plane-sharpness.js";
import { roughness } from "./roughness.js";

export { areaBelow } from "./area-below.js";
export { type Barrier, barrier } from "./barrier.js";
export { convexityShare } from "./convexity.js";
export { halfWidth } from "./half-width.js";
export { CONFIDENCE, marginFactor, marginsOf } from "./margin.js";
export { levelOf, type Measure, type MeasureOptions, originValue } from "./measure.js";
export { meanDepth, significantMinima } from "./minima.js";
export { minimum } from "./minimum.js";
export { planeSharpness } from "./plane-sharpness.js";
export { roughness } from "./roughness.js";

/** Every measure of shape; a new one is a file and a line here. */
export const measures: readonly Measure[] = [
	{ name: "originLoss", label: "loss at the origin", unit: "loss", of: originValue },
	{ name: "minimum", label: "minimum", unit: "loss", of: (surface, of) => minimum(surface, "value", of) },
	{ name: "minimumAlpha", label: "minimum at α", unit: "α", of: (surface, of) => minimum(surface, "alpha", of) },
	{ name: "minimumBeta", label: "minimum at β", unit: "β", of: (surface, of) => minimum(surface, "beta", of) },
	{ name: "level", label: "level of width and area", unit: "loss", of: levelOf },
	{ name: "halfWidthX", label: "half-width along α", unit: "α", of: (surface, of) => halfWidth(surface, "x", of) },
	{ name: "halfWidthY", label: "half-width along β", unit: "β", of: (surface, of) => halfWidth(surface, "y", of) },
	{ name: "areaBelow", label: "area below the level", unit: "α·β", of: areaBelow },
	{ name: "roughness", label: "roughness", unit: "loss a step", of: roughness },
	{ name: "convexityShare", label: "convexity share", unit: "", of: convexityShare },
	{ name: "planeSharpness", label: "sharpness in the plane", unit: "%", of: planeSharpness },
	{ name: "significantMinima", label: "significant minima", unit: "", of: significantMinima },
	{ name: "smad", label: "mean depth of minima", unit: "loss", of: meanDepth },
	{ name: "barrier", label: "barrier", unit: "loss", of: (surface, of) => barrier(surface, of)?.height ?? null },
];

/** Every measure of a surface by name: null where the surface does not determine it. */
export function measureSurface(surface: Surface, options: MeasureOptions = {}): Record<string, number | null> {
	checkSurface("surface", surface);
	checkCall(options, { field: isPerhaps(isText), level: isPerhaps(isNumber), epsilon: isPerhaps(isPositive) });
	return Object.fromEntries(measures.map(({ name, of }) => [name, of(surface, options)]));
}
