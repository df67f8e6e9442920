import { normalizeRows, normParts } from "./batch-norm";
import { copyRun } from "./copy";
import { isSmall, smallProduct } from "./small-product";
import { Geometry, packImageColumns, packImageRows } from "./image";
import { packColumns, packColumnsTransposed, packRows, packRowsTransposed, zero } from "./pack";
import { Grouped, multiplyTiles, roundUp, TILE_COLUMNS, TILE_ROWS } from "./tile";

/**
 * How much of k one pass takes. A panel of B (8 columns, 8 kB) then stays in the first-level cache (32 kB on the
 * smallest machines in use) while the rows go by, with the panel of A (4 kB) beside it.
 */
export const DEPTH: i32 = 256;

/** Columns of B packed at a time: 256 × 256 values are 256 kB, half of a small second-level cache. */
export const WIDTH: i32 = 256;

/** Rows of A packed at a time, whole tiles: 48 × 256 values are 48 kB of the second-level cache. */
export const HEIGHT: i32 = 48;

/** Values of the buffer in which a row of an image matrix is collected: the longest row, padded. */
const BUFFER: i32 = DEPTH + 16;

/** Values of the tiles of which only a part lies inside C: those of all rows that are packed at a time. */
const TILES: i32 = HEIGHT * TILE_COLUMNS;

/** Bytes of scratch for the panels, the tiles, a padded row of bias and the buffer, whatever the matrices' size. */
export const GEMM_SCRATCH: i32 = (DEPTH * WIDTH + DEPTH * HEIGHT + TILES + WIDTH + BUFFER) * 4;

@inline
export function panelsOfB(scratch: usize): usize {
	return scratch;
}

@inline
export function panelsOfA(scratch: usize): usize {
	return scratch + DEPTH * WIDTH * 4;
}

@inline
export function tilesOf(scratch: usize): usize {
	return panelsOfA(scratch) + DEPTH * HEIGHT * 4;
}

@inline
export function paddedBias(scratch: usize): usize {
	return tilesOf(scratch) + TILES * 4;
}

@inline
function rowBuffer(scratch: usize): usize {
	return paddedBias(scratch) + WIDTH * 4;
}

/** Copies a slice of the bias, or zeros where there is none, padded with zeros to whole panels. */
export function padBias(scratch: usize, bias: usize, first: i32, columns: i32): void {
	const row = paddedBias(scratch);
	zero(row, WIDTH * 4);
	if (bias !== 0) memory.copy(row, bias + (first << 2), columns << 2);
}

/**
 * Multiplies packed panels into rows × columns values of C.
 *
 * @param panels of B
 * @param c      first value, rows cStride bytes apart
 * @param start  whether sums start from the padded bias (first pass) or from C
 * @param relu   whether negative results become zero (last pass)
 */
export function multiplyPanels(
	scratch: usize,
	panels: usize,
	c: usize,
	cStride: i32,
	rows: i32,
	columns: i32,
	depth: i32,
	start: bool,
	relu: bool,
): void {
	const deep = roundUp(depth, 4);
	const panelOfA = (deep * TILE_ROWS) << 2;
	const panelOfB = (deep * TILE_COLUMNS) << 2;
	const tiles = tilesOf(scratch);
	const wholeTiles = rows / TILE_ROWS;
	const rest = rows % TILE_ROWS;
	const belowWhole = c + wholeTiles * TILE_ROWS * cStride;
	let b = panels;
	for (let column = 0; column < columns; column += TILE_COLUMNS) {
		const wide = min(TILE_COLUMNS, columns - column);
		const bias = paddedBias(scratch) + (column << 2);
		const added = start ? bias : 0;
		const a = panelsOfA(scratch);
		const at = column << 2;
		if (wide === TILE_COLUMNS) {
			const stride = start ? 0 : cStride;
			const step = TILE_ROWS * cStride;
			const from = start ? bias : c + at;
			multiplyTiles<Grouped>(
				a, 0, b, -panelOfB, c + at, cStride, step, from, stride, TILE_ROWS * stride, deep, relu, wholeTiles,
			);
		} else {
			multiplyPartly(tiles, a, b, c + at, cStride, wholeTiles * TILE_ROWS, wide, added, deep, relu, wholeTiles);
		}
		if (rest > 0) {
			const last = a + wholeTiles * panelOfA;
			multiplyPartly(tiles, last, b, belowWhole + at, cStride, rest, wide, added, deep, relu, 1);
		}
		b += panelOfB;
	}
}

/** Tiles, one below the other, of which only rows × columns lie inside C: computed whole in scratch, their inner part copied. */
function multiplyPartly(
	tiles: usize,
	a: usize,
	b: usize,
	c: usize,
	cStride: i32,
	rows: i32,
	columns: i32,
	bias: usize,
	deep: i32,
	relu: bool,
	count: i32,
): void {
	const stride = TILE_COLUMNS * 4;
	if (bias === 0) {
		for (let m = 0; m < rows; m++) copyRun(tiles + m * stride, c + m * cStride, columns);
	}
	const from = bias === 0 ? tiles : bias;
	const fromStride = bias === 0 ? stride : 0;
	const back = -(deep * TILE_COLUMNS) << 2;
	const step = TILE_ROWS * stride;
	multiplyTiles<Grouped>(a, 0, b, back, tiles, stride, step, from, fromStride, TILE_ROWS * fromStride, deep, relu, count);
	for (let m = 0; m < rows; m++) copyRun(c + m * cStride, tiles + m * stride, columns);
}

/** How an operand lies in memory. */
export const ROW_MAJOR: i32 = 0;
export const TRANSPOSED: i32 = 1;
/** Output pixels by (filter row, filter column, channel), read from an image batch as its Geometry says. */
export const IMAGE: i32 = 2;
/** B as packMatrix leaves it. */
export const PACKED: i32 = 3;

/**
 * C = A · B (+ bias) (then normalised) (then relu), float32, C row-major.
 *
 * @param a        [rows, depth]; [depth, rows] where TRANSPOSED; an image batch where IMAGE
 * @param b        [depth, columns]; [columns, depth] where TRANSPOSED; an image batch where IMAGE; panels where PACKED
 * @param bias     [columns], or 0 for none
 * @param geometry of the image, where there is one
 * @param scratch  GEMM_SCRATCH bytes
 * @param norm     what prepareNorm has written for the columns, or 0 for none
 */
export function gemm(
	a: usize,
	layoutOfA: i32,
	b: usize,
	layoutOfB: i32,
	c: usize,
	bias: usize,
	rows: i32,
	columns: i32,
	depth: i32,
	relu: bool,
	geometry: usize,
	scratch: usize,
	norm: usize,
): void {
	const g = changetype<Geometry>(geometry);
	const part = normParts(columns);
	const wideOfB = roundUp(columns, TILE_COLUMNS);
	for (let column = 0; column < columns; column += WIDTH) {
		const wide = min(WIDTH, columns - column);
		padBias(scratch, bias, column, wide);
		let k = 0;
		do {
			const deep = min(DEPTH, depth - k);
			let panels = panelsOfB(scratch);
			if (layoutOfB === PACKED) {
				panels = b + ((k * wideOfB + column * roundUp(deep, 4)) << 2);
			} else if (layoutOfB === IMAGE) {
				packImageColumns(panels, b, g, k, deep, column, wide, rowBuffer(scratch));
			} else if (layoutOfB === TRANSPOSED) {
				packColumnsTransposed(panels, b + ((column * depth + k) << 2), depth, deep, wide);
			} else {
				packColumns(panels, b + ((k * columns + column) << 2), columns, deep, wide);
			}
			const last = k + deep >= depth;
			for (let row = 0; row < rows; row += HEIGHT) {
				const high = min(HEIGHT, rows - row);
				if (layoutOfA === IMAGE) {
					packImageRows(panelsOfA(scratch), a, g, row, high, k, deep, rowBuffer(scratch));
				} else if (layoutOfA === TRANSPOSED) {
					packRowsTransposed(panelsOfA(scratch), a + ((k * rows + row) << 2), rows, high, deep);
				} else {
					packRows(panelsOfA(scratch), a + ((row * depth + k) << 2), depth, high, deep);
				}
				const target = c + ((row * columns + column) << 2);
				const ends = last && norm === 0;
				multiplyPanels(scratch, panels, target, columns << 2, high, wide, deep, k === 0, relu && ends);
				// While the rows are in the first-level cache.
				if (last && norm !== 0) normalizeRows(target, target, columns << 2, high, wide, norm + (column << 2), part, relu);
			}
			k += DEPTH;
		} while (k < depth);
	}
}

/** Values that packMatrix writes. */
@inline
export function packedSize(depth: i32, columns: i32): i32 {
	return roundUp(depth, 4) * roundUp(columns, TILE_COLUMNS);
}

/**
 * Packs the whole of B once, for as many products as come: blocks of rows one after the other, each in panels of 8 columns as
 * gemm packs them. Rows can be brought in parts: each call takes `rows` of them from `first` on, whole blocks but for the last.
 *
 * @param block rows of a block: DEPTH for gemm, all of them for convolveDirect
 * @param from row `first` of [depth, columns]
 */
export function packMatrix(
	from: usize,
	to: usize,
	depth: i32,
	columns: i32,
	first: i32,
	rows: i32,
	block: i32,
): void {
	const wide = roundUp(columns, TILE_COLUMNS);
	for (let k = first; k < first + rows; k += block) {
		const deep = min(block, depth - k);
		const target = to + ((k * wide) << 2);
		packColumns(target, from + (((k - first) * columns) << 2), columns, deep, columns);
	}
}

/**
 * Products of stacks of matrices, one after the other.
 *
 * @param aStep bytes from one A to the next: 0 where all products share it; bStep likewise
 */
export function products(
	count: i32,
	a: usize,
	aStep: i32,
	layoutOfA: i32,
	b: usize,
	bStep: i32,
	layoutOfB: i32,
	c: usize,
	rows: i32,
	columns: i32,
	depth: i32,
	scratch: usize,
): void {
	const step = (rows * columns) << 2;
	const small = layoutOfA === ROW_MAJOR && layoutOfB === ROW_MAJOR && isSmall(columns, depth);
	for (let index = 0; index < count; index++) {
		if (small) smallProduct(a, b, c, rows, columns, depth);
		else gemm(a, layoutOfA, b, layoutOfB, c, 0, rows, columns, depth, false, 0, scratch, 0);
		a += aStep;
		b += bStep;
		c += step;
	}
}
