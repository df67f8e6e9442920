/**
 * The innermost loop of everything that multiplies: a register tile of four rows × 8 values of C.
 *
 * A panel of A holds TILE_ROWS rows as [k / 4][row][k % 4], so that packing a row-major matrix or an image copies
 * whole vectors; a panel of B holds 8 columns as [k][8]. Both are padded with zeros to a multiple of four k. Each value
 * is from + a₀b₀ + a₁b₁ + ..., added in that order, whatever tile it falls into: batches of any size give the same bits.
 *
 * What it can reach is told by the machine, not by the count of its operations. Written in assembly, four rows × two vectors do
 * 55 to 58 GFLOP/s on a Zen 4, by V8 of Node 20 and 24 at best 45 and 48: of 26 instructions a k, 16 compute. What decides is
 * what the compiler makes of it. All of k in one block of code lets it compute one value's sum for several k, then the
 * next one's, with too many factors alive for sixteen registers (34 GFLOP/s). A test after each k, which no one needs, keeps
 * them in order, and eight of them written out save most of what a loop costs (40 with a loop of four that V8 writes out).
 */

/**
 * Rows of the register tile: with two vectors of B, one of A and one product eight sums are twelve of sixteen registers. A fifth
 * row is 5 to 10 % faster in Node 24 and leaves Node 20 without registers (half as fast), a sixth leaves both; with the
 * fused instruction, which needs no product, the sixth row is 1 to 3 % faster in Node 24 and half as fast in Node 20.
 */
export const TILE_ROWS: i32 = 4;

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

@inline
export function roundUp(value: i32, multiple: i32): i32 {
	return ((value + multiple - 1) / multiple) * multiple;
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
 * How A lies in memory, as the offsets of fields: a type can be handed to a template, and an offset taken from it goes into the load.
 * As packRows leaves it.
 */
@unmanaged
export class Grouped {
	row0: v128;
	row1: v128;
	row2: v128;
	row3: v128;
}

/** As [k][row]. */
@unmanaged
export class Adjacent {
	row0: f32;
	row1: f32;
	row2: f32;
	row3: f32;
}

/**
 * C = from + A · B for several tiles of TILE_ROWS × 8, one after the other.
 *
 * @param a        first panel of A
 * @param aStep    bytes from the end of one tile's panel of A to the next one's
 * @param b        first panel of B
 * @param bStep    bytes from the end of one tile's panel of B to the next one's: 0, or back to use the same again
 * @param c        first value of the first tile; rows lie cStride and tiles cStep bytes apart
 * @param from     what the sums start with: a row of 8 (strides 0: bias or zeros) or C itself
 * @param depth    how many k, at least one; a multiple of four where A is Grouped
 * @param relu     whether negative results become zero
 * @param count    how many tiles
 */
export function multiplyTiles<A>(
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
	depth: i32,
	relu: bool,
	count: i32,
): void {
	// Bytes of A from one k to the next, and from each fourth one.
	const adjacent = offsetof<A>("row1") === 4;
	const next: i32 = adjacent ? offsetof<A>() : 4;
	const nextGroup: i32 = adjacent ? offsetof<A>() : offsetof<A>() - 12;
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
		const end = b + (depth << 5);
		while (b < end) {
			// unrolled: see above
			for (let k = 0; k < 8; k++) {
				const low = v128.load(b);
				const high = v128.load(b, 16);
				const a0 = v128.load32_splat(a);
				low0 = multiplyAdd(a0, low, low0);
				high0 = multiplyAdd(a0, high, high0);
				const a1 = v128.load32_splat(a, offsetof<A>("row1"));
				low1 = multiplyAdd(a1, low, low1);
				high1 = multiplyAdd(a1, high, high1);
				const a2 = v128.load32_splat(a, offsetof<A>("row2"));
				low2 = multiplyAdd(a2, low, low2);
				high2 = multiplyAdd(a2, high, high2);
				const a3 = v128.load32_splat(a, offsetof<A>("row3"));
				low3 = multiplyAdd(a3, low, low3);
				high3 = multiplyAdd(a3, high, high3);
				a += k % 4 === 3 ? nextGroup : next;
				b += 32;
				if (k < 7 && b >= end) break;
			}
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
