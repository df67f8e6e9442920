import { normalizeRows, normParts } from "./batch-norm";
import { Geometry } from "./image";
import { loadPartly, zero } from "./pack";
import { atLeast, multiplyAdd } from "./tile";
import { FILTERED, endInside, firstInside, firstPixel, firstTap, placeWindow, rowsInside, slideRow, spread, storePartly } from "./window";

/**
 * Convolves each channel with a filter of its own.
 *
 * @param filter [filterHeight, filterWidth, channels]
 * @param bias   [channels], or 0 for none
 * @param norm   what prepareNorm has written for the channels, or 0 for none
 */
export function depthwise(
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	relu: bool,
	geometry: usize,
	norm: usize,
): void {
	const g = changetype<Geometry>(geometry);
	const pixel = g.channels << 2;
	const line = g.outWidth * pixel;
	const part = normParts(g.channels);
	const rectifies = relu && norm === 0;
	const first = min(g.outWidth, firstWhole(g));
	// Windows that reach over an edge of the image are few, and go one by one.
	const end = first + ((max(first, min(g.outWidth, endWhole(g))) - first) & ~3);
	for (let image = 0; image < batch; image++) {
		for (let down = 0; down < g.outHeight; down++) {
			slideRow(FILTERED, x, filter, bias, out, g, rectifies, down, 0, first);
			for (let across = first; across < end; across += 4) {
				filterFour(x, filter, bias, out + across * pixel, g, rectifies, down, across);
			}
			slideRow(FILTERED, x, filter, bias, out + end * pixel, g, rectifies, down, end, g.outWidth);
			if (norm !== 0) normalizeRows(out, out, pixel, g.outWidth, g.channels, norm, part, relu);
			out += line;
		}
		x += g.height * g.width * pixel;
	}
}

/** The first window of a row whose columns all lie inside the image. */
@inline
function firstWhole(g: Geometry): i32 {
	return (g.left + g.strideAcross - 1) / g.strideAcross;
}

/** One past the last of these; 0 or less where there is none. */
@inline
function endWhole(g: Geometry): i32 {
	const room = g.width + g.left - (g.filterWidth - 1) * g.dilationAcross - 1;
	return room < 0 ? 0 : room / g.strideAcross + 1;
}

/**
 * Four windows side by side, four channels at a time: a tap is loaded once for all of them, and in the usual case, three taps wide
 * and one pixel apart, so is a pixel for all windows that see it.
 */
function filterFour(
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	g: Geometry,
	relu: bool,
	down: i32,
	across: i32,
): void {
	placeWindow(g, down, across);
	const channels = g.channels;
	const pixel = channels << 2;
	const line = g.dilationDown * g.width * pixel;
	const tapLine = g.filterWidth * pixel;
	const step = g.dilationAcross * pixel;
	const apart = g.strideAcross * pixel;
	const isUsual = g.strideAcross === 1 && g.dilationAcross === 1 && g.filterWidth === 3;
	const pixel2 = 2 * pixel;
	const pixel3 = 3 * pixel;
	const pixel4 = 4 * pixel;
	const pixel5 = 5 * pixel;
	const rows = rowsInside;
	const least = f32x4.splat(relu ? 0 : -Infinity);
	let from = x + firstPixel;
	let taps = filter + firstTap;
	for (let channel = 0; channel < channels; channel += 4) {
		const lanes = min(4, channels - channel);
		let r0 = bias === 0 ? f32x4.splat(0) : loadPartly(bias + (channel << 2), lanes);
		let r1 = r0;
		let r2 = r0;
		let r3 = r0;
		let at = from;
		let tap = taps;
		if (lanes === 4 && isUsual) {
			for (let row = 0; row < rows; row++) {
				const x1 = v128.load(at + pixel);
				const x2 = v128.load(at + pixel2);
				const x3 = v128.load(at + pixel3);
				let weight = v128.load(tap);
				r0 = multiplyAdd(v128.load(at), weight, r0);
				r1 = multiplyAdd(x1, weight, r1);
				r2 = multiplyAdd(x2, weight, r2);
				r3 = multiplyAdd(x3, weight, r3);
				const x4 = v128.load(at + pixel4);
				weight = v128.load(tap + pixel);
				r0 = multiplyAdd(x1, weight, r0);
				r1 = multiplyAdd(x2, weight, r1);
				r2 = multiplyAdd(x3, weight, r2);
				r3 = multiplyAdd(x4, weight, r3);
				weight = v128.load(tap + pixel2);
				r0 = multiplyAdd(x2, weight, r0);
				r1 = multiplyAdd(x3, weight, r1);
				r2 = multiplyAdd(x4, weight, r2);
				r3 = multiplyAdd(v128.load(at + pixel5), weight, r3);
				at += line;
				tap += pixel3;
			}
		} else {
			for (let row = 0; row < rows; row++) {
				let own = at;
				const end = tap + tapLine;
				for (let beside = tap; beside < end; beside += pixel) {
					const weight = loadPartly(beside, lanes);
					r0 = multiplyAdd(loadPartly(own, lanes), weight, r0);
					r1 = multiplyAdd(loadPartly(own + apart, lanes), weight, r1);
					r2 = multiplyAdd(loadPartly(own + 2 * apart, lanes), weight, r2);
					r3 = multiplyAdd(loadPartly(own + 3 * apart, lanes), weight, r3);
					own += step;
				}
				at += line;
				tap += tapLine;
			}
		}
		storePartly(out, atLeast(r0, least), lanes);
		storePartly(out + pixel, atLeast(r1, least), lanes);
		storePartly(out + 2 * pixel, atLeast(r2, least), lanes);
		storePartly(out + 3 * pixel, atLeast(r3, least), lanes);
		out += 16;
		from += 16;
		taps += 16;
	}
}

/** The gradient of depthwise with respect to what was convolved. */
export function depthwiseInputGradient(dy: usize, filter: usize, dx: usize, batch: i32, geometry: usize): void {
	spread(FILTERED, dy, 0, 0, filter, dx, batch, changetype<Geometry>(geometry));
}

/**
 * The gradient of depthwise with respect to the filter: for each tap the sum of dy times what the tap saw, image by image.
 *
 * @param dfilter [filterHeight, filterWidth, channels]
 */
export function depthwiseFilterGradient(x: usize, dy: usize, dfilter: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	const channels = g.channels;
	const pixel = channels << 2;
	zero(dfilter, g.filterHeight * g.filterWidth * pixel);
	for (let image = 0; image < batch; image++) {
		for (let tapRow = 0; tapRow < g.filterHeight; tapRow++) {
			const top = tapRow * g.dilationDown - g.top;
			for (let tapColumn = 0; tapColumn < g.filterWidth; tapColumn++) {
				const left = tapColumn * g.dilationAcross - g.left;
				// Outputs whose window has this tap inside the image.
				const firstAcross = firstInside(left, g.strideAcross);
				const endAcross = endInside(left, g.strideAcross, g.outWidth, g.width);
				const tap = dfilter + (tapRow * g.filterWidth + tapColumn) * pixel;
				for (let channel = 0; channel < channels; channel += 4) {
					const lanes = min(4, channels - channel);
					const at = tap + (channel << 2);
					let sum = loadPartly(at, lanes);
					for (let down = 0; down < g.outHeight; down++) {
						const row = top + down * g.strideDown;
						if (row < 0 || row >= g.height) continue;
						let part = f32x4.splat(0);
						let from = x + (((row * g.width + left + firstAcross * g.strideAcross) * channels + channel) << 2);
						let gradient = dy + (((down * g.outWidth + firstAcross) * channels + channel) << 2);
						for (let across = firstAcross; across < endAcross; across++) {
							part = multiplyAdd(loadPartly(from, lanes), loadPartly(gradient, lanes), part);
							from += g.strideAcross * pixel;
							gradient += pixel;
						}
						sum = f32x4.add(sum, part);
					}
					storePartly(at, sum, lanes);
				}
			}
		}
		x += g.height * g.width * pixel;
		dy += g.outHeight * g.outWidth * pixel;
	}
}
