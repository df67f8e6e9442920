import { type Isoline, isolines } from "./isolines.js";
import type { Heights } from "./parts/interpolation.js";

/** Lines are measured at places no further apart than this, in cells. */
const STEP = 0.25;

/** Closed lines shorter than this, in cells, are left out: no grid can show what lies within a cell or two of it. */
const SHORTEST_LOOP = 2;

/** The part of the lines' length that the second largest of all measures speaks of. */
const NEARLY_ALL = 0.999;

/** How far the isolines of two surfaces over one grid are apart, in cells of it. */
export interface LineShift {
	/** The largest distance from a place on a line of either to the nearest line of the other: Hausdorff's; infinite where only one has lines. */
	readonly worst: number;
	/** The distance that 99.9 % of the length of all lines keep. */
	readonly nearlyAll: number;
	/** The largest distance at each level. */
	readonly levels: readonly { readonly level: number; readonly worst: number }[];
	/** How many closed lines were left out as too short. */
	readonly leftOut: number;
}

/** A place on a line, and the length of line that it stands for. */
interface Sample {
	readonly column: number;
	readonly row: number;
	readonly length: number;
}

type Segment = readonly [column: number, row: number, column: number, row: number];

/** The distance between the isolines of two surfaces at some levels, measured from both at places a quarter of a cell apart. */
export function lineShift(a: Heights, b: Heights, levels: readonly number[]): LineShift {
	const measured = levels.map((level) => {
		const [mine, others] = [isolines(a, level), isolines(b, level)];
		return [...distances(mine, others, a), ...distances(others, mine, a)];
	});
	const all = measured.flat().sort((one, other) => one.distance - other.distance);
	const total = all.reduce((sum, { length }) => sum + length, 0);
	let passed = 0;
	const nearlyAll = all.find(({ length }) => {
		passed += length;
		return passed >= NEARLY_ALL * total;
	});
	const tooShort = (heights: Heights) => levels.flatMap((level) => isolines(heights, level)).filter(isShortLoop);
	return {
		worst: all.at(-1)?.distance ?? 0,
		nearlyAll: nearlyAll?.distance ?? 0,
		levels: levels.map((level, i) => {
			const worst = Math.max(0, ...(measured[i] ?? []).map(({ distance }) => distance));
			return { level, worst };
		}),
		leftOut: tooShort(a).length + tooShort(b).length,
	};
}

/** From places on some lines to the nearest of others. */
function distances(
	lines: readonly Isoline[],
	others: readonly Isoline[],
	{ columns, rows }: Heights,
): { readonly distance: number; readonly length: number }[] {
	const cell = (at: number, count: number) => Math.max(0, Math.min(count - 2, Math.floor(at)));
	const near = new Map<number, Segment[]>();
	for (const segment of others.flatMap(segmentsOf)) {
		const [c, r, d, s] = segment;
		const key = cell((r + s) / 2, rows) * columns + cell((c + d) / 2, columns);
		const known = near.get(key);
		if (known === undefined) near.set(key, [segment]);
		else known.push(segment);
	}
	return lines
		.filter((line) => !isShortLoop(line))
		.flatMap(samplesOf)
		.map((sample) => {
			const [column, row] = [cell(sample.column, columns), cell(sample.row, rows)];
			let distance = Number.POSITIVE_INFINITY;
			// What lies in a cell so many away is at least one less away.
			for (let ring = 0; ring < Math.max(columns, rows) && distance > ring - 1; ring++)
				for (const segment of inRing(near, columns, rows, column, row, ring))
					distance = Math.min(distance, distanceTo(segment, sample));
			return { distance, length: sample.length };
		});
}

/** The segments in cells so many away from one. */
function* inRing(
	near: ReadonlyMap<number, readonly Segment[]>,
	columns: number,
	rows: number,
	column: number,
	row: number,
	ring: number,
): Generator<Segment> {
	for (let y = Math.max(0, row - ring); y <= Math.min(rows - 1, row + ring); y++) {
		const isEdge = Math.abs(y - row) === ring;
		for (let x = column - ring; x <= column + ring; x += isEdge ? 1 : Math.max(1, 2 * ring))
			if (x >= 0 && x < columns) yield* near.get(y * columns + x) ?? [];
	}
}

function segmentsOf(line: Isoline): Segment[] {
	return Array.from({ length: Math.max(0, line.length / 2 - 1) }, (_, i) => {
		const [a = 0, b = 0, c = 0, d = 0] = line.subarray(2 * i, 2 * i + 4);
		return [a, b, c, d] as const;
	});
}

function lengthOf([column, row, otherColumn, otherRow]: Segment): number {
	return Math.hypot(otherColumn - column, otherRow - row);
}

function isShortLoop(line: Isoline): boolean {
	const isClosed = line[0] === line.at(-2) && line[1] === line.at(-1);
	return isClosed && segmentsOf(line).reduce((sum, segment) => sum + lengthOf(segment), 0) < SHORTEST_LOOP;
}

/** Places along a line, in the middle of equal parts of each of its segments. */
function samplesOf(line: Isoline): Sample[] {
	return segmentsOf(line).flatMap((segment) => {
		const length = lengthOf(segment);
		const parts = Math.max(1, Math.ceil(length / STEP));
		const [column, row, otherColumn, otherRow] = segment;
		return Array.from({ length: parts }, (_, i) => {
			const share = (i + 0.5) / parts;
			return {
				column: column + share * (otherColumn - column),
				row: row + share * (otherRow - row),
				length: length / parts,
			};
		});
	});
}

function distanceTo([column, row, otherColumn, otherRow]: Segment, place: Sample): number {
	const [along, up] = [otherColumn - column, otherRow - row];
	const square = along * along + up * up;
	const share = square === 0 ? 0 : ((place.column - column) * along + (place.row - row) * up) / square;
	const within = Math.max(0, Math.min(1, share));
	return Math.hypot(place.column - column - within * along, place.row - row - within * up);
}
