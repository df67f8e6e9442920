import { OptionError } from "../../errors.js";
import type { Axis, Coordinates } from "../../surface/grid.js";
import type { Rect } from "./figure.js";
import type { DrawnField } from "./values.js";

/** A stretch of the plane and the rectangle it is drawn in; β grows upwards. */
export interface Frame extends Rect {
	readonly xRange: readonly [number, number];
	readonly yRange: readonly [number, number];
	/** From α to the figure's x. */
	readonly toX: (alpha: number) => number;
	/** From β to the figure's y. */
	readonly toY: (beta: number) => number;
}

/** A frame in a rectangle. */
export function frameOver(rect: Rect, xRange: readonly [number, number], yRange: readonly [number, number]): Frame {
	const fraction = (value: number, [min, max]: readonly [number, number]) => (value - min) / (max - min);
	return {
		...rect,
		xRange,
		yRange,
		toX: (alpha) => rect.x + fraction(alpha, xRange) * rect.width,
		toY: (beta) => rect.y + (1 - fraction(beta, yRange)) * rect.height,
	};
}

/** Distance between neighbouring values of an axis. */
export function spacing(axis: Axis): number {
	return (axis.max - axis.min) / Math.max(1, axis.steps - 1);
}

/**
 * The stretch of the plane a field covers: from its first to its last points, or with half a cell beyond.
 *
 * @throws {OptionError} when the field has one axis only
 */
export function planeRanges(
	{ x, y }: Pick<DrawnField, "x" | "y">,
	halfCells: boolean,
): Pick<Frame, "xRange" | "yRange"> {
	if (y === null) throw new OptionError("y", "a picture of the plane needs a surface with two axes, this has one");
	const range = (axis: Axis): [number, number] => {
		const half = halfCells ? spacing(axis) / 2 : 0;
		return [axis.min - half, axis.max + half];
	};
	return { xRange: range(x), yRange: range(y) };
}

/** Height of a frame for a width of 1. */
export function frameAspect({ xRange, yRange }: Pick<Frame, "xRange" | "yRange">): number {
	return Math.min(1.2, Math.max(0.4, (yRange[1] - yRange[0]) / (xRange[1] - xRange[0])));
}

/**
 * A drawing cut off at the edges of a frame; nothing where there is none.
 *
 * @param id of the cut, which is its own in the document
 */
export function within({ x, y, width, height }: Frame, svg: string, id = "within"): string {
	if (svg === "") return "";
	return `<clipPath id="${id}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath><g clip-path="url(#${id})">\n${svg}\n</g>`;
}

/** Whether a place lies in a frame, its edges included. */
export function holds(
	{ xRange, yRange }: Pick<Frame, "xRange" | "yRange">,
	[alpha = 0, beta = 0]: Coordinates,
): boolean {
	return alpha >= xRange[0] && alpha <= xRange[1] && beta >= yRange[0] && beta <= yRange[1];
}
