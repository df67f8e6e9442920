import { normalizedBy } from "./batch-norm";
import { constant } from "./constants";
import { atLeast, multiplyAdd, TILE_COLUMNS, TILE_ROWS } from "./tile";
import { storePartly } from "./window";

/** The output's side of Winograd's algorithm; winograd.ts says how the parts go together. */

/** Positions of the transformed 6×6 patch that gives a tile. */
export const POSITIONS: i32 = 36;

/** Aᵀ times a column of six: [m₀+p+q, r+2s, p+4q, r+8s+m₅], p = m₁+m₂, q = m₃+m₄, r = m₁−m₂, s = m₃−m₄. */
@inline
function gatherFirst(m0: v128, p: v128, q: v128): v128 {
	return f32x4.add(f32x4.add(m0, p), q);
}

@inline
function gatherSecond(r: v128, s: v128): v128 {
	return f32x4.add(r, f32x4.add(s, s));
}

@inline
function gatherThird(p: v128, q: v128): v128 {
	return multiplyAdd(q, constant(4), p);
}

@inline
function gatherFourth(r: v128, s: v128, m5: v128): v128 {
	return f32x4.add(multiplyAdd(s, constant(8), r), m5);
}

/** Bytes between the products of neighbouring positions. */
const STEP: usize = TILE_ROWS * TILE_COLUMNS * 4;

/** Transforms the six rows of products back: lines [6 rows][4 columns] of vectors. */
@inline
export function transformRowsBack(lines: usize, products: usize): void {
	for (let row = 0; row < 6; row++) {
		const m0 = v128.load(products);
		const m1 = v128.load(products, STEP);
		const m2 = v128.load(products, 2 * STEP);
		const m3 = v128.load(products, 3 * STEP);
		const m4 = v128.load(products, 4 * STEP);
		const m5 = v128.load(products, 5 * STEP);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.sub(m1, m2);
		const s = f32x4.sub(m3, m4);
		v128.store(lines, gatherFirst(m0, p, q));
		v128.store(lines, gatherSecond(r, s), 16);
		v128.store(lines, gatherThird(p, q), 32);
		v128.store(lines, gatherFourth(r, s, m5), 48);
		lines += 64;
		products += 6 * STEP;
	}
}

/**
 * Transforms the columns of lines [6][4] back, adds the bias, normalises, takes max(x, least), where pooling the maximum
 * over 2×2, and writes the 4×4 or 2×2 vectors; nothing goes through memory but what is written. Pooling takes the cheaper
 * pmax, which may lose NaN: a tile with a value that is not finite is computed again. What is pooled is not normalised.
 *
 * @param norm as `normalizedBy` takes it, or 0 for none
 * @returns the sum of the tile, each lane's
 */
@inline
export function writeWholeTile(
	to: usize,
	lines: usize,
	bias: v128,
	least: v128,
	pool: bool,
	rowStride: i32,
	columnStride: i32,
	norm: usize,
	part: i32,
): v128 {
	let sum = f32x4.splat(0);
	let upper = least;
	let lower = least;
	for (let column = 0; column < 4; column++) {
		const m1 = v128.load(lines, 64);
		const m2 = v128.load(lines, 128);
		const m3 = v128.load(lines, 192);
		const m4 = v128.load(lines, 256);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.sub(m1, m2);
		const s = f32x4.sub(m3, m4);
		const y0 = gatherFirst(v128.load(lines), p, q);
		const y1 = gatherSecond(r, s);
		const y2 = gatherThird(p, q);
		const y3 = gatherFourth(r, s, v128.load(lines, 320));
		sum = f32x4.add(sum, f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3)));
		if (pool) {
			const top = f32x4.pmax(y0, y1);
			const bottom = f32x4.pmax(y2, y3);
			if ((column & 1) === 0) {
				upper = top;
				lower = bottom;
			} else {
				v128.store(to, atLeast(f32x4.add(f32x4.pmax(upper, top), bias), least));
				v128.store(to + rowStride, atLeast(f32x4.add(f32x4.pmax(lower, bottom), bias), least));
				to += columnStride;
			}
		} else {
			const z0 = f32x4.add(y0, bias);
			const z1 = f32x4.add(y1, bias);
			const z2 = f32x4.add(y2, bias);
			const z3 = f32x4.add(y3, bias);
			if (norm === 0) {
				v128.store(to, atLeast(z0, least));
				v128.store(to + rowStride, atLeast(z1, least));
				v128.store(to + 2 * rowStride, atLeast(z2, least));
				v128.store(to + 3 * rowStride, atLeast(z3, least));
			} else {
				v128.store(to, normalizedBy(z0, norm, part, least));
				v128.store(to + rowStride, normalizedBy(z1, norm, part, least));
				v128.store(to + 2 * rowStride, normalizedBy(z2, norm, part, least));
				v128.store(to + 3 * rowStride, normalizedBy(z3, norm, part, least));
			}
			to += columnStride;
		}
		lines += 16;
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
 * Adds bias, normalises, takes max(x, least), takes the maximum over 2×2 where pooling, and writes the part of a 4×4 tile that
 * lies inside the output.
 *
 * @param to     first output of the tile for these four channels
 * @param rows   rows of the (pooled) tile inside the output, at most 4 (2)
 */
export function writeTile(
	to: usize,
	tile: usize,
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
	for (let row = 0; row < rows; row++) {
		let target = to + row * rowStride;
		let from = tile + (row << (pool ? 7 : 6));
		for (let column = 0; column < columns; column++) {
			let value = v128.load(from);
			if (pool) {
				const upper = f32x4.max(value, v128.load(from, 16));
				const lower = f32x4.max(v128.load(from, 64), v128.load(from, 80));
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
