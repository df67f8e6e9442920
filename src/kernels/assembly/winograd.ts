import { roundUp } from "./gemm";
import { loadPartly, zero } from "./pack";
import { atLeast, multiplyAdd, multiplyTiles, TILE_COLUMNS, TILE_ROWS } from "./tile";
import { storePartly } from "./window";

/**
 * 3×3 convolution of stride 1 by Winograd's minimal filtering F(4×4, 3×3): a tile of 4×4 outputs costs 36
 * multiplications a channel pair instead of 144. Interpolation points 0, ±1, ±2, ∞.
 *
 * Per tile Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A; the products are summed over input channels as 36 small matrix products,
 * TILE_ROWS tiles by 8 output channels at a time, whose results stay in the first-level cache until they are
 * transformed back, given bias, relu and max-pool, and written once.
 *
 * Rounding errors: an output differs from exact arithmetic by at most 301 · γ(inputs + 24) · Σ over input channels of
 * (largest |w| of the channel's filter) · Σ|x| over the 6×6 patch, with γ(n) = n u / (1 − n u) and u = 2⁻²⁴. 301 is the
 * square of the largest entry of |Aᵀ| |G 1| |Bᵀ|, 24 the roundings of the three transformations. On random numbers the
 * error is far smaller, 4e-6 of Σ|x||w| at most in the tests and 1e-6 with 32 channels (stock direct convolution: 2e-7).
 *
 * Where a tile has a result that is not finite, because of its inputs or because an intermediate overflowed, its
 * channels are computed again by direct convolution: NaN and infinity are where that gives them.
 *
 * @see Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4.3
 */

/** Positions of the transformed 6×6 patch. */
export const POSITIONS: i32 = 36;

/**
 * How many groups of TILE_ROWS tiles are transformed before the filters go by: the transformed filters of one panel
 * (36 kB for 32 input channels) are then read from the second-level cache once for that many tiles, while the
 * transformed inputs (18 kB a group there) still fit beside them.
 */
export const GROUPS: i32 = 8;

/**
 * Bytes left free after each position's transformed inputs: at a power of two from one to the next, the 36 values a
 * patch gives would compete for the same few places of the first-level cache.
 */
const GAP: i32 = 64;

/** Bytes of transformed filters: [output channels / 8][36][input channels, padded to 4][8]. */
export function winogradFilterBytes(inputs: i32, outputs: i32): i32 {
	return roundUp(outputs, TILE_COLUMNS) * POSITIONS * roundUp(inputs, 4) * 4;
}

/** Bytes of scratch besides the filters: transformed inputs, products, a patch, an output tile, zeros and bias. */
export function winogradScratch(inputs: i32, outputs: i32): i32 {
	const deep = roundUp(inputs, 4);
	const transformed = GROUPS * POSITIONS * (deep * TILE_ROWS + GAP / 4);
	const products = POSITIONS * TILE_ROWS * TILE_COLUMNS;
	return (transformed + products + POSITIONS * deep + POSITIONS * 4 + 16 * 4 + 8 + roundUp(outputs, 8)) * 4;
}

/**
 * Transforms filters [3, 3, inputs, outputs] into panels of B, one for each of the 36 positions: G g Gᵀ.
 *
 * @param flipped  take the filter turned by 180° and with inputs and outputs exchanged, as the gradient with respect
 *                 to the input needs it; `inputs` and `outputs` are those of the convolution carried out
 * @param lines    18 vectors of scratch
 */
function transformFilters(to: usize, filter: usize, inputs: i32, outputs: i32, flipped: bool, lines: usize): void {
	const deep = roundUp(inputs, 4);
	const tap = (flipped ? -inputs * outputs : inputs * outputs) << 2;
	const first = flipped ? filter - 8 * tap : filter;
	const panel = (POSITIONS * deep * TILE_COLUMNS) << 2;
	for (let output = 0; output < outputs; output += 4) {
		const count = min(4, outputs - output);
		let target = to + (output / TILE_COLUMNS) * panel + ((output % TILE_COLUMNS) << 2);
		for (let input = 0; input < inputs; input++) {
			const source = first + ((flipped ? output * inputs + input : input * outputs + output) << 2);
			transformFilter(target, deep << 5, source, tap, flipped ? inputs << 2 : 0, count, lines);
			target += TILE_COLUMNS << 2;
		}
	}
}

/** Four output channels of one tap: adjacent (stride 0), or `stride` bytes apart. */
@inline
function loadTap(from: usize, stride: i32, count: i32): v128 {
	if (stride === 0) return loadPartly(from, count);
	let value = v128.load32_zero(from);
	if (count > 1) value = v128.load32_lane(from + stride, value, 1);
	if (count > 2) value = v128.load32_lane(from + 2 * stride, value, 2);
	if (count > 3) value = v128.load32_lane(from + 3 * stride, value, 3);
	return value;
}

/** G times a column of three: [g₀/4, −(g₀+g₁+g₂)/6, −(g₀−g₁+g₂)/6, g₀/24+g₁/12+g₂/6, g₀/24−g₁/12+g₂/6, g₂]. */
@inline
function spreadThree(to: usize, stride: i32, g0: v128, g1: v128, g2: v128): void {
	const outer = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(-1.0 / 6.0));
	const middle = f32x4.mul(g1, f32x4.splat(1.0 / 6.0));
	const far = f32x4.add(f32x4.mul(g0, f32x4.splat(1.0 / 24.0)), f32x4.mul(g2, f32x4.splat(1.0 / 6.0)));
	const half = f32x4.mul(g1, f32x4.splat(1.0 / 12.0));
	v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
	v128.store(to + stride, f32x4.sub(outer, middle));
	v128.store(to + 2 * stride, f32x4.add(outer, middle));
	v128.store(to + 3 * stride, f32x4.add(far, half));
	v128.store(to + 4 * stride, f32x4.sub(far, half));
	v128.store(to + 5 * stride, g2);
}

function transformFilter(to: usize, toStride: i32, from: usize, tap: i32, stride: i32, count: i32, lines: usize): void {
	for (let column = 0; column < 3; column++) {
		const at = from + column * tap;
		const g0 = loadTap(at, stride, count);
		const g1 = loadTap(at + 3 * tap, stride, count);
		const g2 = loadTap(at + 6 * tap, stride, count);
		spreadThree(lines + (column << 4), 48, g0, g1, g2);
	}
	for (let row = 0; row < 6; row++) {
		const line = lines + row * 48;
		spreadThree(to, toStride, v128.load(line), v128.load(line, 16), v128.load(line, 32));
		to += 6 * toStride;
	}
}

/**
 * Bᵀ times a column of six, in ten additions and multiplications:
 * [4d₀−5d₂+d₄, −4d₁−4d₂+d₃+d₄, 4d₁−4d₂−d₃+d₄, −2d₁−d₂+2d₃+d₄, 2d₁−d₂−2d₃+d₄, 4d₁−5d₃+d₅].
 */
@inline
function spreadSix(to: usize, stride: i32, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128): void {
	const four = f32x4.splat(4);
	const minusFour = f32x4.splat(-4);
	const minusFive = f32x4.splat(-5);
	const even = multiplyAdd(minusFour, d2, d4);
	const odd = multiplyAdd(minusFour, d1, d3);
	const evenNear = f32x4.sub(d4, d2);
	const difference = f32x4.sub(d3, d1);
	const oddNear = f32x4.add(difference, difference);
	v128.store(to, f32x4.add(multiplyAdd(minusFive, d2, f32x4.mul(four, d0)), d4));
	v128.store(to + stride, f32x4.add(even, odd));
	v128.store(to + 2 * stride, f32x4.sub(even, odd));
	v128.store(to + 3 * stride, f32x4.add(evenNear, oddNear));
	v128.store(to + 4 * stride, f32x4.sub(evenNear, oddNear));
	v128.store(to + 5 * stride, f32x4.add(multiplyAdd(minusFive, d3, f32x4.mul(four, d1)), d5));
}

/**
 * Transforms four channels of one 6×6 patch: Bᵀ d B.
 *
 * @param from       first value; columns and rows lie columnStride and rowStride bytes apart
 * @param to         position p goes to to + p · toStride
 * @param lines      36 vectors of scratch
 */
@inline
export function transformPatch(
	to: usize,
	toStride: i32,
	from: usize,
	columnStride: i32,
	rowStride: i32,
	lines: usize,
): void {
	for (let column = 0; column < 6; column++) {
		let at = from + column * columnStride;
		const d0 = v128.load(at);
		at += rowStride;
		const d1 = v128.load(at);
		at += rowStride;
		const d2 = v128.load(at);
		at += rowStride;
		const d3 = v128.load(at);
		at += rowStride;
		const d4 = v128.load(at);
		at += rowStride;
		const d5 = v128.load(at);
		spreadSix(lines + (column << 4), 96, d0, d1, d2, d3, d4, d5);
	}
	for (let row = 0; row < 6; row++) {
		const line = lines + row * 96;
		const d0 = v128.load(line);
		const d1 = v128.load(line, 16);
		const d2 = v128.load(line, 32);
		const d3 = v128.load(line, 48);
		const d4 = v128.load(line, 64);
		const d5 = v128.load(line, 80);
		spreadSix(to, toStride, d0, d1, d2, d3, d4, d5);
		to += 6 * toStride;
	}
}

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
function transformRowsBack(lines: usize, products: usize): void {
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
function transformColumnsBack(tile: usize, lines: usize): void {
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
function writeWholeTile(
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
function writePooledTile(
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
function sumOfTile(tile: usize): v128 {
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
 * The 4×4 outputs of one tile and four channels by direct convolution of its 6×6 patch [6, 6, deep].
 *
 * @param output first of the four output channels; `count` of them exist
 */
function convolvePatch(
	to: usize,
	patch: usize,
	filter: usize,
	inputs: i32,
	outputs: i32,
	flipped: bool,
	output: i32,
	count: i32,
): void {
	const deep = roundUp(inputs, 4);
	const tap = (flipped ? -inputs * outputs : inputs * outputs) << 2;
	const first = flipped ? filter - 8 * tap : filter;
	for (let row = 0; row < 4; row++) {
		for (let column = 0; column < 4; column++) {
			let sum = f32x4.splat(0);
			for (let t = 0; t < 9; t++) {
				let pixel = patch + ((((row + t / 3) * 6 + column + (t % 3)) * deep) << 2);
				for (let input = 0; input < inputs; input++) {
					const source = first + t * tap + ((flipped ? output * inputs + input : input * outputs + output) << 2);
					const weights = loadTap(source, flipped ? inputs << 2 : 0, count);
					sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(pixel), weights));
					pixel += 4;
				}
			}
			v128.store(to + ((row * 4 + column) << 4), sum);
		}
	}
}

/**
 * Copies the 6×6 patch at (top, left) of an image [height, width, channels] to [6, 6, deep]; what lies outside the
 * image, and the channels added to make `deep` a multiple of four, become zero.
 */
export function copyPatch(
	to: usize,
	image: usize,
	height: i32,
	width: i32,
	channels: i32,
	deep: i32,
	top: i32,
	left: i32,
): void {
	const bytes = channels << 2;
	zero(to, (POSITIONS * deep) << 2);
	for (let row = 0; row < 6; row++) {
		const y = top + row;
		if (y < 0 || y >= height) continue;
		for (let column = 0; column < 6; column++) {
			const x = left + column;
			if (x < 0 || x >= width) continue;
			memory.copy(to + (((row * 6 + column) * deep) << 2), image + (((y * width + x) * channels) << 2), bytes);
		}
	}
}

/**
 * Adds bias, takes max(x, least), takes the maximum over 2×2 where pooling, and writes the part of a 4×4 tile that lies inside
 * the output.
 *
 * @param to     first output of the tile for these four channels
 * @param rows   rows of the (pooled) tile inside the output, at most 4 (2)
 */
function writeTile(
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

/**
 * Reads one value of each cache line of an image, in order, so that its tiles, whose rows lie far apart, are found in
 * the second-level cache: 7 % less time on batches that do not fit there.
 *
 * @param to where a value goes that depends on all those read, so that no compiler may leave them out
 */
function readAhead(to: usize, image: usize, bytes: i32): void {
	const end = image + bytes;
	let all: i32 = 0;
	for (; image < end; image += 64) all |= load<i32>(image);
	store<i32>(to, all);
}

/**
 * out = pool(relu(x * filter + bias)).
 *
 * @param x          [batch, height, width, inputs]
 * @param filter     [3, 3, inputs, outputs], or [3, 3, outputs, inputs] where flipped
 * @param bias       [outputs], or 0 for none
 * @param out        [batch, outHeight, outWidth, outputs], or half of that height and width, rounded down, when pooling
 * @param top, left  rows and columns of zeros around the image
 * @param outHeight  height before pooling
 * @param scratch    winogradScratch bytes
 */
export function winograd(
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	height: i32,
	width: i32,
	inputs: i32,
	outputs: i32,
	top: i32,
	left: i32,
	outHeight: i32,
	outWidth: i32,
	flipped: bool,
	relu: bool,
	pool: bool,
	scratch: usize,
): void {
	const deep = roundUp(inputs, 4);
	const wide = roundUp(outputs, TILE_COLUMNS);
	const filters = scratch;
	const transformed = filters + winogradFilterBytes(inputs, outputs);
	const groupBytes = POSITIONS * (deep * TILE_ROWS * 4 + GAP);
	const products = transformed + GROUPS * groupBytes;
	const patch = products + ((POSITIONS * TILE_ROWS * TILE_COLUMNS) << 2);
	const lines = patch + ((POSITIONS * deep) << 2);
	const tile = lines + POSITIONS * 16;
	const zeros = tile + 16 * 16;
	const paddedBias = zeros + 32;

	zero(zeros, 32 + (wide << 2));
	if (bias !== 0) memory.copy(paddedBias, bias, outputs << 2);
	if (deep !== inputs || wide !== outputs) zero(filters, winogradFilterBytes(inputs, outputs));
	transformFilters(filters, filter, inputs, outputs, flipped, lines);

	// The written extent: pooled or not, and how much of it a tile covers.
	const side = pool ? 2 : 4;
	const writtenHeight = pool ? outHeight >> 1 : outHeight;
	const writtenWidth = pool ? outWidth >> 1 : outWidth;
	const tilesDown = (writtenHeight + side - 1) / side;
	const tilesAcross = (writtenWidth + side - 1) / side;
	const tilesPerImage = tilesDown * tilesAcross;
	const tiles = batch * tilesPerImage;
	const imageBytes = (height * width * inputs) << 2;
	const channelGroupBytes = TILE_ROWS << 4;
	const positionBytes = deep * TILE_ROWS * 4 + GAP;
	const panelBytes = (POSITIONS * deep * TILE_COLUMNS) << 2;
	const rowStride = (writtenWidth * outputs) << 2;
	const columnStride = outputs << 2;
	const least = f32x4.splat(relu ? 0 : -Infinity);

	for (let first = 0; first < tiles; first += GROUPS * TILE_ROWS) {
		const count = min(GROUPS * TILE_ROWS, tiles - first);
		for (let t = 0; t < count; t++) {
			const index = first + t;
			const within = index % tilesPerImage;
			const y = (within / tilesAcross) * 4 - top;
			const across = (within % tilesAcross) * 4 - left;
			const image = x + (index / tilesPerImage) * imageBytes;
			if (within === 0) readAhead(lines, image, imageBytes);
			let from = image + (((y * width + across) * inputs) << 2);
			let pixelStride = inputs << 2;
			let lineStride = (width * inputs) << 2;
			if (y < 0 || across < 0 || y + 6 > height || across + 6 > width || deep !== inputs) {
				copyPatch(patch, image, height, width, inputs, deep, y, across);
				from = patch;
				pixelStride = deep << 2;
				lineStride = (6 * deep) << 2;
			}
			let to = transformed + (t / TILE_ROWS) * groupBytes + ((t % TILE_ROWS) << 4);
			for (let channel = 0; channel < deep; channel += 4) {
				transformPatch(to, positionBytes, from, pixelStride, lineStride, lines);
				from += 16;
				to += channelGroupBytes;
			}
		}
		for (let output = 0; output < outputs; output += TILE_COLUMNS) {
			const panel = filters + (output / TILE_COLUMNS) * panelBytes;
			for (let t = 0; t < count; t += TILE_ROWS) {
				const a = transformed + (t / TILE_ROWS) * groupBytes;
				const row = TILE_COLUMNS << 2;
				multiplyTiles(a, GAP, panel, 0, products, row, TILE_ROWS * row, zeros, 0, 0, deep >> 2, false, POSITIONS);
				const inGroup = min(TILE_ROWS, count - t);
				for (let m = 0; m < inGroup; m++) {
					const index = first + t + m;
					const within = index % tilesPerImage;
					const down = within / tilesAcross;
					const across = within % tilesAcross;
					const number = index / tilesPerImage;
					const rows = min(side, writtenHeight - down * side);
					const columns = min(side, writtenWidth - across * side);
					const pixel = (number * writtenHeight + down * side) * writtenWidth + across * side;
					for (let half = 0; half < TILE_COLUMNS && output + half < outputs; half += 4) {
						const channel = output + half;
						const lanes = min(4, outputs - channel);
						const at = out + ((pixel * outputs + channel) << 2);
						const added = v128.load(paddedBias + (channel << 2));
						transformRowsBack(lines, products + ((m * TILE_COLUMNS + half) << 2));
						const whole = rows === side && columns === side && lanes === 4;
						let sum: v128;
						if (whole) {
							sum = pool
								? writePooledTile(at, lines, added, least, rowStride, columnStride)
								: writeWholeTile(at, lines, added, least, rowStride, columnStride);
						} else {
							transformColumnsBack(tile, lines);
							sum = sumOfTile(tile);
						}
						const recompute = isNotFinite(sum);
						if (recompute) {
							const image = x + number * imageBytes;
							copyPatch(patch, image, height, width, inputs, deep, down * 4 - top, across * 4 - left);
							convolvePatch(tile, patch, filter, inputs, outputs, flipped, channel, lanes);
						}
						if (recompute || !whole) {
							writeTile(at, tile, added, least, pool, rows, columns, rowStride, columnStride, lanes);
						}
					}
				}
			}
		}
	}
}
