import {
	type Axis,
	columns,
	isFraction,
	type Quantity,
	quantityName,
	rows,
	type Surface,
} from "../../surface/surface.js";
import { formatNumber } from "./ticks.js";

/** One quantity of a surface as people read it: shares of the samples in per cent, the others as they are. */
export interface Field {
	readonly quantity: Quantity;
	/** With its unit: `loss`, `accuracy (%)`. */
	readonly label: string;
	readonly x: Axis;
	readonly y: Axis | null;
	readonly columns: number;
	readonly rows: number;
	/** Row order, as in the surface. */
	readonly values: Float64Array;
	readonly kinds: readonly PointKind[];
}

/** What there is to draw at a point: a value on the scale, or one of those a scale has no place for. */
type PointKind = "finite" | NoValue;
const noValues = ["NaN", "+∞", "−∞", "not computed"] as const;
export type NoValue = (typeof noValues)[number];

export function field(surface: Surface, quantity: Quantity): Field {
	const inPercent = isPercentage(surface, quantity);
	const values = inPercent ? surface[quantity].map((fraction) => fraction * 100) : surface[quantity];
	return {
		quantity,
		label: inPercent ? `${quantityName(surface, quantity)} (%)` : quantityName(surface, quantity),
		x: surface.x,
		y: surface.y,
		columns: columns(surface),
		rows: rows(surface),
		values,
		kinds: Array.from(values, (value, i) => (surface.done[i] === 1 ? kindOf(value) : "not computed")),
	};
}

/** Whether people read a quantity of a surface in per cent. */
export function isPercentage(surface: Surface, quantity: Quantity): boolean {
	return quantity === "metric" && isFraction(surface.provenance.plan.metric);
}

function kindOf(value: number): PointKind {
	if (Number.isFinite(value)) return "finite";
	return Number.isNaN(value) ? "NaN" : value > 0 ? "+∞" : "−∞";
}

/**
 * One quantity of a surface less that of another over the same axes. Points that either lacks are not computed, and those at
 * which the difference of two values is not finite are as what it is: NaN for ∞ − ∞.
 */
export function differenceField(of: Field, from: Field): Field {
	const values = of.values.map((value, i) => value - (from.values[i] ?? Number.NaN));
	const missing = (i: number) => of.kinds[i] === "not computed" || from.kinds[i] === "not computed";
	const kinds = Array.from(values, (value, i) => (missing(i) ? "not computed" : kindOf(value)));
	return { ...of, values, kinds };
}

/** The values a scale is made from. */
export function finiteValues(of: Field): Float64Array {
	return of.values.filter((_, i) => of.kinds[i] === "finite");
}

/** The value of every point that has one, where it is one and the same; else null. */
export function constantValue(of: Field): number | null {
	const [first, ...others] = new Set(finiteValues(of));
	return first === undefined || others.length > 0 ? null : first;
}

/** That value in words. */
export function constantLabel(of: Field, value: number): string {
	const where = of.kinds.every((kind) => kind === "finite") ? "everywhere" : "at all other points";
	return `${of.label}: ${formatNumber(value)} ${where}`;
}

/** How many points there are of each kind without a value, none left out but those without any. */
export function countNoValues(...fields: readonly Field[]): { kind: NoValue; count: number }[] {
	return noValues
		.map((kind) => ({
			kind,
			count: fields.reduce((sum, of) => sum + of.kinds.filter((each) => each === kind).length, 0),
		}))
		.filter(({ count }) => count > 0);
}
