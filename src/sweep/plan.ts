import { columns, rows, type Surface } from "../surface/surface.js";

/** A run of points within one row: columns `from` to `to` - 1. Usually the whole row. */
export interface Segment {
	readonly row: number;
	readonly from: number;
	readonly to: number;
}

/** A line is one row; it is cut into parts of this many points, so that an interruption loses little of it. */
const LINE_PART = 4;

/**
 * The work that a surface still lacks, as plain data, in the order in which to do it: rows coarse to fine. A row is split
 * only where fewer rows than threads are left, so that all threads finish together.
 */
export function planSweep(surface: Pick<Surface, "x" | "y" | "done">, threads: number): Segment[] {
	const missing = coarseToFine(rows(surface)).flatMap((row) => missingInRow(surface, row));
	if (surface.y === null)
		return missing.flatMap((segment) => split(segment, Math.max(threads, Math.ceil(lengthOf(segment) / LINE_PART))));
	const whole = missing.length - (missing.length % threads);
	return [...missing.slice(0, whole), ...missing.slice(whole).flatMap((segment) => split(segment, threads))];
}

/** All whole numbers below `count`, first and last first, then the middle of every gap, breadth first. */
export function coarseToFine(count: number): number[] {
	const order = count > 1 ? [0, count - 1] : [0];
	const gaps: [number, number][] = [[0, count - 1]];
	for (const [low, high] of gaps) {
		const middle = Math.floor((low + high) / 2);
		if (middle === low) continue;
		order.push(middle);
		gaps.push([low, middle], [middle, high]);
	}
	return order;
}

/** The longest runs of points of a row that are not done. */
function missingInRow(surface: Pick<Surface, "x" | "done">, row: number): Segment[] {
	const width = columns(surface);
	const segments: Segment[] = [];
	let from = -1;
	for (let column = 0; column <= width; column++) {
		const missing = column < width && surface.done[row * width + column] !== 1;
		if (missing && from < 0) from = column;
		if (!missing && from >= 0) {
			segments.push({ row, from, to: column });
			from = -1;
		}
	}
	return segments;
}

/** Cuts a segment into at most `parts` parts of equal length, give or take a point. */
function split(segment: Segment, parts: number): Segment[] {
	const length = lengthOf(segment);
	const count = Math.min(parts, length);
	return Array.from({ length: count }, (_, part) => ({
		row: segment.row,
		from: segment.from + Math.floor((length * part) / count),
		to: segment.from + Math.floor((length * (part + 1)) / count),
	}));
}

export function lengthOf({ from, to }: Segment): number {
	return to - from;
}
