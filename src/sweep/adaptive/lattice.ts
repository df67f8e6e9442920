import { columnsOf, type Grid, isLine, rowsOf } from "../../surface/grid.js";

/** A level's points lie so many grid points apart; the first of them all, the others halve it. */
const LEAST_STRIDE = 4;

/** Points along an axis that the first level needs for fourth differences, and those from which on a wider one would be too few. */
const [LEAST_POINTS, ENOUGH_POINTS] = [5, 17];

/** The fewest steps of an axis. */
const LEAST_STEPS = LEAST_STRIDE * (LEAST_POINTS - 1) + 1;

/** The grid of a plane in levels, each twice as dense as the one before. */
export interface Lattice {
	readonly columns: number;
	readonly rows: number;
	/** How many grid points lie between two of the first level: a power of two. */
	readonly stride: number;
}

/** Why a grid has no levels, in words; null where it has. */
export function whyWithoutLevels(grid: Grid): string | null {
	if (isLine(grid)) return "expected a plane with it, got a line";
	const odd = grid.axes.find(({ steps }) => steps < LEAST_STEPS || (steps - 1) % LEAST_STRIDE !== 0);
	if (odd === undefined) return null;
	const near = Math.max(LEAST_STEPS, LEAST_STRIDE * Math.round((odd.steps - 1) / LEAST_STRIDE) + 1);
	return `expected axes of 4·m + 1 steps, ${LEAST_STEPS} or more, with it, got ${odd.steps}; ${near} is near`;
}

/** The levels of a grid that has them: the first is as wide as leaves 17 points along each axis, or else 4. */
export function latticeOf(grid: Grid): Lattice {
	const reason = whyWithoutLevels(grid);
	if (reason !== null) throw new RangeError(reason);
	const [columns, rows] = [columnsOf(grid), rowsOf(grid)];
	const isWide = (stride: number) =>
		[columns, rows].every((steps) => (steps - 1) % stride === 0 && (steps - 1) / stride + 1 >= ENOUGH_POINTS);
	let stride = LEAST_STRIDE;
	while (isWide(2 * stride)) stride *= 2;
	return { columns, rows, stride };
}

/** The strides of the levels after the first, from wide to 1. */
export function laterStrides({ stride }: Lattice): number[] {
	const strides: number[] = [];
	for (let later = stride / 2; later >= 1; later /= 2) strides.push(later);
	return strides;
}

/** The points of the first level. */
export function firstPoints({ columns, rows, stride }: Lattice): number[] {
	const points: number[] = [];
	for (let row = 0; row < rows; row += stride)
		for (let column = 0; column < columns; column += stride) points.push(row * columns + column);
	return points;
}

/** A point that is new at a level: between points of the one before along its row, its column, or both. */
export interface NewPoint {
	readonly point: number;
	readonly column: number;
	readonly row: number;
	readonly betweenColumns: boolean;
	readonly betweenRows: boolean;
}

/** The points that a level adds; those that lie between columns and rows last, for they lean on the others. */
export function newPoints({ columns, rows }: Lattice, stride: number): NewPoint[] {
	const between: NewPoint[] = [];
	const amid: NewPoint[] = [];
	for (let row = 0; row < rows; row += stride)
		for (let column = 0; column < columns; column += stride) {
			const betweenColumns = column % (2 * stride) !== 0;
			const betweenRows = row % (2 * stride) !== 0;
			const list = betweenColumns && betweenRows ? amid : between;
			if (betweenColumns || betweenRows)
				list.push({ point: row * columns + column, column, row, betweenColumns, betweenRows });
		}
	return [...between, ...amid];
}
