import { originIndex, type Surface } from "../surface/surface.js";

/** What several measures refer to, where the surface's own would not do. */
export interface MeasureOptions {
	/** The loss at (0, 0), where the grid does not hold that point but it is known. */
	readonly origin?: number;
	/**
	 * The level of `halfWidth` and `areaBelow`, in units of the loss; twice the loss at the origin by default. Networks that
	 * have come unequally far down need a common one to be compared, see `halfWidth`.
	 */
	readonly level?: number;
	/** Half the side of the box of `planeSharpness`, in steps of α and β; 0.1 by default. */
	readonly epsilon?: number;
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

/**
 * The loss at the origin, in units of the loss: that of the network around which the plane lies.
 *
 * Null where the grid does not hold (0, 0), or has not computed it, and `origin` is not given. NaN and ±∞ are values.
 */
export function originLoss(surface: Surface, { origin }: MeasureOptions = {}): number | null {
	const index = originIndex(surface);
	return index >= 0 && surface.done[index] === 1 ? (surface.loss[index] ?? null) : (origin ?? null);
}

/**
 * The level to which half-widths and areas are told, in units of the loss: the one given, or twice the loss at the origin; null
 * where that is unknown, not finite, or not above 0, so that doubling it says nothing.
 */
export function levelOf(surface: Surface, options: MeasureOptions = {}): number | null {
	if (options.level !== undefined) return options.level;
	const origin = originLoss(surface, options);
	return origin !== null && Number.isFinite(origin) && origin > 0 ? 2 * origin : null;
}
