import { loadPartly, zero } from "./pack";
import { TILE_COLUMNS, TILE_ROWS } from "./tile";

/**
 * A convolution as a matrix product: row = output pixel (batch, y, x), depth = (filter row, filter column, channel).
 * The matrix is never stored whole; these functions pack a block of it straight from the image (im2col).
 */

/** What a convolution reads, 13 integers in memory, in this order. */
@unmanaged
export class Geometry {
	height: i32;
	width: i32;
	channels: i32;
	outHeight: i32;
	outWidth: i32;
	filterHeight: i32;
	filterWidth: i32;
	strideDown: i32;
	strideAcross: i32;
	dilationDown: i32;
	dilationAcross: i32;
	top: i32;
	left: i32;
}

/** Copies values; whole vectors as long as there are any. */
@inline
export function copyValues(to: usize, from: usize, count: i32): void {
	for (; count >= 4; count -= 4) {
		v128.store(to, v128.load(from));
		to += 16;
		from += 16;
	}
	if (count > 0) v128.store(to, loadPartly(from, count));
}

/** Sets values to zero, and up to three after them. */
@inline
function clearValues(to: usize, count: i32): void {
	for (; count > 0; count -= 4) {
		v128.store(to, f32x4.splat(0));
		to += 16;
	}
}

/**
 * Collects what one output pixel sees, from depth `start` on, in the order (filter row, filter column, channel): a row
 * of the matrix. What lies outside the image is zero; after the row follow zeros up to a whole vector.
 *
 * @param to    room for depth + 4 values
 * @param image first value of the image
 * @param top   row and column of the image the filter's first tap lies on
 */
function collectRow(to: usize, image: usize, g: Geometry, top: i32, left: i32, start: i32, depth: i32): void {
	const channels = g.channels;
	const adjacent = g.dilationAcross === 1;
	// A span is a run of depth whose source is contiguous: a filter row, or one tap where the filter is dilated.
	const span = adjacent ? g.filterWidth * channels : channels;
	const spansInRow = adjacent ? 1 : g.filterWidth;
	let within = start % span;
	let number = start / span;
	let row = adjacent ? number : number / spansInRow;
	let column = adjacent ? 0 : number % spansInRow;
	let rest = depth;
	while (rest > 0) {
		const count = min(span - within, rest);
		const y = top + row * g.dilationDown;
		if (y >= 0 && y < g.height) {
			const x0 = left + column * g.dilationAcross;
			const low = max(within, -x0 * channels);
			const high = min(within + count, (g.width - x0) * channels);
			if (low === within && high === within + count) {
				copyValues(to, image + (((y * g.width + x0) * channels + within) << 2), count);
			} else {
				clearValues(to, count);
				const source = image + (((y * g.width + x0) * channels + low) << 2);
				if (high > low) copyValues(to + ((low - within) << 2), source, high - low);
			}
		} else {
			clearValues(to, count);
		}
		to += count << 2;
		rest -= count;
		within = 0;
		column++;
		if (column >= spansInRow) {
			column = 0;
			row++;
		}
	}
	v128.store(to, f32x4.splat(0));
}

/**
 * The output pixel that collectNext comes to next. Counted on, for dividing at each pixel takes 5 % longer where a pixel
 * is few values (the filter gradient of one channel, 3×3).
 */
let nextAcross: i32 = 0;
let nextDown: i32 = 0;
let nextImage: usize = 0;

/** Makes `number`, counted over the whole batch x, the next output pixel. */
@inline
function startAt(x: usize, g: Geometry, number: i32): void {
	const line = number / g.outWidth;
	nextAcross = number % g.outWidth;
	nextDown = line % g.outHeight;
	nextImage = x + (((line / g.outHeight) * g.height * g.width * g.channels) << 2);
}

/** collectRow for the next output pixel. */
@inline
function collectNext(to: usize, g: Geometry, start: i32, depth: i32): void {
	collectRow(to, nextImage, g, nextDown * g.strideDown - g.top, nextAcross * g.strideAcross - g.left, start, depth);
	nextAcross++;
	if (nextAcross < g.outWidth) return;
	nextAcross = 0;
	nextDown++;
	if (nextDown < g.outHeight) return;
	nextDown = 0;
	nextImage += (g.height * g.width * g.channels) << 2;
}

/**
 * Packs output pixels first ... first + rows - 1 and depth start ... start + depth - 1 into panels of A.
 *
 * @param x      whole batch [batch, height, width, channels]
 * @param buffer room for depth + 4 values
 */
export function packImageRows(
	to: usize,
	x: usize,
	g: Geometry,
	first: i32,
	rows: i32,
	start: i32,
	depth: i32,
	buffer: usize,
): void {
	const groups = (depth + 3) >> 2;
	const panelBytes = (groups * TILE_ROWS) << 4;
	startAt(x, g, first);
	const rest = rows % TILE_ROWS;
	if (rest > 0) zero(to + (rows / TILE_ROWS) * panelBytes, panelBytes);
	let m = 0;
	for (let row = 0; row < rows; row++) {
		collectNext(buffer, g, start, depth);
		let target = to + (m << 4);
		let from = buffer;
		for (let group = 0; group < groups; group++) {
			v128.store(target, v128.load(from));
			target += TILE_ROWS << 4;
			from += 16;
		}
		m++;
		if (m === TILE_ROWS) {
			m = 0;
			to += panelBytes;
		}
	}
}

/**
 * Packs the same matrix as packImageRows into panels of B: depth runs over output pixels first ... first + pixels - 1,
 * columns over (filter row, filter column, channel) start ... start + columns - 1.
 *
 * @param buffer room for columns + 12 values
 */
export function packImageColumns(
	to: usize,
	x: usize,
	g: Geometry,
	first: i32,
	pixels: i32,
	start: i32,
	columns: i32,
	buffer: usize,
): void {
	const padded = (pixels + 3) & ~3;
	const panelBytes = (padded * TILE_COLUMNS) << 2;
	const panels = (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
	startAt(x, g, first);
	for (let row = 0; row < pixels; row++) {
		collectNext(buffer, g, start, columns);
		v128.store(buffer + (((columns + 3) & ~3) << 2), f32x4.splat(0));
		let target = to;
		let from = buffer;
		for (let panel = 0; panel < panels; panel++) {
			v128.store(target, v128.load(from));
			v128.store(target, v128.load(from, 16), 16);
			target += panelBytes;
			from += 32;
		}
		to += TILE_COLUMNS << 2;
	}
	for (let panel = 0; panel < panels; panel++) {
		zero(to, ((padded - pixels) * TILE_COLUMNS) << 2);
		to += panelBytes;
	}
}

/**
 * Adds columns [pixels, filterHeight · filterWidth · channels] back to the image values they came from (col2im), for
 * the whole of one image.
 *
 * @param image [height, width, channels], added to
 */
export function addColumns(image: usize, columns: usize, g: Geometry): void {
	for (let down = 0; down < g.outHeight; down++) {
		for (let across = 0; across < g.outWidth; across++) {
			for (let row = 0; row < g.filterHeight; row++) {
				const y = down * g.strideDown - g.top + row * g.dilationDown;
				for (let column = 0; column < g.filterWidth; column++) {
					const x = across * g.strideAcross - g.left + column * g.dilationAcross;
					if (y >= 0 && y < g.height && x >= 0 && x < g.width) {
						addTo(image + (((y * g.width + x) * g.channels) << 2), columns, g.channels);
					}
					columns += g.channels << 2;
				}
			}
		}
	}
}

/** to += from. */
@inline
function addTo(to: usize, from: usize, count: i32): void {
	let i = 0;
	for (; i + 4 <= count; i += 4) {
		v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
		to += 16;
		from += 16;
	}
	for (; i < count; i++) {
		store<f32>(to, load<f32>(to) + load<f32>(from));
		to += 4;
		from += 4;
	}
}
