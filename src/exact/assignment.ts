/**
 * The assignment of columns to rows whose sum is the greatest: Jonker and Volgenant's shortest augmenting paths with dual prices, in
 * O(n³) steps. Where several sums are the greatest, a column of the lowest number is reached first, so that every machine finds the same.
 *
 * @param gain n × n, row after row: what row i with column j brings; finite
 * @returns the column of each row
 * @see Jonker and Volgenant, Computing 38 (1987); Crouse, IEEE Trans. Aerospace and Electronic Systems 52 (2016), for this form
 */
export function bestAssignment(gain: Float64Array, size: number): Uint32Array {
	const search: Search = {
		gain,
		size,
		rowPrice: new Float64Array(size),
		columnPrice: new Float64Array(size),
		columnOf: new Int32Array(size).fill(-1),
		rowOf: new Int32Array(size).fill(-1),
		distance: new Float64Array(size),
		before: new Int32Array(size),
		reached: new Uint8Array(size),
	};
	for (let row = 0; row < size; row++) augment(search, row);
	return Uint32Array.from(search.columnOf);
}

interface Search {
	readonly gain: Float64Array;
	readonly size: number;
	readonly rowPrice: Float64Array;
	readonly columnPrice: Float64Array;
	/** By row, and the other way round; -1 where there is none yet. */
	readonly columnOf: Int32Array;
	readonly rowOf: Int32Array;
	/** Of each column from the row to be assigned, by costs less prices. */
	readonly distance: Float64Array;
	/** The row before each column on the shortest way to it. */
	readonly before: Int32Array;
	/** Columns to which the shortest way is known. */
	readonly reached: Uint8Array;
}

/** Assigns one row more: along the shortest way to a column that is free, every row takes the next column. */
function augment(search: Search, start: number): void {
	const { columnOf, rowOf, distance, before, reached } = search;
	distance.fill(Number.POSITIVE_INFINITY);
	reached.fill(0);
	let length = 0;
	let column = -1;
	for (let row = start; row >= 0; row = rowOf[column] ?? -1) {
		column = nearest(search, row, length);
		length = distance[column] ?? 0;
		reached[column] = 1;
	}
	reprice(search, start, length);
	for (let at = column, free = -1; free !== start; ) {
		free = before[at] ?? start;
		rowOf[at] = free;
		const given = columnOf[free] ?? -1;
		columnOf[free] = at;
		at = given;
	}
}

/** The nearest column that is not reached yet, once ways by a row are known too. */
function nearest(
	{ gain, size, rowPrice, columnPrice, distance, before, reached }: Search,
	row: number,
	length: number,
) {
	const offset = row * size;
	// A gain is a cost below 0.
	const base = length - (rowPrice[row] ?? 0);
	let best = -1;
	let least = Number.POSITIVE_INFINITY;
	for (let column = 0; column < size; column++) {
		if (reached[column] === 1) continue;
		const way = base - (gain[offset + column] ?? 0) - (columnPrice[column] ?? 0);
		if (way < (distance[column] ?? 0)) {
			distance[column] = way;
			before[column] = row;
		}
		const own = distance[column] ?? 0;
		if (own < least || best < 0) {
			least = own;
			best = column;
		}
	}
	return best;
}

/** Prices for which no cost is below them, and those of pairs are equal to them. */
function reprice({ rowPrice, columnPrice, rowOf, distance, reached }: Search, start: number, length: number): void {
	rowPrice[start] = (rowPrice[start] ?? 0) + length;
	for (let column = 0; column < reached.length; column++) {
		if (reached[column] !== 1) continue;
		const change = length - (distance[column] ?? 0);
		const row = rowOf[column] ?? -1;
		if (row >= 0) rowPrice[row] = (rowPrice[row] ?? 0) + change;
		columnPrice[column] = (columnPrice[column] ?? 0) - change;
	}
}
