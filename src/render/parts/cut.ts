import { OptionError } from "../../errors.js";
import type { PictureOptions } from "../options.js";
import { planeLevels } from "./levels.js";
import { planeScale, scaleOver, type Tick, type ValueScale } from "./scale.js";
import { formatNumber } from "./ticks.js";
import { type DrawnField, finiteValues } from "./values.js";

/** The scale up to where a surface is cut off, and the levels of the whole plane that lie on it. */
export interface CutSurface {
	readonly scale: ValueScale;
	readonly levels: readonly Tick[];
	/** Whether anything is cut off at the scale's upper end. */
	readonly isCut: boolean;
}

/**
 * A plane cut off at `zmax`, where one is given and the field is a loss.
 *
 * @param values what the scale is made from: those of the field, or of several that are to have one
 * @throws {OptionError} for a `zmax` not above the lowest value, an unknown scale, a log scale over values not above 0
 */
export function cutOff(
	of: DrawnField,
	options: Pick<PictureOptions, "scale" | "zmax" | "levels">,
	values = finiteValues(of),
): CutSurface {
	const whole = planeScale(of.spec, values, options.scale);
	const scale = cutScale(of, values, whole, options.zmax);
	const levels = planeLevels(of, whole, options.levels)
		.filter(({ value }) => value >= scale.min && value <= scale.max)
		.map((level) => ({ ...level, position: scale.position(level.value) }));
	return { scale, levels, isCut: values.some((value) => value > scale.max) };
}

/** The scale up to where the relief is cut off, of the kind of the whole. */
function cutScale(of: DrawnField, values: Float64Array, whole: ValueScale, zmax: number | undefined): ValueScale {
	if (zmax === undefined || of.spec.unit !== "loss" || zmax >= whole.max) return whole;
	const lowest = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
	if (!(zmax > lowest))
		throw new OptionError("zmax", `expected more than the lowest value, ${formatNumber(lowest)}, got ${zmax}`);
	if (whole.kind !== "symlog") return scaleOver(whole.kind, lowest, zmax);
	const within = values.map((value) => Math.min(value, zmax));
	return planeScale(of.spec, within, "symlog");
}
