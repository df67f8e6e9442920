import { errorFieldOf, type Surface, valueAt } from "../surface/surface.js";
import { fieldOf, type Landscape, type TopologyOptions } from "./landscape.js";

/** Which pairs stand out. */
export interface Significance {
	/** What decides: the persistence asked for, the standard errors of the values, or their range. */
	readonly rule: "persistence" | "standard error" | "range";
	/** The persistence that a pair of points has to exceed, in units of the field. */
	readonly threshold: (point: number, end: number) => number;
}

/** The share of the finite range below which a dent is not spoken of, where nothing else is known. */
const SHARE = 0.01;

/**
 * Where nothing is asked for and the surface has a field of standard errors: twice the standard error of the difference of two values
 * whose errors know nothing of each other, 2·√(SE² + SE²), 2·√2·SE where both are alike. Errors of points that share their samples go
 * together, and the difference is then better known than that. Else a hundredth of the range.
 */
export function significanceOf(surface: Surface, { values }: Landscape, options: TopologyOptions): Significance {
	const { persistence } = options;
	if (persistence !== undefined) return { rule: "persistence", threshold: () => persistence };
	const share = SHARE * finiteRange(values);
	const errors = errorFieldOf(surface, fieldOf(surface, options).name);
	if (errors === undefined) return { rule: "range", threshold: () => share };
	return {
		rule: "standard error",
		threshold(point, end) {
			const noise = 2 * Math.hypot(valueAt(surface, errors, point), valueAt(surface, errors, end));
			return Number.isFinite(noise) ? noise : share;
		},
	};
}

/** From the lowest to the highest finite value; 0 where there is none. */
function finiteRange(values: Float64Array): number {
	let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of values) {
		if (!Number.isFinite(value)) continue;
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	return high < low ? 0 : high - low;
}
