import type { Grid } from "../../src/surface/grid.js";
import { cellOf } from "../../src/surface/grid.js";

/** The points of a grid at or below a level that hang together with one, by flooding; neighbours by differences of columns and rows. */
function flooded(grid: Grid, values: Float64Array, level: number, from: number, neighbours: 4 | 6): Set<number> {
	const inside = new Set([from]);
	const queue = [from];
	for (let point = queue.pop(); point !== undefined; point = queue.pop()) {
		const here = cellOf(grid, point);
		for (const [other, value] of values.entries()) {
			if (!(value <= level) || inside.has(other)) continue;
			const there = cellOf(grid, other);
			const [right, up] = [there.column - here.column, there.row - here.row];
			const isBeside = Math.abs(right) + Math.abs(up) === 1 || (neighbours === 6 && right === up && Math.abs(up) === 1);
			if (!isBeside) continue;
			inside.add(other);
			queue.push(other);
		}
	}
	return inside;
}

/**
 * Births and deaths of a field's minima, of values all unlike, by thresholds: a point is a minimum where it hangs together with no other at
 * its own level, and dies at the lowest level at which it does with one that lies lower. Of those that never do, the death is null.
 */
export function pairsByFlooding(grid: Grid, values: Float64Array, neighbours: 4 | 6): [number, number | null][] {
	const levels = [...values].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
	const pairs: [number, number | null][] = [];
	for (const [point, birth] of values.entries()) {
		if (Number.isNaN(birth) || flooded(grid, values, birth, point, neighbours).size > 1) continue;
		const death = levels.find((level) => {
			const around = level < birth ? [] : [...flooded(grid, values, level, point, neighbours)];
			return around.some((other) => (values[other] ?? 0) < birth);
		});
		pairs.push([birth, death ?? null]);
	}
	return pairs.sort(([a], [b]) => a - b);
}
