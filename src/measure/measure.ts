import type { Field } from "../surface/field.js";
import { fieldNamed, mainField, originPoint, type Surface, valueAt } from "../surface/surface.js";

/** What several measures refer to, where the surface's own would not do. */
export interface MeasureOptions {
	/** The name of the field that is measured; the first, which is the loss, where nothing is said. */
	readonly field?: string;
	/**
	 * The level of `halfWidth` and `areaBelow`, in units of the field; twice its value at the origin by default. Networks that
	 * have come unequally far down need a common one to be compared, see `halfWidth`.
	 */
	readonly level?: number;
	/** Half the side of the box of `planeSharpness`, in steps of α and β; 0.1 by default. */
	readonly epsilon?: number;
}

/** @throws {OptionError} naming the fields there are, where none has the name asked for */
export function fieldOf(surface: Surface, { field }: MeasureOptions): Field {
	return field === undefined ? mainField(surface) : fieldNamed(surface, field);
}

/** A number that tells something of a surface's shape. */
export interface Measure {
	/** What it is called in tables that programs read. */
	readonly name: string;
	/** What it is called in tables that people read. */
	readonly label: string;
	/** `loss`, `α`, `%` and the like; empty for a plain share. */
	readonly unit: string;
	/** Null where the surface does not determine it; each measure's file says when. */
	readonly of: (surface: Surface, options: MeasureOptions) => number | null;
}

/** The value at (0, 0), which a surface holds on its grid or apart from it; null where that is not computed. */
export function originValue(surface: Surface, options: MeasureOptions = {}): number | null {
	const point = originPoint(surface);
	return point >= 0 && surface.done[point] === 1 ? valueAt(surface, fieldOf(surface, options), point) : null;
}

/**
 * The level to which half-widths and areas are told, in units of the loss: the one given, or twice the loss at the origin; null
 * where that is unknown, not finite, or not above 0, so that doubling it says nothing.
 */
export function levelOf(surface: Surface, options: MeasureOptions = {}): number | null {
	if (options.level !== undefined) return options.level;
	const origin = originValue(surface, options);
	return origin !== null && Number.isFinite(origin) && origin > 0 ? 2 * origin : null;
}
