import { normalizeRows, normParts } from "./batch-norm";
import { copyRun } from "./copy";
import { Geometry } from "./image";
import { zero } from "./pack";
import { multiplyAdd, rectify, roundUp, TILE_COLUMNS } from "./tile";

/**
 * Convolution without packing the image: four neighbouring output pixels by eight output channels at a time, read where they lie.
 * Filters of few taps and channels (a panel stays in the first-level cache) gain by it: packing would cost as much as the products.
 *
 * Each value is bias + x₀w₀ + x₁w₁ + ... in the order (filter row, filter column, channel): the bits that gemm gives.
 */

/** Pixels of a tile; outputs must be at least this wide. */
const PIXELS: i32 = 4;

@inline
function paddedHeight(g: Geometry): i32 {
	return (g.outHeight - 1) * g.strideDown + g.filterHeight;
}

@inline
function paddedWidth(g: Geometry): i32 {
	return (g.outWidth - 1) * g.strideAcross + g.filterWidth;
}

/** Whether every window lies inside the image. */
@inline
function isInside(g: Geometry): bool {
	return g.top === 0 && g.left === 0 && paddedHeight(g) <= g.height && paddedWidth(g) <= g.width;
}

/** Bytes of scratch: bias, a tile, and one image with its border of zeros where it needs one. */
export function directBytes(g: Geometry, outputs: i32): i32 {
	const image = isInside(g) ? 0 : paddedHeight(g) * paddedWidth(g) * g.channels;
	return (roundUp(outputs, TILE_COLUMNS) + PIXELS * TILE_COLUMNS + image) << 2;
}

/**
 * out = relu(x * filter + bias), normalised before relu where norm says by what; relu is optional, and dilations are 1.
 *
 * @param x        [batch, height, width, channels]
 * @param filter   [filterHeight · filterWidth · channels, outputs] as packMatrix packs it in one block
 * @param bias     [outputs], or 0 for none
 * @param out      [batch, outHeight, outWidth, outputs], outWidth at least 4
 * @param scratch  directBytes
 * @param norm     what prepareNorm has written for the outputs, or 0 for none
 */
export function convolveDirect(
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	outputs: i32,
	relu: bool,
	geometry: usize,
	scratch: usize,
	norm: usize,
): void {
	const g = changetype<Geometry>(geometry);
	const part = normParts(outputs);
	const wide = roundUp(outputs, TILE_COLUMNS);
	const tile = scratch + (wide << 2);
	const bordered = tile + ((PIXELS * TILE_COLUMNS) << 2);
	zero(scratch, wide << 2);
	if (bias !== 0) memory.copy(scratch, bias, outputs << 2);

	const inside = isInside(g);
	const pixel = g.channels << 2;
	const line = g.width * pixel;
	const pitch = inside ? line : paddedWidth(g) * pixel;
	const panelBytes = roundUp(g.filterHeight * g.filterWidth * g.channels, 4) << 5;
	const run = g.filterWidth * pixel;
	const across = g.strideAcross * pixel;
	const outPixel = outputs << 2;
	if (!inside) zero(bordered, paddedHeight(g) * pitch);
	for (let image = 0; image < batch; image++) {
		if (!inside) border(bordered, x, g, pitch);
		const from = inside ? x : bordered;
		for (let row = 0; row < g.outHeight; row++) {
			const source = from + row * g.strideDown * pitch;
			for (let panel = 0; panel < wide; panel += TILE_COLUMNS) {
				const weights = filter + (panel >> 3) * panelBytes;
				const whole = outputs - panel >= TILE_COLUMNS;
				for (let column = 0; column < g.outWidth; column += PIXELS) {
					// The last tile of a row moves left to stay inside it; pixels done twice get the same value.
					const first = min(column, g.outWidth - PIXELS);
					const target = out + first * outPixel + (panel << 2);
					convolveTile(
						whole ? target : tile,
						whole ? outPixel : TILE_COLUMNS << 2,
						source + first * across,
						across,
						pitch,
						g.filterHeight,
						run,
						weights,
						scratch + (panel << 2),
						relu && norm === 0,
					);
					if (whole) continue;
					for (let m = 0; m < PIXELS; m++) {
						copyRun(target + m * outPixel, tile + ((m * TILE_COLUMNS) << 2), outputs - panel);
					}
				}
			}
			if (norm !== 0) normalizeRows(out, out, outPixel, g.outWidth, outputs, norm, part, relu);
			out += g.outWidth * outPixel;
		}
		x += g.height * line;
	}
}

/** Copies what windows see of an image into its border, whose zeros stay. */
function border(to: usize, image: usize, g: Geometry, pitch: i32): void {
	const pixel = g.channels << 2;
	const high = min(g.height, paddedHeight(g) - g.top);
	const wide = min(g.width, paddedWidth(g) - g.left);
	for (let row = 0; row < high; row++) {
		memory.copy(to + (g.top + row) * pitch + g.left * pixel, image + row * g.width * pixel, wide * pixel);
	}
}

/**
 * Four pixels by eight channels. Apart from the template in tile.ts, whose rows lie apart by a constant of the instruction: here it
 * is a number of the convolution, its stride times its channels.
 *
 * @param step  bytes from what one pixel sees to what the next one does
 * @param rows  rows of the filter, each a run of so many bytes of the image
 */
function convolveTile(
	to: usize,
	toStride: i32,
	from: usize,
	step: i32,
	pitch: i32,
	rows: i32,
	run: i32,
	filter: usize,
	bias: usize,
	relu: bool,
): void {
	let low0 = v128.load(bias);
	let high0 = v128.load(bias, 16);
	let low1 = low0;
	let high1 = high0;
	let low2 = low0;
	let high2 = high0;
	let low3 = low0;
	let high3 = high0;
	const step2 = step << 1;
	const step3 = step + step2;
	for (let row = 0; row < rows; row++) {
		let at = from;
		const end = from + run;
		while (at < end) {
			const low = v128.load(filter);
			const high = v128.load(filter, 16);
			const x0 = v128.load32_splat(at);
			low0 = multiplyAdd(x0, low, low0);
			high0 = multiplyAdd(x0, high, high0);
			const x1 = v128.load32_splat(at + step);
			low1 = multiplyAdd(x1, low, low1);
			high1 = multiplyAdd(x1, high, high1);
			const x2 = v128.load32_splat(at + step2);
			low2 = multiplyAdd(x2, low, low2);
			high2 = multiplyAdd(x2, high, high2);
			const x3 = v128.load32_splat(at + step3);
			low3 = multiplyAdd(x3, low, low3);
			high3 = multiplyAdd(x3, high, high3);
			at += 4;
			filter += 32;
		}
		from += pitch;
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
	v128.store(to, low0);
	v128.store(to, high0, 16);
	to += toStride;
	v128.store(to, low1);
	v128.store(to, high1, 16);
	to += toStride;
	v128.store(to, low2);
	v128.store(to, high2, 16);
	to += toStride;
	v128.store(to, low3);
	v128.store(to, high3, 16);
}
