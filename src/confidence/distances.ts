import type { Heights } from "../render/parts/interpolation.js";

/**
 * How far each place of a fine grid lies from the line of a height, in its steps: from the nearest crossing of an edge between
 * neighbouring places, which lie closer together than a step and a half. ∞ where there is no line.
 *
 * The nearest crossing is handed on from neighbour to neighbour in two passes there and back, which finds it but for a small share of
 * a step (Danielsson, Euclidean distance mapping, Computer Graphics and Image Processing 14, 1980).
 */
export function distancesToLine({ columns, rows, values }: Heights, level: number): Float64Array {
	const nearestX = new Float64Array(values.length).fill(Number.POSITIVE_INFINITY);
	const nearestY = new Float64Array(values.length).fill(Number.POSITIVE_INFINITY);
	const distances = new Float64Array(values.length).fill(Number.POSITIVE_INFINITY);
	const offer = (column: number, row: number, x: number, y: number) => {
		const place = row * columns + column;
		const distance = Math.hypot(x - column, y - row);
		if (!(distance < (distances[place] ?? 0))) return;
		distances[place] = distance;
		nearestX[place] = x;
		nearestY[place] = y;
	};
	for (let row = 0; row < rows; row++)
		for (let column = 0; column < columns; column++) {
			const here = (values[row * columns + column] ?? Number.NaN) - level;
			const right = column + 1 < columns ? (values[row * columns + column + 1] ?? Number.NaN) - level : Number.NaN;
			const above = row + 1 < rows ? (values[(row + 1) * columns + column] ?? Number.NaN) - level : Number.NaN;
			if (!Number.isNaN(here + right) && here >= 0 !== right >= 0) {
				const share = here / (here - right);
				offer(column, row, column + share, row);
				offer(column + 1, row, column + share, row);
			}
			if (!Number.isNaN(here + above) && here >= 0 !== above >= 0) {
				const share = here / (here - above);
				offer(column, row, column, row + share);
				offer(column, row + 1, column, row + share);
			}
		}
	const take = (column: number, row: number, [across, up]: readonly [number, number]) => {
		const [c, r] = [column + across, row + up];
		if (c < 0 || c >= columns || r < 0 || r >= rows) return;
		const other = r * columns + c;
		if (distances[other] === Number.POSITIVE_INFINITY) return;
		offer(column, row, nearestX[other] ?? 0, nearestY[other] ?? 0);
	};
	for (let pass = 0; pass < 2; pass++) {
		for (let row = 0; row < rows; row++)
			for (let column = 0; column < columns; column++) for (const step of before) take(column, row, step);
		for (let row = rows - 1; row >= 0; row--)
			for (let column = columns - 1; column >= 0; column--) for (const step of after) take(column, row, step);
	}
	return distances;
}

/** Neighbours that a pass in row order has been to. */
const before = [
	[-1, 0],
	[-1, -1],
	[0, -1],
	[1, -1],
] as const;
const after = [
	[1, 0],
	[1, 1],
	[0, 1],
	[-1, 1],
] as const;
