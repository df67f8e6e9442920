import { type Lattice, laterStrides, type NewPoint, newPoints } from "./lattice.js";

/** Values along a row or a column of a plane. */
export interface Line {
	readonly valueAt: (i: number) => number;
	readonly length: number;
}

export function rowLine(values: Float64Array, { columns }: Lattice, row: number): Line {
	return { valueAt: (column) => values[row * columns + column] ?? Number.NaN, length: columns };
}

export function columnLine(values: Float64Array, { columns, rows }: Lattice, column: number): Line {
	return { valueAt: (row) => values[row * columns + column] ?? Number.NaN, length: rows };
}

/**
 * The value in the middle between `at - half` and `at + half`, by the cubic through four values of a line that are 2·half apart: two
 * to each side or, at an end, one and three. NaN where one of them is none.
 *
 * @see Deslauriers and Dubuc, "Symmetric iterative interpolation processes", Constructive Approximation 5 (1989)
 */
export function midpoint({ valueAt: value, length }: Line, at: number, half: number): number {
	const [low, high, gap] = [at - half, at + half, 2 * half];
	const isInner = low - gap >= 0 && high + gap < length;
	if (isInner) return (9 * (value(low) + value(high)) - (value(low - gap) + value(high + gap))) / 16;
	const [near, far, on] = low - gap < 0 ? [low, high, gap] : [high, low, -gap];
	return (5 * value(near) + 15 * value(far) - 5 * value(far + on) + value(far + 2 * on)) / 16;
}

/**
 * What a new point's neighbours say that its value is. Between columns and rows it is the Boolean sum of the cubics along both, so that
 * values known beside it count at their full worth.
 *
 * @see Gordon, "Blending-function methods of bivariate and multivariate interpolation", SIAM Journal on Numerical Analysis 8 (1971)
 */
export function prediction(values: Float64Array, lattice: Lattice, at: NewPoint, stride: number): number {
	const { column, row, betweenColumns, betweenRows } = at;
	const along = () => midpoint(rowLine(values, lattice, row), column, stride);
	const across = () => midpoint(columnLine(values, lattice, column), row, stride);
	if (!betweenRows) return along();
	if (!betweenColumns) return across();
	return along() + across() - tensor(values, lattice, at, stride);
}

/** The cubic in both directions through 16 points of the level before. */
function tensor(values: Float64Array, lattice: Lattice, { column, row }: NewPoint, stride: number): number {
	const valueAt = (there: number) => midpoint(columnLine(values, lattice, there), row, stride);
	return midpoint({ valueAt, length: lattice.columns }, column, stride);
}

/** Values at every point: those that are known, and what they say of the others, level by level. */
export function filled(known: Float64Array, isKnown: Uint8Array, lattice: Lattice): Float64Array {
	const values = Float64Array.from(known, (value, point) => (isKnown[point] === 1 ? value : Number.NaN));
	for (const stride of laterStrides(lattice))
		for (const at of newPoints(lattice, stride))
			if (isKnown[at.point] !== 1) values[at.point] = prediction(values, lattice, at, stride);
	return values;
}
