import { zero } from "./pack";
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

/** Copies values to row `m` of a panel of A, starting at depth `k` of the panel. */
@inline
function copyToRow(panel: usize, m: i32, k: i32, from: usize, count: i32): void {
	const end = k + count;
	let k0 = k;
	while (k0 < end && (k0 & 3) !== 0) {
		store<f32>(panel + (((k0 >> 2) * TILE_ROWS + m) << 4) + ((k0 & 3) << 2), load<f32>(from));
		from += 4;
		k0++;
	}
	let to = panel + (((k0 >> 2) * TILE_ROWS + m) << 4);
	while (k0 + 4 <= end) {
		v128.store(to, v128.load(from));
		to += TILE_ROWS << 4;
		from += 16;
		k0 += 4;
	}
	while (k0 < end) {
		store<f32>(to, load<f32>(from));
		to += 4;
		from += 4;
		k0++;
	}
}

/**
 * Packs output pixels first ... first + rows - 1 and depth start ... start + depth - 1 into panels of A.
 *
 * @param x whole batch [batch, height, width, channels]
 */
export function packImageRows(to: usize, x: usize, g: Geometry, first: i32, rows: i32, start: i32, depth: i32): void {
	const groups = (depth + 3) >> 2;
	const panelBytes = (groups * TILE_ROWS) << 4;
	const adjacent = g.dilationAcross === 1;
	// A span is a run of depth whose source is contiguous: a filter row, or one tap where the filter is dilated.
	const span = adjacent ? g.filterWidth * g.channels : g.channels;
	const spansInRow = adjacent ? 1 : g.filterWidth;
	zero(to, ((rows + TILE_ROWS - 1) / TILE_ROWS) * panelBytes);
	for (let row = 0; row < rows; row++) {
		const panel = to + (row / TILE_ROWS) * panelBytes;
		const m = row % TILE_ROWS;
		const pixel = first + row;
		const line = pixel / g.outWidth;
		const left = (pixel % g.outWidth) * g.strideAcross - g.left;
		const top = (line % g.outHeight) * g.strideDown - g.top;
		const image = x + (((line / g.outHeight) * g.height * g.width * g.channels) << 2);
		let k = 0;
		while (k < depth) {
			const number = (start + k) / span;
			const within = (start + k) % span;
			const count = min(span - within, depth - k);
			const y = top + (number / spansInRow) * g.dilationDown;
			if (y >= 0 && y < g.height) {
				const x0 = left + (number % spansInRow) * g.dilationAcross;
				// Values of the span left and right of the image are zeros already.
				const low = max(within, -x0 * g.channels);
				const high = min(within + count, (g.width - x0) * g.channels);
				if (high > low) {
					const source = image + (((y * g.width + x0) * g.channels + low) << 2);
					copyToRow(panel, m, k + low - within, source, high - low);
				}
			}
			k += count;
		}
	}
}

/**
 * Packs the same matrix as packImageRows into panels of B: depth runs over output pixels first ... first + pixels - 1,
 * columns over (filter row, filter column, channel) start ... start + columns - 1.
 */
export function packImageColumns(
	to: usize,
	x: usize,
	g: Geometry,
	first: i32,
	pixels: i32,
	start: i32,
	columns: i32,
): void {
	const panelBytes = (((pixels + 3) & ~3) * TILE_COLUMNS) << 2;
	const adjacent = g.dilationAcross === 1;
	const span = adjacent ? g.filterWidth * g.channels : g.channels;
	const spansInRow = adjacent ? 1 : g.filterWidth;
	zero(to, ((columns + TILE_COLUMNS - 1) / TILE_COLUMNS) * panelBytes);
	for (let row = 0; row < pixels; row++) {
		const line = (first + row) / g.outWidth;
		const left = ((first + row) % g.outWidth) * g.strideAcross - g.left;
		const top = (line % g.outHeight) * g.strideDown - g.top;
		const image = x + (((line / g.outHeight) * g.height * g.width * g.channels) << 2);
		let column = 0;
		while (column < columns) {
			const number = (start + column) / span;
			const within = (start + column) % span;
			const count = min(span - within, columns - column);
			const y = top + (number / spansInRow) * g.dilationDown;
			if (y >= 0 && y < g.height) {
				const x0 = left + (number % spansInRow) * g.dilationAcross;
				const low = max(within, -x0 * g.channels);
				const high = min(within + count, (g.width - x0) * g.channels);
				let source = image + (((y * g.width + x0) * g.channels + low) << 2);
				let n = column + low - within;
				const end = column + high - within;
				while (n < end) {
					const target = to + (n / TILE_COLUMNS) * panelBytes + ((row * TILE_COLUMNS + (n % TILE_COLUMNS)) << 2);
					if ((n & 3) === 0 && n + 4 <= end) {
						v128.store(target, v128.load(source));
						n += 4;
						source += 16;
					} else {
						store<f32>(target, load<f32>(source));
						n++;
						source += 4;
					}
				}
			}
			column += count;
		}
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
