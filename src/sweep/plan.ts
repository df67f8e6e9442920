import { canonicalJson, sha256 } from "../exact/digest.js";
import { gridPoints, isLine, rowOf, rowsOf } from "../surface/grid.js";
import type { PlanRecord } from "../surface/provenance.js";
import type { Surface } from "../surface/surface.js";
import type { Batch } from "./executor.js";

/** SHA-256 over what the values of a sweep depend on. */
export function planDigest(plan: PlanRecord): string {
	return sha256(canonicalJson(plan));
}

/** A line is one row; it is cut into parts of this many points, so that an interruption loses little of it. */
const LINE_PART = 4;

/**
 * The work that a surface still lacks, as plain data, in the order in which to do it: rows coarse to fine, extra points last.
 * A row is split only where fewer rows than slots are left, so that all slots finish together.
 *
 * @param slots how many batches are worked on at once
 */
export function missing({ grid, done }: Pick<Surface, "grid" | "done">, slots: number): Batch[] {
	const rows = coarseToFine(rowsOf(grid)).flatMap((row) => missingIn(done, rowOf(grid, row)));
	const extras = missingIn(done, { first: gridPoints(grid), count: done.length - gridPoints(grid) });
	if (isLine(grid)) {
		const parts = rows.flatMap((batch) => split(batch, Math.max(slots, Math.ceil(batch.count / LINE_PART))));
		return [...parts, ...extras];
	}
	const whole = rows.length - (rows.length % slots);
	return [...rows.slice(0, whole), ...rows.slice(whole).flatMap((batch) => split(batch, slots)), ...extras];
}

/**
 * The same work with a point by itself for each slot to begin with, where its first batch is longer than the part of a line: the
 * first values are there before the slots are a row further, and so is what is wrong with all of them.
 */
export function firstPointsFirst(batches: readonly Batch[], slots: number): Batch[] {
	const [first, later] = [batches.slice(0, slots), batches.slice(slots)];
	const long = first.filter(({ count }) => count > LINE_PART);
	const others = long.map((batch) => ({ first: batch.first + 1, count: batch.count - 1 }));
	const points = first.map((batch) => (batch.count > LINE_PART ? { first: batch.first, count: 1 } : batch));
	return [...points, ...others, ...later];
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

/** The longest runs of points that are not done, among some. */
function missingIn(done: Uint8Array, { first, count }: Batch): Batch[] {
	const batches: Batch[] = [];
	let from = -1;
	for (let point = first; point <= first + count; point++) {
		const lacks = point < first + count && done[point] !== 1;
		if (lacks && from < 0) from = point;
		if (!lacks && from >= 0) {
			batches.push({ first: from, count: point - from });
			from = -1;
		}
	}
	return batches;
}

/** Cuts a batch into at most `parts` parts of equal length, give or take a point. */
function split({ first, count }: Batch, parts: number): Batch[] {
	const number = Math.min(parts, count);
	return Array.from({ length: number }, (_, part) => {
		const [from, to] = [Math.floor((count * part) / number), Math.floor((count * (part + 1)) / number)];
		return { first: first + from, count: to - from };
	});
}
