import { normParts } from "./batch-norm";
import { zero } from "./pack";
import { Grouped, multiplyTiles, roundUp, TILE_COLUMNS, TILE_ROWS } from "./tile";
import { transformFilters } from "./winograd-filter";
import { convolvePatch, copyPatch, readAhead, transformPatch } from "./winograd-patch";
import {
	isNotFinite,
	POSITIONS,
	transformRowsBack,
	writeTile,
	writeWholeTile,
} from "./winograd-tile";

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

/** Where a tile's patch and its outputs lie: worked out once, not for each panel of output channels. */
@unmanaged
class Place {
	/** The image, and the patch's first row and column in it, which may lie outside. */
	image: usize;
	top: i32;
	left: i32;
	/** The tile's first output, and how many rows and columns of it there are. */
	out: usize;
	rows: i32;
	columns: i32;
}

/** Bytes of transformed filters: [output channels / 8][36][input channels, padded to 4][8]. */
export function winogradFilterBytes(inputs: i32, outputs: i32): i32 {
	return roundUp(outputs, TILE_COLUMNS) * POSITIONS * roundUp(inputs, 4) * 4;
}

/** Bytes of scratch besides the filters: transformed inputs, products, a patch, an output tile, zeros, bias and places. */
export function winogradScratch(inputs: i32, outputs: i32): i32 {
	const deep = roundUp(inputs, 4);
	const transformed = GROUPS * POSITIONS * (deep * TILE_ROWS + GAP / 4);
	const products = POSITIONS * TILE_ROWS * TILE_COLUMNS;
	const values = transformed + products + POSITIONS * deep + POSITIONS * 4 + 16 * 4 + 8 + roundUp(outputs, 8);
	return values * 4 + GROUPS * TILE_ROWS * offsetof<Place>();
}

/** Transforms filters into panels, padded with zeros; see transformFilters. */
export function prepareFilters(
	to: usize,
	filter: usize,
	inputs: i32,
	outputs: i32,
	flipped: bool,
	lines: usize,
): void {
	const padded = ((inputs & 3) | (outputs & (TILE_COLUMNS - 1))) !== 0;
	if (padded) zero(to, winogradFilterBytes(inputs, outputs));
	transformFilters(to, filter, inputs, outputs, flipped, lines);
}

/**
 * out = pool(relu(x * filter + bias)), normalised before relu where norm says by what; not where pooling.
 *
 * @param images     [batch, height, width, inputs]
 * @param filter     [3, 3, inputs, outputs], or [3, 3, outputs, inputs] where flipped
 * @param bias       [outputs], or 0 for none
 * @param out        [batch, outHeight, outWidth, outputs], or half of that height and width, rounded down, when pooling
 * @param top, left  rows and columns of zeros around the image
 * @param outHeight  height before pooling
 * @param filters    winogradFilterBytes for the transformed filters
 * @param ready      whether they are there already
 * @param scratch    winogradScratch bytes
 * @param norm       what prepareNorm has written for the outputs, or 0 for none
 */
export function winograd(
	images: usize,
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
	filters: usize,
	ready: bool,
	scratch: usize,
	norm: usize,
): void {
	const deep = roundUp(inputs, 4);
	const wide = roundUp(outputs, TILE_COLUMNS);
	const transformed = scratch;
	const groupBytes = POSITIONS * (deep * TILE_ROWS * 4 + GAP);
	const products = transformed + GROUPS * groupBytes;
	const patch = products + ((POSITIONS * TILE_ROWS * TILE_COLUMNS) << 2);
	const lines = patch + ((POSITIONS * deep) << 2);
	const tile = lines + POSITIONS * 16;
	const zeros = tile + 16 * 16;
	const paddedBias = zeros + 32;
	const places = paddedBias + (wide << 2);

	zero(zeros, 32 + (wide << 2));
	if (bias !== 0) memory.copy(paddedBias, bias, outputs << 2);
	if (!ready) prepareFilters(filters, filter, inputs, outputs, flipped, lines);

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
	const part = normParts(outputs);

	for (let first = 0; first < tiles; first += GROUPS * TILE_ROWS) {
		const count = min(GROUPS * TILE_ROWS, tiles - first);
		for (let t = 0; t < count; t++) {
			const number = (first + t) / tilesPerImage;
			const within = (first + t) % tilesPerImage;
			const down = within / tilesAcross;
			const across = within % tilesAcross;
			const y = down * 4 - top;
			const x = across * 4 - left;
			const image = images + number * imageBytes;
			const pixel = (number * writtenHeight + down * side) * writtenWidth + across * side;
			const place = changetype<Place>(places + t * offsetof<Place>());
			place.image = image;
			place.top = y;
			place.left = x;
			place.out = out + ((pixel * outputs) << 2);
			place.rows = min(side, writtenHeight - down * side);
			place.columns = min(side, writtenWidth - across * side);
			if (within === 0) readAhead(lines, image, imageBytes);
			if (across === 0) readAhead(lines, place.out, place.rows * rowStride);
			let from = image + (((y * width + x) * inputs) << 2);
			let pixelStride = inputs << 2;
			let lineStride = (width * inputs) << 2;
			if (y < 0 || x < 0 || y + 6 > height || x + 6 > width || deep !== inputs) {
				copyPatch(patch, image, height, width, inputs, deep, y, x);
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
				multiplyTiles<Grouped>(a, GAP, panel, 0, products, row, TILE_ROWS * row, zeros, 0, 0, deep, false, POSITIONS);
				const inGroup = min(TILE_ROWS, count - t);
				for (let m = 0; m < inGroup; m++) {
					const place = changetype<Place>(places + (t + m) * offsetof<Place>());
					const inside = place.rows === side && place.columns === side;
					for (let half = 0; half < TILE_COLUMNS && output + half < outputs; half += 4) {
						const channel = output + half;
						const lanes = min(4, outputs - channel);
						const at = place.out + (channel << 2);
						const added = v128.load(paddedBias + (channel << 2));
						const own = norm === 0 ? 0 : norm + (channel << 2);
						transformRowsBack(lines, products + ((m * TILE_COLUMNS + half) << 2));
						const whole = inside && lanes === 4;
						let sum: v128;
						if (whole) {
							sum = pool
								? writeWholeTile(at, lines, added, least, true, rowStride, columnStride, 0, 0)
								: writeWholeTile(at, lines, added, least, false, rowStride, columnStride, own, part);
						} else {
							// Put aside as it is: x + -0 and max(x, -∞) are x.
							sum = writeWholeTile(tile, lines, f32x4.splat(-0.0), f32x4.splat(-Infinity), false, 64, 16, 0, 0);
						}
						const recompute = isNotFinite(sum);
						if (recompute) {
							copyPatch(patch, place.image, height, width, inputs, deep, place.top, place.left);
							convolvePatch(tile, patch, filter, inputs, outputs, flipped, channel, lanes);
						}
						if (recompute || !whole) {
							writeTile(at, tile, added, least, pool, place.rows, place.columns, rowStride, columnStride, lanes, own, part);
						}
					}
				}
			}
		}
	}
}
