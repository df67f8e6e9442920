/**
 * The innermost loop of everything that multiplies: a register tile of four or six rows × 8 values of C.
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
 * C = from + A · B for several tiles of TILE_ROWS × 8.
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
	const rest = (TILE_ROWS - 1) << 4;
	const rows = TILE_ROWS;
	const once = false;
	sumTiles<Grouped>(
		rows, a, 4, groups, 16, rest, aStep, b, bStep, c, cStride, cStep, from, fromStride, fromStep, relu, once, count,
	);
}

/**
 * How far apart the rows of A lie for the same k, as the offsets of fields: a type can be handed to a template, and an
 * offset taken from it goes into the load itself. Nothing is ever stored as one of these.
 */
@unmanaged
export class Grouped {
	row0: v128;
	row1: v128;
	row2: v128;
	row3: v128;
	row4: v128;
	row5: v128;
}

/** One value after the other. */
@unmanaged
export class Adjacent {
	row0: f32;
	row1: f32;
	row2: f32;
	row3: f32;
	row4: f32;
	row5: f32;
}

/**
 * C = from + A · B for one tile. A is read in `runs` of so many bytes, k after k.
 *
 * @param rows       4 or 6, a constant
 * @param a          first value of A
 * @param aNext      bytes from one k to the next
 * @param runs       how many runs A consists of
 * @param run        bytes of a run
 * @param gap        bytes from the end of one run to the next one's first value
 * @param b          panel of B
 * @param c          first value of the tile; rows lie cStride bytes apart
 * @param from       what the sums start with, rows fromStride bytes apart
 * @param relu       whether negative results become zero
 */
@inline
export function sumTile<A>(
	rows: i32,
	a: usize,
	aNext: i32,
	runs: i32,
	run: i32,
	gap: i32,
	b: usize,
	c: usize,
	cStride: i32,
	from: usize,
	fromStride: i32,
	relu: bool,
): void {
	const once = true;
	sumTiles<A>(rows, a, aNext, runs, run, gap, 0, b, 0, c, cStride, 0, from, fromStride, 0, relu, once, 1);
}

/**
 * The template of every register tile; parameters as those of sumTile and multiplyTiles. What is a constant where it is
 * inlined (`rows`, `once`, A) leaves nothing behind: the deterministic build's multiplyTiles is, instruction for
 * instruction, what it was when its four rows were written out apart from the relaxed build's six.
 *
 * The rows stand one by one because a vector stays in a register only as a local with a name of its own: AssemblyScript
 * knows no arrays of locals, and an array in memory would be read and written at each k.
 *
 * That several tiles are a loop in here, and one tile (`once`) the same without it, is measured: with the loop around a
 * call of sumTile, A's and B's addresses are kept a second time, and products of 64 terms take 4 % longer (V8 of Node
 * 24, Zen 5); with a loop that runs once, planes of 9 taps take 4 % longer (Node 20).
 */
@inline
function sumTiles<A>(
	rows: i32,
	a: usize,
	aNext: i32,
	runs: i32,
	run: i32,
	gap: i32,
	aStep: i32,
	b: usize,
	bStep: i32,
	c: usize,
	cStride: i32,
	cStep: i32,
	from: usize,
	fromStride: i32,
	fromStep: i32,
	relu: bool,
	once: bool,
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
		let low4 = low3;
		let high4 = high3;
		let low5 = low3;
		let high5 = high3;
		if (rows > 4) {
			start += fromStride;
			low4 = v128.load(start);
			high4 = v128.load(start, 16);
			start += fromStride;
			low5 = v128.load(start);
			high5 = v128.load(start, 16);
		}
		for (let left = runs; left > 0; left--) {
			const end = a + run;
			while (a < end) {
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
				if (rows > 4) {
					const a4 = v128.load32_splat(a, offsetof<A>("row4"));
					low4 = multiplyAdd(a4, low, low4);
					high4 = multiplyAdd(a4, high, high4);
					const a5 = v128.load32_splat(a, offsetof<A>("row5"));
					low5 = multiplyAdd(a5, low, low5);
					high5 = multiplyAdd(a5, high, high5);
				}
				a += aNext;
				b += 32;
			}
			a += gap;
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
			if (rows > 4) {
				low4 = rectify(low4);
				high4 = rectify(high4);
				low5 = rectify(low5);
				high5 = rectify(high5);
			}
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
		if (rows > 4) {
			to += cStride;
			v128.store(to, low4);
			v128.store(to, high4, 16);
			to += cStride;
			v128.store(to, low5);
			v128.store(to, high5, 16);
		}
		if (once) return;
		a += aStep;
		b += bStep;
		c += cStep;
		from += fromStep;
	}
}
