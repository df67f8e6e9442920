import type { DrawnField } from "./values.js";

/** A field as heights over its grid, in row order: positions on a scale, NaN where a point has no value. */
export interface Heights {
	readonly columns: number;
	readonly rows: number;
	readonly values: Float64Array;
}

/** @param position the scale's, so that on a log scale it is logarithms that are interpolated */
export function heightsOf(of: DrawnField, position: (value: number) => number): Heights {
	const { columns, rows } = of;
	return {
		columns,
		rows,
		values: of.values.map((value, i) => (of.kinds[i] === "finite" ? position(value) : Number.NaN)),
	};
}

/**
 * Heights between the points of a grid, in row order: at each of `vs`, in rows, those at all of `us`, in columns.
 *
 * Along a row or a column a cubic goes through the points, with the slopes of parabolas through three neighbours, limited as by
 * Fritsch and Carlson so that it rises or falls throughout between two points; parabolas between equally spaced points are met
 * exactly but where their lowest point lies between two. Over a square it is the mean of cubics along rows first, then through them,
 * and along columns first. So no height is above the highest of a square's corners or below the lowest, not by anything. A square with
 * a corner without a value has none inside; beside one, and at the edge, slopes are of points to one side.
 *
 * @see Fritsch and Carlson 1980, "Monotone piecewise cubic interpolation"
 */
export function heightsBetween(heights: Heights, us: Float64Array, vs: Float64Array): Float64Array {
	const { columns, rows, values } = heights;
	const [across, down] = [segments(us, columns), segments(vs, rows)];
	const width = us.length;
	const alongRows = new Float64Array(rows * width);
	for (let row = 0; row < rows; row++) {
		for (let u = 0; u < width; u++) alongRows[row * width + u] = cubicAt(values, row * columns, 1, columns, across, u);
	}
	const alongColumns = new Float64Array(vs.length * columns);
	for (let v = 0; v < vs.length; v++) {
		for (let column = 0; column < columns; column++)
			alongColumns[v * columns + column] = cubicAt(values, column, columns, rows, down, v);
	}
	const found = new Float64Array(width * vs.length);
	for (let v = 0; v < vs.length; v++) {
		for (let u = 0; u < width; u++) {
			const rowsFirst = cubicAt(alongRows, u, width, rows, down, v);
			const columnsFirst = cubicAt(alongColumns, v * columns, 1, columns, across, u);
			found[v * width + u] = (rowsFirst + columnsFirst) / 2;
		}
	}
	return found;
}

/** The heights with so many steps from point to point in place of one. */
export function refinedHeights(heights: Heights, acrossSteps: number, downSteps: number): Heights {
	const [us, vs] = [stepsBetween(heights.columns, acrossSteps), stepsBetween(heights.rows, downSteps)];
	return { columns: us.length, rows: vs.length, values: heightsBetween(heights, us, vs) };
}

function stepsBetween(points: number, steps: number): Float64Array {
	return Float64Array.from({ length: (points - 1) * steps + 1 }, (_, i) => i / steps);
}

/** Where places fall between the points of an axis: from which point on, and what share of the way to the next. */
interface Segments {
	readonly from: Int32Array;
	readonly share: Float64Array;
}

function segments(places: Float64Array, points: number): Segments {
	const from = Int32Array.from(places, (place) => Math.max(0, Math.min(points - 2, Math.floor(place))));
	return { from, share: places.map((place, i) => place - (from[i] ?? 0)) };
}

/** The cubic through points that stand `stride` apart in `values` from `start` on, at one place. */
function cubicAt(
	values: Float64Array,
	start: number,
	stride: number,
	points: number,
	{ from, share }: Segments,
	place: number,
): number {
	const point = from[place] ?? 0;
	const at = start + point * stride;
	const t = share[place] ?? 0;
	const low = values[at] ?? Number.NaN;
	if (t === 0) return low;
	const high = values[at + stride] ?? Number.NaN;
	if (t === 1) return high;
	const step = high - low;
	const before = point > 0 ? low - (values[at - stride] ?? Number.NaN) : Number.NaN;
	const after = point + 2 < points ? (values[at + 2 * stride] ?? Number.NaN) - high : Number.NaN;
	const slopeLow = Number.isNaN(before) ? slopeAtEnd(step, after) : slopeWithin(before, step);
	const slopeHigh = Number.isNaN(after) ? slopeAtEnd(step, before) : slopeWithin(step, after);
	// Hermite's form: what the cubic has beyond the straight line.
	const rest = 1 - t;
	const height = low + t * step + t * rest * (rest * (slopeLow - step) - t * (slopeHigh - step));
	return low < high ? Math.min(high, Math.max(low, height)) : Math.max(high, Math.min(low, height));
}

/** The slope of the parabola at the middle of three points, 0 at a top or a bottom, and no more than the cubic keeps to. */
function slopeWithin(before: number, after: number): number {
	if (!(before > 0 ? after > 0 : before < 0 && after < 0)) return 0;
	return limited((before + after) / 2, Math.min(Math.abs(before), Math.abs(after)));
}

/** The slope of the parabola at the first of three points; of two points, that of the line. */
function slopeAtEnd(step: number, next: number): number {
	if (Number.isNaN(next)) return step;
	const slope = 1.5 * step - 0.5 * next;
	return slope > 0 === step > 0 ? limited(slope, Math.abs(step)) : 0;
}

/** Three times the smaller of the steps to either side is what Fritsch and Carlson show to be enough. */
function limited(slope: number, smaller: number): number {
	return Math.min(3 * smaller, Math.max(-3 * smaller, slope));
}
