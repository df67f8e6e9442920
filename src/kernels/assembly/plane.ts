import { packColumns, zero } from "./pack";
import { Adjacent, sumTile, TILE_COLUMNS } from "./tile";

/**
 * Convolution of stride 1 of images with one channel, such as the first layer on digits: four neighbouring pixels by
 * eight output channels at a time, read straight from the image, where packing would cost as much as the products.
 */

/** Pixels of a tile; outputs must be at least this wide. */
const PIXELS: i32 = 4;

/** Bytes of scratch: filters in panels, bias, and one image with its border of zeros. */
export function planeScratch(taps: i32, outputs: i32, paddedHeight: i32, paddedWidth: i32): i32 {
	const panels = (outputs + TILE_COLUMNS - 1) / TILE_COLUMNS;
	return (panels * TILE_COLUMNS * (((taps + 3) & ~3) + 1) + PIXELS * TILE_COLUMNS + paddedHeight * paddedWidth) * 4;
}

/**
 * out = relu(x * filter + bias), where relu is optional.
 *
 * @param x         [batch, height, width]
 * @param filter    [filterHeight, filterWidth, outputs]
 * @param bias      [outputs], or 0 for none
 * @param out       [batch, outHeight, outWidth, outputs], outWidth at least 4
 * @param scratch   planeScratch bytes for the image as wide and high as the outputs need it
 */
export function convolvePlanes(
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	height: i32,
	width: i32,
	outputs: i32,
	filterHeight: i32,
	filterWidth: i32,
	top: i32,
	left: i32,
	outHeight: i32,
	outWidth: i32,
	relu: bool,
	scratch: usize,
): void {
	const taps = filterHeight * filterWidth;
	const panelBytes = ((taps + 3) & ~3) << 5;
	const panels = (outputs + TILE_COLUMNS - 1) / TILE_COLUMNS;
	const paddedBias = scratch + panels * panelBytes;
	const tile = paddedBias + ((panels * TILE_COLUMNS) << 2);
	const bordered = tile + ((PIXELS * TILE_COLUMNS) << 2);
	packColumns(scratch, filter, outputs, taps, outputs);
	zero(paddedBias, (panels * TILE_COLUMNS) << 2);
	if (bias !== 0) memory.copy(paddedBias, bias, outputs << 2);

	const paddedHeight = outHeight + filterHeight - 1;
	const paddedWidth = outWidth + filterWidth - 1;
	const inside = top === 0 && left === 0 && paddedHeight <= height && paddedWidth <= width;
	const pitch = (inside ? width : paddedWidth) << 2;
	if (!inside) zero(bordered, (paddedHeight * paddedWidth) << 2);
	for (let image = 0; image < batch; image++) {
		let from = x + ((image * height * width) << 2);
		if (!inside) {
			const high = min(height, paddedHeight - top);
			const wide = min(width, paddedWidth - left);
			for (let row = 0; row < high; row++) {
				memory.copy(bordered + (((top + row) * paddedWidth + left) << 2), from + ((row * width) << 2), wide << 2);
			}
			from = bordered;
		}
		for (let row = 0; row < outHeight; row++) {
			for (let column = 0; column < outWidth; column += PIXELS) {
				// The last tile of a row moves left to stay inside it; pixels done twice get the same value.
				const first = min(column, outWidth - PIXELS);
				const to = out + ((((image * outHeight + row) * outWidth + first) * outputs) << 2);
				for (let panel = 0; panel < panels; panel++) {
					const wide = outputs - panel * TILE_COLUMNS;
					const target = to + ((panel * TILE_COLUMNS) << 2);
					convolveTile(
						wide >= TILE_COLUMNS ? target : tile,
						wide >= TILE_COLUMNS ? outputs << 2 : TILE_COLUMNS << 2,
						from + row * pitch + (first << 2),
						pitch,
						filterHeight,
						filterWidth << 2,
						scratch + panel * panelBytes,
						paddedBias + ((panel * TILE_COLUMNS) << 2),
						relu,
					);
					if (wide < TILE_COLUMNS) {
						for (let m = 0; m < PIXELS; m++) {
							memory.copy(target + ((m * outputs) << 2), tile + ((m * TILE_COLUMNS) << 2), wide << 2);
						}
					}
				}
			}
		}
	}
}

/** Four pixels by eight channels; sums start from the bias and take the taps, a row of the filter a run, in order. */
function convolveTile(
	to: usize,
	toStride: i32,
	from: usize,
	pitch: i32,
	filterHeight: i32,
	filterRow: i32,
	filter: usize,
	bias: usize,
	relu: bool,
): void {
	const gap = pitch - filterRow;
	sumTile<Adjacent>(PIXELS, from, 4, filterHeight, filterRow, gap, filter, to, toStride, bias, 0, relu);
}
