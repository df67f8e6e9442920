import { Geometry } from "./image";
import { loadPartly, zero } from "./pack";
import { atLeast, multiplyAdd } from "./tile";

/**
 * What slides a window over each channel by itself: pooling, its gradient, depthwise convolution. Four channels at a
 * time; values outside the image are skipped.
 */

/** Stores the first `count` of four values. */
@inline
export function storePartly(to: usize, value: v128, count: i32): void {
	if (count >= 4) {
		v128.store(to, value);
		return;
	}
	v128.store32_lane(to, value, 0);
	if (count > 1) v128.store32_lane(to, value, 1, 4);
	if (count > 2) v128.store32_lane(to, value, 2, 8);
}

/** The first window row or column that lies inside: the least i with start + i · dilation ≥ 0. */
@inline
export function firstInside(start: i32, dilation: i32): i32 {
	return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** One past the last that lies inside a length. */
@inline
export function endInside(start: i32, dilation: i32, window: i32, length: i32): i32 {
	return start >= length ? 0 : min(window, (length - start + dilation - 1) / dilation);
}

/** Of the window that placeWindow was called for: how much of it lies inside the image, which is what all loops go over. */
export let rowsInside: i32 = 0;
export let columnsInside: i32 = 0;
/** Bytes from an image's first value to the first one inside, and from the filter's first tap to the one that falls on it. */
export let firstPixel: i32 = 0;
export let firstTap: i32 = 0;

@inline
export function placeWindow(g: Geometry, down: i32, across: i32): void {
	const top = down * g.strideDown - g.top;
	const left = across * g.strideAcross - g.left;
	const row = firstInside(top, g.dilationDown);
	const column = firstInside(left, g.dilationAcross);
	rowsInside = endInside(top, g.dilationDown, g.filterHeight, g.height) - row;
	columnsInside = endInside(left, g.dilationAcross, g.filterWidth, g.width) - column;
	firstPixel = (((top + row * g.dilationDown) * g.width + left + column * g.dilationAcross) * g.channels) << 2;
	firstTap = ((row * g.filterWidth + column) * g.channels) << 2;
}

/** What a window's values come to. */
export const MAXIMUM: i32 = 0;
export const MEAN: i32 = 1;
/** The sum of their products with a filter's taps. */
export const FILTERED: i32 = 2;

@inline
export function combine(kind: i32, result: v128, value: v128, tap: v128): v128 {
	if (kind === FILTERED) return multiplyAdd(value, tap, result);
	return kind === MEAN ? f32x4.add(result, value) : f32x4.max(result, value);
}

@inline
function finish(kind: i32, result: v128, divisor: v128, least: v128): v128 {
	if (kind === FILTERED) return atLeast(result, least);
	return kind === MEAN ? f32x4.div(result, divisor) : result;
}

/**
 * The template of pooling and depthwise convolution. `kind` is a constant where this is inlined, so that nothing
 * remains of the other kinds; filter, bias and relu are for FILTERED alone.
 */
@inline
export function slide(
	kind: i32,
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	g: Geometry,
	relu: bool,
): void {
	const pixel = g.channels << 2;
	for (let image = 0; image < batch; image++) {
		for (let down = 0; down < g.outHeight; down++) {
			slideRow(kind, x, filter, bias, out, g, relu, down, 0, g.outWidth);
			out += g.outWidth * pixel;
		}
		x += g.height * g.width * pixel;
	}
}

/** Windows `first` to `end` - 1 of a row of windows, of one image. */
@inline
export function slideRow(
	kind: i32,
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	g: Geometry,
	relu: bool,
	down: i32,
	first: i32,
	end: i32,
): void {
	const channels = g.channels;
	const pixel = channels << 2;
	const lineStride = g.dilationDown * g.width * pixel;
	const pixelStride = g.dilationAcross * pixel;
	const none = f32x4.splat(0);
	const least = f32x4.splat(relu ? 0 : -Infinity);
	const start = f32x4.splat(kind === MAXIMUM ? -Infinity : 0);
	const biased = kind === FILTERED && bias !== 0;
	for (let across = first; across < end; across++) {
		placeWindow(g, down, across);
		const rows = rowsInside;
		const columns = columnsInside;
		const divisor = f32x4.splat(<f32>(rows * columns));
		let from = x + firstPixel;
		let taps = filter + firstTap;
		let channel = 0;
		// Sixteen channels at a time: the loops over a small window cost more than what they do.
		for (; channel + 16 <= channels; channel += 16) {
			const biases = bias + (channel << 2);
			let r0 = biased ? v128.load(biases) : start;
			let r1 = biased ? v128.load(biases, 16) : start;
			let r2 = biased ? v128.load(biases, 32) : start;
			let r3 = biased ? v128.load(biases, 48) : start;
			let line = from;
			let tapLine = taps;
			for (let row = 0; row < rows; row++) {
				let at = line;
				let tap = tapLine;
				for (let column = 0; column < columns; column++) {
					r0 = combine(kind, r0, v128.load(at), kind === FILTERED ? v128.load(tap) : none);
					r1 = combine(kind, r1, v128.load(at, 16), kind === FILTERED ? v128.load(tap, 16) : none);
					r2 = combine(kind, r2, v128.load(at, 32), kind === FILTERED ? v128.load(tap, 32) : none);
					r3 = combine(kind, r3, v128.load(at, 48), kind === FILTERED ? v128.load(tap, 48) : none);
					at += pixelStride;
					tap += pixel;
				}
				line += lineStride;
				tapLine += g.filterWidth * pixel;
			}
			v128.store(out, finish(kind, r0, divisor, least));
			v128.store(out, finish(kind, r1, divisor, least), 16);
			v128.store(out, finish(kind, r2, divisor, least), 32);
			v128.store(out, finish(kind, r3, divisor, least), 48);
			out += 64;
			from += 64;
			taps += 64;
		}
		for (; channel < channels; channel += 4) {
			const lanes = min(4, channels - channel);
			let result = biased ? loadPartly(bias + (channel << 2), lanes) : start;
			let line = from;
			let tapLine = taps;
			for (let row = 0; row < rows; row++) {
				let at = line;
				let tap = tapLine;
				for (let column = 0; column < columns; column++) {
					const weights = kind === FILTERED ? loadPartly(tap, lanes) : none;
					result = combine(kind, result, loadPartly(at, lanes), weights);
					at += pixelStride;
					tap += pixel;
				}
				line += lineStride;
				tapLine += g.filterWidth * pixel;
			}
			storePartly(out, finish(kind, result, divisor, least), lanes);
			out += lanes << 2;
			from += 16;
			taps += 16;
		}
	}
}

/** The template of these gradients, as slide is that of pooling; x and pooled are for MAXIMUM alone, filter for FILTERED. */
@inline
export function spread(
	kind: i32,
	dy: usize,
	x: usize,
	pooled: usize,
	filter: usize,
	dx: usize,
	batch: i32,
	g: Geometry,
): void {
	const channels = g.channels;
	const pixel = channels << 2;
	const lineStride = g.dilationDown * g.width * pixel;
	const pixelStride = g.dilationAcross * pixel;
	// From a gradient to the value it belongs to.
	const toX = x - dx;
	zero(dx, batch * g.height * g.width * pixel);
	for (let image = 0; image < batch; image++) {
		for (let down = 0; down < g.outHeight; down++) {
			for (let across = 0; across < g.outWidth; across++) {
				placeWindow(g, down, across);
				const rows = rowsInside;
				const columns = columnsInside;
				const divisor = f32x4.splat(<f32>(rows * columns));
				let to = dx + firstPixel;
				let taps = filter + firstTap;
				for (let channel = 0; channel < channels; channel += 4) {
					const lanes = min(4, channels - channel);
					const greatest = kind === MAXIMUM ? loadPartly(pooled, lanes) : divisor;
					let rest = loadPartly(dy, lanes);
					if (kind === MEAN) rest = f32x4.div(rest, divisor);
					let line = to;
					let tapLine = taps;
					for (let row = 0; row < rows; row++) {
						let at = line;
						let tap = tapLine;
						for (let column = 0; column < columns; column++) {
							let part = rest;
							if (kind === FILTERED) part = f32x4.mul(rest, loadPartly(tap, lanes));
							if (kind === MAXIMUM) {
								const here = f32x4.eq(loadPartly(at + toX, lanes), greatest);
								part = v128.and(rest, here);
								rest = v128.andnot(rest, here);
							}
							storePartly(at, f32x4.add(loadPartly(at, lanes), part), lanes);
							at += pixelStride;
							tap += pixel;
						}
						line += lineStride;
						tapLine += g.filterWidth * pixel;
					}
					pooled += lanes << 2;
					dy += lanes << 2;
					to += 16;
					taps += 16;
				}
			}
		}
		dx += g.height * g.width * pixel;
	}
}
