import type { Lattice } from "./lattice.js";

/**
 * The least error that counts, as a part of the range of heights: an eighth of one of the 256 colours of a map. Where a surface is
 * flat, lines may shift by cells without anybody seeing another value.
 */
const LEAST_PART = 1 / 2048;

/** How large an error shifts isolines by one cell, at each point of a plane. */
export class ErrorPerCell {
	readonly #heights: Float64Array;
	readonly #lattice: Lattice;
	readonly #least: number;

	/** @param cells the shift that is tolerated: errors below the least that counts are no larger */
	constructor(heights: Float64Array, lattice: Lattice, cells: number) {
		let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		for (const height of heights) {
			if (!Number.isFinite(height)) continue;
			low = Math.min(low, height);
			high = Math.max(high, height);
		}
		this.#heights = heights;
		this.#lattice = lattice;
		this.#least = low < high ? ((high - low) * LEAST_PART) / cells : 0;
	}

	/** The length of the gradient, by differences to the points so far beside it, and not less than what counts. */
	at(column: number, row: number, reach: number): number {
		const { columns, rows } = this.#lattice;
		const height = (x: number, y: number) => this.#heights[y * columns + x] ?? Number.NaN;
		const [left, right] = [Math.max(0, column - reach), Math.min(columns - 1, column + reach)];
		const [below, above] = [Math.max(0, row - reach), Math.min(rows - 1, row + reach)];
		const along = (height(right, row) - height(left, row)) / (right - left);
		const across = (height(column, above) - height(column, below)) / (above - below);
		return Math.max(this.#least, Math.sqrt(along * along + across * across));
	}
}
