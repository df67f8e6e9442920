import { atLeast, multiplyAdd, TILE_COLUMNS, TILE_ROWS } from "./tile";
import { storePartly } from "./window";

/** The output's side of Winograd's algorithm; winograd.ts says how the parts go together. */

/** Positions of the transformed 6×6 patch that gives a tile. */
export const POSITIONS: i32 = 36;

/** Aᵀ times a row of six: [m₀+p+q, r+2s, p+4q, r+8s+m₅], p = m₁+m₂, q = m₃+m₄, r = m₁−m₂, s = m₃−m₄. */
@inline
function gatherSix(to: usize, m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128): void {
	const p = f32x4.add(m1, m2);
	const q = f32x4.add(m3, m4);
	const r = f32x4.sub(m1, m2);
	const s = f32x4.sub(m3, m4);
	v128.store(to, f32x4.add(f32x4.add(m0, p), q));
	v128.store(to, f32x4.add(r, f32x4.add(s, s)), 16);
	v128.store(to, multiplyAdd(q, f32x4.splat(4), p), 32);
	v128.store(to, f32x4.add(multiplyAdd(s, f32x4.splat(8), r), m5), 48);
}

/** Bytes between the products of neighbouring positions. */
const STEP: usize = TILE_ROWS * TILE_COLUMNS * 4;

/** Transforms the six rows of products back: lines [6 rows][4 columns] of vectors. */
@inline
export function transformRowsBack(lines: usize, products: usize): void {
	for (let row = 0; row < 6; row++) {
		gatherSix(
			lines,
			v128.load(products),
			v128.load(products, STEP),
			v128.load(products, 2 * STEP),
			v128.load(products, 3 * STEP),
			v128.load(products, 4 * STEP),
			v128.load(products, 5 * STEP),
		);
		lines += 64;
		products += 6 * STEP;
	}
}

/** Transforms the columns of lines [6][4] back to a tile [4][4] of vectors. */
export function transformColumnsBack(tile: usize, lines: usize): void {
	for (let column = 0; column < 4; column++) {
		const m1 = v128.load(lines, 64);
		const m2 = v128.load(lines, 128);
		const m3 = v128.load(lines, 192);
		const m4 = v128.load(lines, 256);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.sub(m1, m2);
		const s = f32x4.sub(m3, m4);
		v128.store(tile, f32x4.add(f32x4.add(v128.load(lines), p), q));
		v128.store(tile, f32x4.add(r, f32x4.add(s, s)), 64);
		v128.store(tile, multiplyAdd(q, f32x4.splat(4), p), 128);
		v128.store(tile, f32x4.add(multiplyAdd(s, f32x4.splat(8), r), v128.load(lines, 320)), 192);
		lines += 16;
		tile += 16;
	}
}

/**
 * As transformColumnsBack followed by bias, max(x, least) and writing, for a tile that lies inside the output: nothing
 * goes through memory but what is written.
 *
 * @returns the sum of the tile, each lane's
 */
@inline
export function writeWholeTile(
	to: usize,
	lines: usize,
	bias: v128,
	least: v128,
	rowStride: i32,
	columnStride: i32,
): v128 {
	let sum = f32x4.splat(0);
	for (let column = 0; column < 4; column++) {
		const m1 = v128.load(lines, 64);
		const m2 = v128.load(lines, 128);
		const m3 = v128.load(lines, 192);
		const m4 = v128.load(lines, 256);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.sub(m1, m2);
		const s = f32x4.sub(m3, m4);
		const y0 = f32x4.add(f32x4.add(v128.load(lines), p), q);
		const y1 = f32x4.add(r, f32x4.add(s, s));
		const y2 = multiplyAdd(q, f32x4.splat(4), p);
		const y3 = f32x4.add(multiplyAdd(s, f32x4.splat(8), r), v128.load(lines, 320));
		sum = f32x4.add(sum, f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3)));
		v128.store(to, atLeast(f32x4.add(y0, bias), least));
		v128.store(to + rowStride, atLeast(f32x4.add(y1, bias), least));
		v128.store(to + 2 * rowStride, atLeast(f32x4.add(y2, bias), least));
		v128.store(to + 3 * rowStride, atLeast(f32x4.add(y3, bias), least));
		to += columnStride;
		lines += 16;
	}
	return sum;
}

/**
 * The same with the maximum over 2×2: two columns at a time give one of the pooled tile. The cheaper pmax, which may
 * lose NaN, will do: a tile with a value that is not finite is computed again.
 */
@inline
export function writePooledTile(
	to: usize,
	lines: usize,
	bias: v128,
	least: v128,
	rowStride: i32,
	columnStride: i32,
): v128 {
	let sum = f32x4.splat(0);
	for (let pair = 0; pair < 2; pair++) {
		const m1 = v128.load(lines, 64);
		const m2 = v128.load(lines, 128);
		const m3 = v128.load(lines, 192);
		const m4 = v128.load(lines, 256);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.sub(m1, m2);
		const s = f32x4.sub(m3, m4);
		const y0 = f32x4.add(f32x4.add(v128.load(lines), p), q);
		const y1 = f32x4.add(r, f32x4.add(s, s));
		const y2 = multiplyAdd(q, f32x4.splat(4), p);
		const y3 = f32x4.add(multiplyAdd(s, f32x4.splat(8), r), v128.load(lines, 320));
		sum = f32x4.add(sum, f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3)));
		const top = f32x4.pmax(y0, y1);
		const bottom = f32x4.pmax(y2, y3);
		const n1 = v128.load(lines, 80);
		const n2 = v128.load(lines, 144);
		const n3 = v128.load(lines, 208);
		const n4 = v128.load(lines, 272);
		const p2 = f32x4.add(n1, n2);
		const q2 = f32x4.add(n3, n4);
		const r2 = f32x4.sub(n1, n2);
		const s2 = f32x4.sub(n3, n4);
		const z0 = f32x4.add(f32x4.add(v128.load(lines, 16), p2), q2);
		const z1 = f32x4.add(r2, f32x4.add(s2, s2));
		const z2 = multiplyAdd(q2, f32x4.splat(4), p2);
		const z3 = f32x4.add(multiplyAdd(s2, f32x4.splat(8), r2), v128.load(lines, 336));
		sum = f32x4.add(sum, f32x4.add(f32x4.add(z0, z1), f32x4.add(z2, z3)));
		const upper = f32x4.pmax(top, f32x4.pmax(z0, z1));
		const lower = f32x4.pmax(bottom, f32x4.pmax(z2, z3));
		v128.store(to, atLeast(f32x4.add(upper, bias), least));
		v128.store(to + rowStride, atLeast(f32x4.add(lower, bias), least));
		to += columnStride;
		lines += 32;
	}
	return sum;
}

/** The sum of a tile's 16 vectors, lane by lane. */
export function sumOfTile(tile: usize): v128 {
	let sum = v128.load(tile);
	for (let pixel = 1; pixel < 16; pixel++) sum = f32x4.add(sum, v128.load(tile + (pixel << 4)));
	return sum;
}

/** Whether a lane is NaN or infinite; a sum is where a term is, or where terms are so large that it overflows. */
@inline
export function isNotFinite(sum: v128): bool {
	const zeroOrNaN = f32x4.sub(sum, sum);
	return v128.any_true(f32x4.ne(zeroOrNaN, zeroOrNaN));
}

/**
 * Adds bias, takes max(x, least), takes the maximum over 2×2 where pooling, and writes the part of a 4×4 tile that lies inside
 * the output.
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
			storePartly(target, atLeast(f32x4.add(value, bias), least), count);
			target += columnStride;
		}
	}
}
