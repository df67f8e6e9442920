/**
 * The innermost loop of everything that multiplies: a register tile of TILE_ROWS × 8 values of C.
 *
 * A panel of A holds TILE_ROWS rows as [k / 4][row][k % 4], so that packing a row-major matrix or an image copies
 * whole vectors; a panel of B holds 8 columns as [k][8]. Both are padded with zeros to a multiple of four k. Each value
 * is from + a₀b₀ + a₁b₁ + ..., added in that order, whatever tile it falls into: batches of any size give the same bits.
 */

/**
 * Rows of the register tile. Measured with A and B in the first-level cache, V8 of Node 20 and 24 on Zen 5: four rows
 * reach 59 GFLOP/s in both; a fifth row spills registers in Node 20 (23 GFLOP/s) and a sixth in both (28 and 33). With
 * the fused instruction no temporary is needed and six rows are best (64, against 58 with four).
 */
export const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/** Columns of the register tile: two vectors; three or four leave too few registers for rows and measured slower. */
export const TILE_COLUMNS: i32 = 8;

/** a · b + c, rounded twice in the deterministic build; once, where the machine can, in the relaxed one. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
	if (ASC_FEATURE_RELAXED_SIMD) {
		return f32x4.relaxed_madd(a, b, c);
	} else {
		return f32x4.add(c, f32x4.mul(a, b));
	}
}

/**
 * x < least ? least : x, so that NaN stays NaN. One instruction, where f32x4.max takes eight on x86 to treat NaN in its
 * second operand and the sign of zero as well.
 */
@inline
export function atLeast(x: v128, least: v128): v128 {
	return f32x4.pmax(x, least);
}

/** max(x, 0); NaN stays NaN. */
@inline
export function rectify(x: v128): v128 {
	return atLeast(x, f32x4.splat(0));
}

/**
 * C = from + A · B for several tiles.
 *
 * @param a        first panel of A
 * @param aStep    bytes from the end of one tile's panel of A to the next one's
 * @param b        first panel of B
 * @param bStep    bytes from the end of one tile's panel of B to the next one's: 0, or back to use the same again
 * @param c        first value of the first tile; rows lie cStride and tiles cStep bytes apart
 * @param from     what the sums start with: a row of 8 (strides 0: bias or zeros) or C itself
 * @param groups   k / 4, rounded up
 * @param relu     whether negative results become zero
 * @param count    how many tiles
 */
export function multiplyTiles(
	a: usize,
	aStep: i32,
	b: usize,
	bStep: i32,
	c: usize,
	cStride: i32,
	cStep: i32,
	from: usize,
	fromStride: i32,
	fromStep: i32,
	groups: i32,
	relu: bool,
	count: i32,
): void {
	if (ASC_FEATURE_RELAXED_SIMD) {
		multiplyTiles6(a, aStep, b, bStep, c, cStride, cStep, from, fromStride, fromStep, groups, relu, count);
	} else {
		multiplyTiles4(a, aStep, b, bStep, c, cStride, cStep, from, fromStride, fromStep, groups, relu, count);
	}
}

@inline
function multiplyTiles4(
	a: usize,
	aStep: i32,
	b: usize,
	bStep: i32,
	c: usize,
	cStride: i32,
	cStep: i32,
	from: usize,
	fromStride: i32,
	fromStep: i32,
	groups: i32,
	relu: bool,
	count: i32,
): void {
	for (; count > 0; count--) {
		let start = from;
		let low0 = v128.load(start);
		let high0 = v128.load(start, 16);
		start += fromStride;
		let low1 = v128.load(start);
		let high1 = v128.load(start, 16);
		start += fromStride;
		let low2 = v128.load(start);
		let high2 = v128.load(start, 16);
		start += fromStride;
		let low3 = v128.load(start);
		let high3 = v128.load(start, 16);
		for (let group = groups; group > 0; group--) {
			const end = a + 16;
			while (a < end) {
				const low = v128.load(b);
				const high = v128.load(b, 16);
				const a0 = v128.load32_splat(a);
				low0 = multiplyAdd(a0, low, low0);
				high0 = multiplyAdd(a0, high, high0);
				const a1 = v128.load32_splat(a, 16);
				low1 = multiplyAdd(a1, low, low1);
				high1 = multiplyAdd(a1, high, high1);
				const a2 = v128.load32_splat(a, 32);
				low2 = multiplyAdd(a2, low, low2);
				high2 = multiplyAdd(a2, high, high2);
				const a3 = v128.load32_splat(a, 48);
				low3 = multiplyAdd(a3, low, low3);
				high3 = multiplyAdd(a3, high, high3);
				a += 4;
				b += 32;
			}
			a += 48;
		}
		if (relu) {
			low0 = rectify(low0);
			high0 = rectify(high0);
			low1 = rectify(low1);
			high1 = rectify(high1);
			low2 = rectify(low2);
			high2 = rectify(high2);
			low3 = rectify(low3);
			high3 = rectify(high3);
		}
		let to = c;
		v128.store(to, low0);
		v128.store(to, high0, 16);
		to += cStride;
		v128.store(to, low1);
		v128.store(to, high1, 16);
		to += cStride;
		v128.store(to, low2);
		v128.store(to, high2, 16);
		to += cStride;
		v128.store(to, low3);
		v128.store(to, high3, 16);
		a += aStep;
		b += bStep;
		c += cStep;
		from += fromStep;
	}
}

@inline
function multiplyTiles6(
	a: usize,
	aStep: i32,
	b: usize,
	bStep: i32,
	c: usize,
	cStride: i32,
	cStep: i32,
	from: usize,
	fromStride: i32,
	fromStep: i32,
	groups: i32,
	relu: bool,
	count: i32,
): void {
	for (; count > 0; count--) {
		let start = from;
		let low0 = v128.load(start);
		let high0 = v128.load(start, 16);
		start += fromStride;
		let low1 = v128.load(start);
		let high1 = v128.load(start, 16);
		start += fromStride;
		let low2 = v128.load(start);
		let high2 = v128.load(start, 16);
		start += fromStride;
		let low3 = v128.load(start);
		let high3 = v128.load(start, 16);
		start += fromStride;
		let low4 = v128.load(start);
		let high4 = v128.load(start, 16);
		start += fromStride;
		let low5 = v128.load(start);
		let high5 = v128.load(start, 16);
		for (let group = groups; group > 0; group--) {
			const end = a + 16;
			while (a < end) {
				const low = v128.load(b);
				const high = v128.load(b, 16);
				const a0 = v128.load32_splat(a);
				low0 = multiplyAdd(a0, low, low0);
				high0 = multiplyAdd(a0, high, high0);
				const a1 = v128.load32_splat(a, 16);
				low1 = multiplyAdd(a1, low, low1);
				high1 = multiplyAdd(a1, high, high1);
				const a2 = v128.load32_splat(a, 32);
				low2 = multiplyAdd(a2, low, low2);
				high2 = multiplyAdd(a2, high, high2);
				const a3 = v128.load32_splat(a, 48);
				low3 = multiplyAdd(a3, low, low3);
				high3 = multiplyAdd(a3, high, high3);
				const a4 = v128.load32_splat(a, 64);
				low4 = multiplyAdd(a4, low, low4);
				high4 = multiplyAdd(a4, high, high4);
				const a5 = v128.load32_splat(a, 80);
				low5 = multiplyAdd(a5, low, low5);
				high5 = multiplyAdd(a5, high, high5);
				a += 4;
				b += 32;
			}
			a += 80;
		}
		if (relu) {
			low0 = rectify(low0);
			high0 = rectify(high0);
			low1 = rectify(low1);
			high1 = rectify(high1);
			low2 = rectify(low2);
			high2 = rectify(high2);
			low3 = rectify(low3);
			high3 = rectify(high3);
			low4 = rectify(low4);
			high4 = rectify(high4);
			low5 = rectify(low5);
			high5 = rectify(high5);
		}
		let to = c;
		v128.store(to, low0);
		v128.store(to, high0, 16);
		to += cStride;
		v128.store(to, low1);
		v128.store(to, high1, 16);
		to += cStride;
		v128.store(to, low2);
		v128.store(to, high2, 16);
		to += cStride;
		v128.store(to, low3);
		v128.store(to, high3, 16);
		to += cStride;
		v128.store(to, low4);
		v128.store(to, high4, 16);
		to += cStride;
		v128.store(to, low5);
		v128.store(to, high5, 16);
		a += aStep;
		b += bStep;
		c += cStep;
		from += fromStep;
	}
}
