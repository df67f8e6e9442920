import { type Lattice, laterStrides, type NewPoint, newPoints } from "./lattice.js";
import { columnLine, type Line, prediction, rowLine } from "./predict.js";
import { mainHeights, type Sampled } from "./sampled.js";
import { ErrorPerCell } from "./tolerance.js";

/**
 * What an expected error is multiplied by, and by what part of a fourth difference a cubic is expected to miss a kink: one in the middle
 * of four points it misses by 3/8, others by less. Tried on planes of 65 × 65 points around nine networks in two random directions each,
 * where ½ cell is tolerated: with these the isolines were within 0.30 cells, of 8 to 12 % of the points. Without a part for kinks those
 * of |x| were off by more than a cell; with all of 3/8, up to 29 % of the points were computed, and lines were within 0.30 as well.
 */
const [SAFETY, KINK] = [1.5, 0.05];

/** How far, in strides, the error at a point that is known counts for its neighbours. */
const REACH = 2;

/**
 * The points to compute next: of the first level, coarse to fine, that holds any, those at which the error expected of the prediction
 * would shift an isoline by more than is tolerated, whatever its value; and those of which nothing can be said, since a value beside
 * them is not finite. None where the surface is as well known as is asked for.
 *
 * What is expected comes of fourth differences at the distance of the points that the cubic goes through, so that nothing has to be assumed
 * of how errors shrink from level to level. Where points of the level are known, what was in fact wrong with their prediction
 * counts too.
 *
 * @param cells the shift of lines that is tolerated, in cells of the grid
 * @returns numbers of points, in rising order
 */
export function pointsToCompute(known: Sampled, cells: number): number[] {
	const { lattice, isKnown, fields } = known;
	const heights = mainHeights(known);
	const perCell = new ErrorPerCell(heights, lattice, cells);
	for (const stride of laterStrides(lattice)) {
		const added = newPoints(lattice, stride);
		const unknown = added.filter(({ point }) => isKnown[point] !== 1);
		const surpluses = surplusesOf(known, added, stride);
		const isPredicted = ({ point }: NewPoint) => fields.every((field) => Number.isFinite(field.heights[point]));
		const chosen = unknown.filter((at) => {
			const error = Math.max(expectedError(heights, lattice, at, stride), largestNear(surpluses, lattice, at, stride));
			// Not "more than": what is not a number must be computed.
			return !(isPredicted(at) && SAFETY * error <= cells * perCell.at(at.column, at.row, stride));
		});
		if (chosen.length > 0) return chosen.map(({ point }) => point).sort((a, b) => a - b);
	}
	return [];
}

/** What a cubic's error at a new point should be by fourth differences around it. */
function expectedError(values: Float64Array, lattice: Lattice, at: NewPoint, stride: number): number {
	const { column, row, betweenColumns, betweenRows } = at;
	const beside = (i: number, isBetween: boolean) => (isBetween ? [i - stride, i + stride] : [i]);
	const along = betweenColumns
		? beside(row, betweenRows).map((y) => errorOnLine(rowLine(values, lattice, y), column, stride))
		: [0];
	const across = betweenRows
		? beside(column, betweenColumns).map((x) => errorOnLine(columnLine(values, lattice, x), row, stride))
		: [0];
	return Math.max(...along) + Math.max(...across);
}

/**
 * Along a line: a part of the fourth difference d₄ nearby. That is 3/128 (5/128 at an end) where the surface is smooth, and more at
 * kinks, where d₄ is as large as the second differences d₂ that it is made of; between the two it grows with (d₄/d₂)².
 */
function errorOnLine(line: Line, at: number, half: number): number {
	const gap = 2 * half;
	const isInner = at - half - gap >= 0 && at + half + gap < line.length;
	const smooth = (isInner ? 3 : 5) / 128;
	const errors = [at - half, at + half].map((around) => {
		const { fourth, second } = differences(line, around, gap);
		const roughness = fourth === 0 ? 0 : Math.min(1, fourth / second);
		return fourth * (smooth + KINK * roughness * roughness);
	});
	return Math.max(...errors);
}

/** Of five values that are `gap` apart, around a place or as near to it as the line has them: sizes of the fourth and largest second difference. */
function differences({ valueAt, length }: Line, around: number, gap: number) {
	const centre = Math.max(2 * gap, Math.min(length - 1 - 2 * gap, around));
	const value = (i: number) => valueAt(centre + i * gap);
	const second = (i: number) => value(i - 1) - 2 * value(i) + value(i + 1);
	const [before, here, after] = [second(-1), second(0), second(1)];
	return {
		fourth: Math.abs(before - 2 * here + after),
		second: Math.max(Math.abs(before), Math.abs(here), Math.abs(after)),
	};
}

/** By how much the prediction of each known point of a level is wrong; 0 elsewhere. */
function surplusesOf(known: Sampled, added: readonly NewPoint[], stride: number): Float64Array {
	const { lattice, isKnown } = known;
	const heights = mainHeights(known);
	const surpluses = new Float64Array(heights.length);
	for (const at of added) {
		if (isKnown[at.point] !== 1) continue;
		const surplus = Math.abs((heights[at.point] ?? Number.NaN) - prediction(heights, lattice, at, stride));
		surpluses[at.point] = Number.isFinite(surplus) ? surplus : 0;
	}
	return surpluses;
}

function largestNear(surpluses: Float64Array, lattice: Lattice, { column, row }: NewPoint, stride: number): number {
	const { columns, rows } = lattice;
	let largest = 0;
	for (let y = -REACH; y <= REACH; y++)
		for (let x = -REACH; x <= REACH; x++) {
			const [there, line] = [column + x * stride, row + y * stride];
			if (there < 0 || there >= columns || line < 0 || line >= rows) continue;
			largest = Math.max(largest, surpluses[line * columns + there] ?? 0);
		}
	return largest;
}
