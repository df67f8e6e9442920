import { normalizedBy } from "./batch-norm";
import { atLeast, TILE_COLUMNS, TILE_ROWS } from "./tile";
import { storePartly } from "./window";

/** The output's side of Winograd's algorithm; winograd.ts says how the parts go together. */

/** Bytes between the products of neighbouring positions. */
export const STEP: usize = TILE_ROWS * TILE_COLUMNS * 4;

/** Transforms the rows of products back: lines [reach][side] of vectors. */
@inline
export function transformRowsBack<F>(lines: usize, products: usize): void {
	const f = changetype<F>(0);
	for (let row = 0; row < f.reach(); row++) {
		f.gatherRow(lines, products);
		lines += f.side() << 4;
		products += f.reach() * STEP;
	}
}

/** What becomes of two outputs one below the other, rows 2 · pair and 2 · pair + 1 of a tile: bias, max(x, least), written. */
@unmanaged
export class Plain {
	@inline
	pair(
		to: usize, pair: i32, stride: i32, even: v128, odd: v128, bias: v128, least: v128, norm: usize, part: i32,
	): void {
		v128.store(to + 2 * pair * stride, atLeast(f32x4.add(even, bias), least));
		v128.store(to + (2 * pair + 1) * stride, atLeast(f32x4.add(odd, bias), least));
	}

	/** Whether the next column's outputs go to the same place. */
	@inline
	stays(): bool {
		return false;
	}
}

/** As Plain, normalised in between by `norm`, which normalizedBy takes. */
@unmanaged
export class Normalized {
	@inline
	pair(
		to: usize, pair: i32, stride: i32, even: v128, odd: v128, bias: v128, least: v128, norm: usize, part: i32,
	): void {
		v128.store(to + 2 * pair * stride, normalizedBy(f32x4.add(even, bias), norm, part, least));
		v128.store(to + (2 * pair + 1) * stride, normalizedBy(f32x4.add(odd, bias), norm, part, least));
	}

	@inline
	stays(): bool {
		return false;
	}
}

/** The maximum of the two, where that of all four will be. Of a left column; Pooled takes the one beside it. */
@unmanaged
export class HalfPooled {
	@inline
	pair(
		to: usize, pair: i32, stride: i32, even: v128, odd: v128, bias: v128, least: v128, norm: usize, part: i32,
	): void {
		v128.store(to + pair * stride, f32x4.pmax(even, odd));
	}

	@inline
	stays(): bool {
		return true;
	}
}

/**
 * The maximum of the two and of what HalfPooled has left. The cheaper pmax may lose NaN: a tile with a value that is not finite
 * is computed again.
 */
@unmanaged
export class Pooled {
	@inline
	pair(
		to: usize, pair: i32, stride: i32, even: v128, odd: v128, bias: v128, least: v128, norm: usize, part: i32,
	): void {
		const at = to + pair * stride;
		const most = f32x4.pmax(v128.load(at), f32x4.pmax(even, odd));
		v128.store(at, atLeast(f32x4.add(most, bias), least));
	}

	@inline
	stays(): bool {
		return false;
	}
}

/**
 * Transforms the columns of lines [reach][side] back and has Left and Right take the outputs of every other one. Nothing goes
 * through memory but what is written.
 *
 * @returns the sum of the tile, each lane's
 */
@inline
export function writeWholeTile<F, Left, Right>(
	to: usize,
	lines: usize,
	bias: v128,
	least: v128,
	rowStride: i32,
	columnStride: i32,
	norm: usize,
	part: i32,
): v128 {
	const f = changetype<F>(0);
	let sum = f32x4.splat(0);
	for (let column = 0; column < f.side(); column += 2) {
		sum = f32x4.add(sum, f.gatherColumn<Left>(to, rowStride, lines, bias, least, norm, part));
		if (!changetype<Left>(0).stays()) to += columnStride;
		sum = f32x4.add(sum, f.gatherColumn<Right>(to, rowStride, lines + 16, bias, least, norm, part));
		to += columnStride;
		lines += 32;
	}
	return sum;
}

/** Whether a lane is NaN or infinite; a sum is where a term is, or where terms are so large that it overflows. */
@inline
export function isNotFinite(sum: v128): bool {
	const zeroOrNaN = f32x4.sub(sum, sum);
	return v128.any_true(f32x4.ne(zeroOrNaN, zeroOrNaN));
}

/**
 * Adds bias, normalises, takes max(x, least), takes the maximum over 2×2 where pooling, and writes the part of a tile that
 * lies inside the output.
 *
 * @param to     first output of the tile for these four channels
 * @param tile   [side][side] of vectors
 * @param rows   rows of the (pooled) tile inside the output, at most side (its half)
 */
export function writeTile(
	to: usize,
	tile: usize,
	side: i32,
	bias: v128,
	least: v128,
	pool: bool,
	rows: i32,
	columns: i32,
	rowStride: i32,
	columnStride: i32,
	count: i32,
	norm: usize,
	part: i32,
): void {
	const line = side << 4;
	for (let row = 0; row < rows; row++) {
		let target = to + row * rowStride;
		let from = tile + row * (pool ? 2 * line : line);
		for (let column = 0; column < columns; column++) {
			let value = v128.load(from);
			if (pool) {
				const upper = f32x4.max(value, v128.load(from, 16));
				const lower = f32x4.max(v128.load(from + line), v128.load(from + line, 16));
				value = f32x4.max(upper, lower);
				from += 32;
			} else {
				from += 16;
			}
			value = f32x4.add(value, bias);
			value = norm === 0 ? atLeast(value, least) : normalizedBy(value, norm, part, least);
			storePartly(target, value, count);
			target += columnStride;
		}
	}
}
