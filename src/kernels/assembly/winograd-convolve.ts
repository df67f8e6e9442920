import { normParts } from "./batch-norm";
import { zero } from "./pack";
import { Grouped, multiplyTiles, roundUp, TILE_COLUMNS, TILE_ROWS } from "./tile";
import { transformFilters } from "./winograd-filter";
import { convolvePatch, copyPatch, readAhead, transformPatch } from "./winograd-patch";
import {
	HalfPooled,
	isNotFinite,
	Normalized,
	Plain,
	Pooled,
	transformRowsBack,
	writeTile,
	writeWholeTile,
} from "./winograd-tile";

/** Winograd's algorithm by F, which is Four or Six; winograd.ts says what it computes. */

/**
 * Bytes left free after each position's transformed inputs: at a power of two from one to the next, the values a
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

/** Bytes of scratch besides the filters: transformed inputs, products, a patch, an output tile, zeros, bias and places. */
export function scratchBytes<F>(inputs: i32, outputs: i32): i32 {
	const f = changetype<F>(0);
	const deep = roundUp(inputs, 4);
	const positions = f.reach() * f.reach();
	const transformed = f.groups() * positions * (deep * TILE_ROWS + GAP / 4);
	const products = positions * TILE_ROWS * TILE_COLUMNS;
	const tile = f.side() * f.side() * 4;
	const values = transformed + products + positions * deep + positions * 4 + tile + 8 + roundUp(outputs, 8);
	return values * 4 + f.groups() * TILE_ROWS * offsetof<Place>();
}

/** As `winograd`, by tiles of F. */
export function convolve<F>(
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
	const f = changetype<F>(0);
	const reach = f.reach();
	const positions = reach * reach;
	const groups = f.groups();
	const deep = roundUp(inputs, 4);
	const wide = roundUp(outputs, TILE_COLUMNS);
	const transformed = scratch;
	const groupBytes = positions * (deep * TILE_ROWS * 4 + GAP);
	const products = transformed + groups * groupBytes;
	const patch = products + ((positions * TILE_ROWS * TILE_COLUMNS) << 2);
	const lines = patch + ((positions * deep) << 2);
	const tile = lines + positions * 16;
	const zeros = tile + f.side() * f.side() * 16;
	const paddedBias = zeros + 32;
	const places = paddedBias + (wide << 2);

	zero(zeros, 32 + (wide << 2));
	if (bias !== 0) memory.copy(paddedBias, bias, outputs << 2);
	if (!ready) transformFilters<F>(filters, filter, inputs, outputs, flipped, lines);

	// The written extent: pooled or not, and how much of it a tile covers.
	const side = pool ? f.side() / 2 : f.side();
	const writtenHeight = pool ? outHeight >> 1 : outHeight;
	const writtenWidth = pool ? outWidth >> 1 : outWidth;
	const tilesDown = (writtenHeight + side - 1) / side;
	const tilesAcross = (writtenWidth + side - 1) / side;
	const tilesPerImage = tilesDown * tilesAcross;
	const tiles = batch * tilesPerImage;
	const imageBytes = (height * width * inputs) << 2;
	const channelGroupBytes = TILE_ROWS << 4;
	const positionBytes = deep * TILE_ROWS * 4 + GAP;
	const panelBytes = (positions * deep * TILE_COLUMNS) << 2;
	const rowStride = (writtenWidth * outputs) << 2;
	const columnStride = outputs << 2;
	const least = f32x4.splat(relu ? 0 : -Infinity);
	const part = normParts(outputs);

	for (let first = 0; first < tiles; first += groups * TILE_ROWS) {
		const count = min(groups * TILE_ROWS, tiles - first);
		for (let t = 0; t < count; t++) {
			const number = (first + t) / tilesPerImage;
			const within = (first + t) % tilesPerImage;
			const down = within / tilesAcross;
			const across = within % tilesAcross;
			const y = down * f.side() - top;
			const x = across * f.side() - left;
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
			if (y < 0 || x < 0 || y + reach > height || x + reach > width || deep !== inputs) {
				copyPatch(patch, reach, image, height, width, inputs, deep, y, x);
				from = patch;
				pixelStride = deep << 2;
				lineStride = (reach * deep) << 2;
			}
			let to = transformed + (t / TILE_ROWS) * groupBytes + ((t % TILE_ROWS) << 4);
			for (let channel = 0; channel < deep; channel += 4) {
				transformPatch<F>(to, positionBytes, from, pixelStride, lineStride, lines);
				from += 16;
				to += channelGroupBytes;
			}
		}
		for (let output = 0; output < outputs; output += TILE_COLUMNS) {
			const panel = filters + (output / TILE_COLUMNS) * panelBytes;
			for (let t = 0; t < count; t += TILE_ROWS) {
				const a = transformed + (t / TILE_ROWS) * groupBytes;
				const row = TILE_COLUMNS << 2;
				multiplyTiles<Grouped>(a, GAP, panel, 0, products, row, TILE_ROWS * row, zeros, 0, 0, deep, false, positions);
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
						transformRowsBack<F>(lines, products + ((m * TILE_COLUMNS + half) << 2));
						const whole = inside && lanes === 4;
						let sum: v128;
						if (!whole) {
							// Put aside as it is: x + -0 and max(x, -∞) are x.
							sum = writeWholeTile<F, Plain, Plain>(
								tile, lines, f32x4.splat(-0.0), f32x4.splat(-Infinity), f.side() << 4, 16, 0, 0,
							);
						} else if (pool) {
							sum = writeWholeTile<F, HalfPooled, Pooled>(at, lines, added, least, rowStride, columnStride, 0, 0);
						} else if (norm === 0) {
							sum = writeWholeTile<F, Plain, Plain>(at, lines, added, least, rowStride, columnStride, 0, 0);
						} else {
							sum = writeWholeTile<F, Normalized, Normalized>(at, lines, added, least, rowStride, columnStride, own, part);
						}
						const recompute = isNotFinite(sum);
						if (recompute) {
							copyPatch(patch, reach, place.image, height, width, inputs, deep, place.top, place.left);
							convolvePatch(tile, f.side(), patch, filter, inputs, outputs, flipped, channel, lanes);
						}
						if (recompute || !whole) {
							writeTile(at, tile, f.side(), added, least, pool, place.rows, place.columns, rowStride, columnStride, lanes, own, part);
						}
					}
				}
			}
		}
	}
}
