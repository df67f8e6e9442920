import { OptionError } from "../../errors.js";
import { type Axis, axisValues, isLine } from "../../surface/grid.js";
import type { Surface } from "../../surface/surface.js";
import { reached } from "../film.js";
import type { Stretch } from "./values.js";

/** The first frame has so many points to each side of the origin: fewer have no lines worth the name. */
const FIRST = 2;
/** With fewer frames there is nothing to see move. */
const LEAST_FRAMES = 3;
/** Every pixel of a heat map changes from frame to frame, so that each is as long as a picture of its own. */
const MOST_FRAMES = 60;

/**
 * The columns and rows of ranges of a plane that grow around the origin, each side by the same share of the way to its end, from two
 * points to the longest side to the whole grid. Where the grid has no point at the origin, around the one nearest to it.
 *
 * @throws {OptionError} for a line, and for a plane of too few points for three ranges
 */
export function rangesAround({ grid }: Surface): { readonly columns: Stretch; readonly rows: Stretch }[] {
	if (isLine(grid)) throw new OptionError("animate", "range: expected a plane, got a line");
	const [x, y = x] = grid.axes;
	const [columns, rows] = [aroundOrigin(x), aroundOrigin(y)];
	const most = Math.max(columns.before, columns.after, rows.before, rows.after);
	const steps = most - FIRST + 1;
	if (steps < LEAST_FRAMES)
		throw new OptionError(
			"animate",
			`range: expected at least ${FIRST + LEAST_FRAMES - 1} points to one side of the origin, got a plane of ${x.steps} × ${y.steps}`,
		);
	const frames = Math.min(MOST_FRAMES, steps);
	return Array.from({ length: frames }, (_, frame) => {
		const share = [reached(frame, frames, steps) + FIRST, most] as const;
		return { columns: stretchOf(columns, share), rows: stretchOf(rows, share) };
	});
}

/** The point of an axis nearest to the origin, and how many there are before and after it. */
interface Around {
	readonly origin: number;
	readonly before: number;
	readonly after: number;
}

function aroundOrigin(axis: Axis): Around {
	const distances = axisValues(axis).map(Math.abs);
	const origin = distances.indexOf(distances.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
	return { origin, before: origin, after: axis.steps - 1 - origin };
}

/** The points within so many parts of a whole of the way to both ends, at least one to each side that has any. */
function stretchOf({ origin, before, after }: Around, [parts, whole]: readonly [number, number]): Stretch {
	// Multiplied first: whole numbers, so that a side of as many points as parts has each of them in its turn.
	return [origin - Math.ceil((before * parts) / whole), origin + Math.ceil((after * parts) / whole)];
}
