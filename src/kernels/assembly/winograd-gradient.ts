import { zero } from "./pack";
import { Adjacent, multiplyTiles, roundUp, TILE_COLUMNS, TILE_ROWS } from "./tile";
import { storePartly } from "./window";
import { Four } from "./winograd-four";
import { copyPatch, transformPatch } from "./winograd-patch";
import { isNotFinite } from "./winograd-tile";

/**
 * The gradient of a 3×3 convolution with respect to its filter by the transposes of Winograd's transformations, at a
 * quarter of the multiplications: from Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A follows
 * dg = Gᵀ [Σ over tiles of (Bᵀ d B) ⊙ (A dY Aᵀ)] G, where the sum is a matrix product for each of the 36 positions.
 *
 * @see Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4
 */

/** Positions of the transformed 6×6 patch that gives a tile. */
const POSITIONS: i32 = 36;

/**
 * Tiles transformed at a time: with 32 and 64 channels their transforms take 440 kB, which with the 295 kB of sums fit
 * into a second-level cache of 1 MB.
 */
const TILES: i32 = 32;

/**
 * Bytes from one position's transforms of so many channels to the next one's. A cache line more than they take: at a
 * power of two all 36 would compete for the same few places of the first-level cache, and took twice the time.
 */
@inline
function positionBytes(channels: i32): i32 {
	return ((channels * TILES) << 2) + 64;
}

/** Bytes of scratch. */
export function winogradGradientScratch(inputs: i32, outputs: i32): i32 {
	const deep = roundUp(inputs, TILE_ROWS);
	const wide = roundUp(outputs, TILE_COLUMNS);
	const transforms = POSITIONS * (positionBytes(deep) + positionBytes(wide));
	return transforms + (POSITIONS * (deep * wide + deep) + 16 * 4 + POSITIONS * 4) * 4;
}

/**
 * dFilter [3, 3, inputs, outputs] from x [batch, height, width, inputs] and dy [batch, outHeight, outWidth, outputs].
 *
 * @param top, left rows and columns of zeros around the image
 * @returns whether all of it is finite; if not it must be computed another way, for a value that is not finite spreads
 */
export function winogradFilterGradient(
	x: usize,
	dy: usize,
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
	scratch: usize,
): bool {
	const deep = roundUp(inputs, TILE_ROWS);
	const wide = roundUp(outputs, TILE_COLUMNS);
	const sums = scratch;
	const patches = sums + ((POSITIONS * deep * wide) << 2);
	const gradients = patches + POSITIONS * positionBytes(deep);
	const patch = gradients + POSITIONS * positionBytes(wide);
	const lines = patch + ((POSITIONS * deep) << 2);
	const piece = lines + POSITIONS * 16;
	zero(sums, (POSITIONS * deep * wide) << 2);
	zero(gradients, POSITIONS * positionBytes(wide));

	const tilesAcross = (outWidth + 3) >> 2;
	const tilesPerImage = ((outHeight + 3) >> 2) * tilesAcross;
	const tiles = batch * tilesPerImage;
	for (let first = 0; first < tiles; first += TILES) {
		const count = min(TILES, tiles - first);
		for (let t = 0; t < count; t++) {
			const number = (first + t) / tilesPerImage;
			const within = (first + t) % tilesPerImage;
			const down = (within / tilesAcross) << 2;
			const across = (within % tilesAcross) << 2;
			const image = x + ((number * height * width * inputs) << 2);
			transformInput(patches + (t << 4), image, height, width, inputs, deep, down - top, across - left, patch, lines);
			const gradient = dy + (((number * outHeight + down) * outWidth + across) * outputs << 2);
			const rows = min(4, outHeight - down);
			transformGradient(gradients + (t << 5), gradient, outWidth, outputs, wide, rows, min(4, outWidth - across), piece, lines);
		}
		multiplyPositions(sums, patches, gradients, deep, wide, count);
	}
	return transformSums(out, sums, inputs, outputs, deep, wide, lines);
}

/** Bᵀ d B of all channels of one tile. */
function transformInput(
	to: usize,
	image: usize,
	height: i32,
	width: i32,
	inputs: i32,
	deep: i32,
	y: i32,
	x: i32,
	patch: usize,
	lines: usize,
): void {
	let from = image + (((y * width + x) * inputs) << 2);
	let pixelStride = inputs << 2;
	let lineStride = (width * inputs) << 2;
	if (y < 0 || x < 0 || y + 6 > height || x + 6 > width || deep !== inputs) {
		copyPatch(patch, 6, image, height, width, inputs, deep, y, x);
		from = patch;
		pixelStride = deep << 2;
		lineStride = (6 * deep) << 2;
	}
	for (let channel = 0; channel < deep; channel += 4) {
		transformPatch<Four>(to, positionBytes(deep), from, pixelStride, lineStride, lines);
		from += 16;
		to += TILES << 4;
	}
}

/** A times a column of four, fromStride bytes apart: [y₀, y₀+y₂ ± (y₁+y₃), y₀+4y₂ ± (2y₁+8y₃), y₃]. */
@inline
function spreadFour(to: usize, stride: i32, from: usize, fromStride: i32): void {
	const y0 = v128.load(from);
	const y1 = v128.load(from + fromStride);
	const y2 = v128.load(from + 2 * fromStride);
	const y3 = v128.load(from + 3 * fromStride);
	const four = f32x4.splat(4);
	const even = f32x4.add(y0, y2);
	const odd = f32x4.add(y1, y3);
	const evenFar = f32x4.add(y0, f32x4.mul(four, y2));
	const oddHalf = f32x4.add(y1, f32x4.mul(four, y3));
	const oddFar = f32x4.add(oddHalf, oddHalf);
	v128.store(to, y0);
	v128.store(to + stride, f32x4.add(even, odd));
	v128.store(to + 2 * stride, f32x4.sub(even, odd));
	v128.store(to + 3 * stride, f32x4.add(evenFar, oddFar));
	v128.store(to + 4 * stride, f32x4.sub(evenFar, oddFar));
	v128.store(to + 5 * stride, y3);
}

/** A dY Aᵀ of all channels of one tile, of which rows × columns lie inside the output. */
function transformGradient(
	to: usize,
	from: usize,
	width: i32,
	outputs: i32,
	wide: i32,
	rows: i32,
	columns: i32,
	piece: usize,
	lines: usize,
): void {
	const position = positionBytes(wide);
	for (let channel = 0; channel < outputs; channel += 4) {
		const lanes = min(4, outputs - channel);
		let source = from + (channel << 2);
		let pixelStride = outputs << 2;
		let lineStride = (width * outputs) << 2;
		if (rows < 4 || columns < 4 || lanes < 4) {
			zero(piece, 256);
			for (let row = 0; row < rows; row++) {
				for (let column = 0; column < columns; column++) {
					memory.copy(piece + ((row * 4 + column) << 4), source + row * lineStride + column * pixelStride, lanes << 2);
				}
			}
			source = piece;
			pixelStride = 16;
			lineStride = 64;
		}
		for (let column = 0; column < 4; column++) {
			spreadFour(lines + (column << 4), 64, source + column * pixelStride, lineStride);
		}
		let target = to + (((channel / TILE_COLUMNS) * TILES) << 5) + ((channel % TILE_COLUMNS) << 2);
		for (let row = 0; row < 6; row++) {
			spreadFour(target, position, lines + (row << 6), 16);
			target += 6 * position;
		}
	}
}

/** sums [36][deep][wide] += Σ over tiles of patches [36][deep / 4][TILES][4] by gradients [36][wide / 8][TILES][8]. */
function multiplyPositions(sums: usize, patches: usize, gradients: usize, deep: i32, wide: i32, count: i32): void {
	const row = wide << 2;
	const step = TILE_ROWS * row;
	const left = (TILES - count) << 4;
	for (let position = 0; position < POSITIONS; position++) {
		for (let column = 0; column < wide; column += TILE_COLUMNS) {
			const panel = gradients + ((column * TILES) << 2);
			const c = sums + (column << 2);
			// Register tiles one below another.
			multiplyTiles<Adjacent>(
				patches, left, panel, -(count << 5), c, row, step, c, row, step, count, false, deep / TILE_ROWS,
			);
		}
		gradients += positionBytes(wide);
		patches += positionBytes(deep);
		sums += (deep * wide) << 2;
	}
}

/**
 * Gᵀ times a column of six, fromStride bytes apart:
 * [u₀/4 − p/6 + q/24, (u₂−u₁)/6 + (u₃−u₄)/12, −p/6 + q/6 + u₅], p = u₁+u₂, q = u₃+u₄.
 */
@inline
function gatherThree(to: usize, stride: i32, from: usize, fromStride: i32): void {
	const u0 = v128.load(from);
	const u1 = v128.load(from + fromStride);
	const u2 = v128.load(from + 2 * fromStride);
	const u3 = v128.load(from + 3 * fromStride);
	const u4 = v128.load(from + 4 * fromStride);
	const u5 = v128.load(from + 5 * fromStride);
	const sixth = f32x4.splat(1.0 / 6.0);
	const near = f32x4.mul(f32x4.add(u1, u2), sixth);
	const far = f32x4.mul(f32x4.add(u3, u4), sixth);
	const slope = f32x4.mul(f32x4.sub(u2, u1), sixth);
	const steep = f32x4.mul(f32x4.sub(u3, u4), f32x4.splat(1.0 / 12.0));
	v128.store(to, f32x4.mul(f32x4.add(f32x4.sub(u0, f32x4.mul(near, f32x4.splat(4))), far), f32x4.splat(0.25)));
	v128.store(to + stride, f32x4.add(slope, steep));
	v128.store(to + 2 * stride, f32x4.add(f32x4.sub(far, near), u5));
}

/** Gᵀ U G for each channel pair; whether all results are finite. */
function transformSums(
	out: usize,
	sums: usize,
	inputs: i32,
	outputs: i32,
	deep: i32,
	wide: i32,
	lines: usize,
): bool {
	const position = (deep * wide) << 2;
	let check = f32x4.splat(0);
	for (let input = 0; input < inputs; input++) {
		for (let output = 0; output < outputs; output += 4) {
			const lanes = min(4, outputs - output);
			let at = sums + ((input * wide + output) << 2);
			for (let row = 0; row < 6; row++) {
				gatherThree(lines + (row << 4), 96, at, position);
				at += 6 * position;
			}
			for (let column = 0; column < 3; column++) {
				const results = lines + 288;
				gatherThree(results, 16, lines + column * 96, 16);
				for (let row = 0; row < 3; row++) {
					const value = v128.load(results + (row << 4));
					// Zero times a number is zero unless it is NaN or infinite.
					check = f32x4.add(check, f32x4.mul(value, f32x4.splat(0)));
					const tap = row * 3 + column;
					storePartly(out + (((tap * inputs + input) * outputs + output) << 2), value, lanes);
				}
			}
		}
	}
	return !isNotFinite(check);
}
