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
function firstInside(start: i32, dilation: i32): i32 {
	return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** One past the last that lies inside a length. */
@inline
function endInside(start: i32, dilation: i32, window: i32, length: i32): i32 {
	return start >= length ? 0 : min(window, (length - start + dilation - 1) / dilation);
}

/** Of the window that placeWindow was called for: how much of it lies inside the image, which is what all loops go over. */
let rowsInside: i32 = 0;
let columnsInside: i32 = 0;
/** Bytes from an image's first value to the first one inside, and from the filter's first tap to the one that falls on it. */
let firstPixel: i32 = 0;
let firstTap: i32 = 0;

@inline
function placeWindow(g: Geometry, down: i32, across: i32): void {
	const top = down * g.strideDown - g.top;
	const left = across * g.strideAcross - g.left;
	const row = firstInside(top, g.dilationDown);
	const column = firstInside(left, g.dilationAcross);
	rowsInside = endInside(top, g.dilationDown, g.filterHeight, g.height) - row;
	columnsInside = endInside(left, g.dilationAcross, g.filterWidth, g.width) - column;
	firstPixel = (((top + row * g.dilationDown) * g.width + left + column * g.dilationAcross) * g.channels) << 2;
	firstTap = ((row * g.filterWidth + column) * g.channels) << 2;
}

/**
 * The maximum of each window; NaN where it holds one.
 *
 * @param x   [batch, height, width, channels]
 * @param out [batch, outHeight, outWidth, channels]
 */
export function maxPool(x: usize, out: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	if (isQuartering(g)) poolQuarters(x, out, batch, g, MAXIMUM);
	else slide(MAXIMUM, x, 0, 0, out, batch, g, false);
}

/**
 * What each window of another tensor holds where x has its first greatest value: the derivative of maxPool along that tensor.
 *
 * @param tangent as x
 */
export function maxPoolTangent(x: usize, tangent: usize, out: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	const channels = g.channels;
	const pixel = channels << 2;
	const toTangent = tangent - x;
	for (let image = 0; image < batch; image++) {
		for (let down = 0; down < g.outHeight; down++) {
			for (let across = 0; across < g.outWidth; across++) {
				placeWindow(g, down, across);
				for (let channel = 0; channel < channels; channel += 4) {
					const lanes = min(4, channels - channel);
					let line = x + firstPixel + (channel << 2);
					let greatest = f32x4.splat(-Infinity);
					let result = f32x4.splat(0);
					for (let row = 0; row < rowsInside; row++) {
						let at = line;
						for (let column = 0; column < columnsInside; column++) {
							const value = loadPartly(at, lanes);
							const isGreater = f32x4.gt(value, greatest);
							greatest = v128.bitselect(value, greatest, isGreater);
							result = v128.bitselect(loadPartly(at + toTangent, lanes), result, isGreater);
							at += g.dilationAcross * pixel;
						}
						line += g.dilationDown * g.width * pixel;
					}
					storePartly(out, result, lanes);
					out += lanes << 2;
				}
			}
		}
		x += g.height * g.width * pixel;
	}
}

/** Whether windows are the usual ones, 2×2 side by side and all inside, with whole vectors of channels. */
function isQuartering(g: Geometry): bool {
	if (g.filterHeight !== 2 || g.filterWidth !== 2 || g.strideDown !== 2 || g.strideAcross !== 2) return false;
	if (g.dilationDown !== 1 || g.dilationAcross !== 1 || g.top !== 0 || g.left !== 0 || (g.channels & 3) !== 0) return false;
	return 2 * g.outHeight <= g.height && 2 * g.outWidth <= g.width;
}

/**
 * The greatest of four as f32x4.max has it, NaN where one is and 0 before -0, in fewer instructions than that takes three times. Where
 * the greatest is a zero, what all four have in common is its sign: those below it have the sign bit, too.
 */
@inline
function greatestOf(a: v128, b: v128, c: v128, d: v128): v128 {
	const isNaN = v128.or(v128.or(f32x4.ne(a, a), f32x4.ne(b, b)), v128.or(f32x4.ne(c, c), f32x4.ne(d, d)));
	const most = f32x4.pmax(f32x4.pmax(f32x4.pmax(a, b), c), d);
	const common = v128.and(v128.and(a, b), v128.and(c, d));
	return v128.or(isNaN, v128.bitselect(common, most, f32x4.eq(most, f32x4.splat(0))));
}

/** Apart from slide, for its loops over so small a window would take 30 % longer (Node 20 and 24 on Zen 5). */
@inline
function poolQuarters(x: usize, out: usize, batch: i32, g: Geometry, kind: i32): void {
	const quarter = f32x4.splat(0.25);
	const pixel = g.channels << 2;
	const line = g.width * pixel;
	for (let row = 0; row < batch * g.outHeight; row++) {
		let from = x + ((row / g.outHeight) * g.height + 2 * (row % g.outHeight)) * line;
		for (let column = 0; column < g.outWidth; column++) {
			const end = from + pixel;
			for (; from < end; from += 16) {
				const a = v128.load(from);
				const b = v128.load(from + pixel);
				const c = v128.load(from + line);
				const d = v128.load(from + line + pixel);
				const result = kind === MEAN ? f32x4.add(f32x4.add(f32x4.add(a, b), c), d) : greatestOf(a, b, c, d);
				v128.store(out, kind === MEAN ? f32x4.mul(result, quarter) : result);
				out += 16;
			}
			from += pixel;
		}
	}
}

/** The mean of each window's values inside the image. */
export function averagePool(x: usize, out: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	if (isQuartering(g)) poolQuarters(x, out, batch, g, MEAN);
	else slide(MEAN, x, 0, 0, out, batch, g, false);
}

/**
 * Convolves each channel with a filter of its own.
 *
 * @param filter [filterHeight, filterWidth, channels]
 * @param bias   [channels], or 0 for none
 */
export function depthwise(
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	relu: bool,
	geometry: usize,
): void {
	const g = changetype<Geometry>(geometry);
	const pixel = g.channels << 2;
	const line = g.outWidth * pixel;
	const first = min(g.outWidth, firstWhole(g));
	// Windows that reach over an edge of the image are few, and go one by one.
	const end = first + ((max(first, min(g.outWidth, endWhole(g))) - first) & ~3);
	for (let image = 0; image < batch; image++) {
		for (let down = 0; down < g.outHeight; down++) {
			slideRow(FILTERED, x, filter, bias, out, g, relu, down, 0, first);
			for (let across = first; across < end; across += 4) {
				filterFour(x, filter, bias, out + across * pixel, g, relu, down, across);
			}
			slideRow(FILTERED, x, filter, bias, out + end * pixel, g, relu, down, end, g.outWidth);
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

/** What a window's values come to. */
const MAXIMUM: i32 = 0;
const MEAN: i32 = 1;
/** The sum of their products with a filter's taps. */
const FILTERED: i32 = 2;

@inline
function combine(kind: i32, result: v128, value: v128, tap: v128): v128 {
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
function slide(
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
function slideRow(
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

/**
 * The gradient of averagePool: each window's dy, cut into equal parts for its values inside the image; windows may overlap.
 *
 * @param dy [batch, outHeight, outWidth, channels]
 * @param dx as what was pooled
 */
export function averagePoolGradient(dy: usize, dx: usize, batch: i32, geometry: usize): void {
	spread(MEAN, dy, 0, 0, 0, dx, batch, changetype<Geometry>(geometry));
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

/**
 * The gradient of maxPool: each window's dy goes to its first greatest value; windows may overlap.
 *
 * @param dy     [batch, outHeight, outWidth, channels]
 * @param x      what was pooled
 * @param pooled what came out
 * @param dx     as x
 */
export function maxPoolGradient(dy: usize, x: usize, pooled: usize, dx: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	if (isQuartering(g)) {
		if (((g.height | g.width) & 1) !== 0) zero(dx, (batch * g.height * g.width * g.channels) << 2);
		maxPoolGradientQuarters(dy, x, pooled, dx, batch, g);
	} else {
		spread(MAXIMUM, dy, x, pooled, 0, dx, batch, g);
	}
}

/** The template of these gradients, as slide is that of pooling; x and pooled are for MAXIMUM alone, filter for FILTERED. */
@inline
function spread(
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

/**
 * Apart from spread, which would take more than twice as long: here each value is written once and never read back. The
 * four stand one by one, for what is left of dy goes from one to the next in a register.
 */
function maxPoolGradientQuarters(dy: usize, x: usize, pooled: usize, dx: usize, batch: i32, g: Geometry): void {
	const pixel = g.channels << 2;
	const line = g.width * pixel;
	for (let row = 0; row < batch * g.outHeight; row++) {
		let at = ((row / g.outHeight) * g.height + 2 * (row % g.outHeight)) * line;
		for (let column = 0; column < g.outWidth; column++) {
			const end = at + pixel;
			for (; at < end; at += 16) {
				const greatest = v128.load(pooled);
				let rest = v128.load(dy);
				let here = f32x4.eq(v128.load(x + at), greatest);
				v128.store(dx + at, v128.and(rest, here));
				rest = v128.andnot(rest, here);
				here = f32x4.eq(v128.load(x + at + pixel), greatest);
				v128.store(dx + at + pixel, v128.and(rest, here));
				rest = v128.andnot(rest, here);
				here = f32x4.eq(v128.load(x + at + line), greatest);
				v128.store(dx + at + line, v128.and(rest, here));
				rest = v128.andnot(rest, here);
				here = f32x4.eq(v128.load(x + at + line + pixel), greatest);
				v128.store(dx + at + line + pixel, v128.and(rest, here));
				pooled += 16;
				dy += 16;
			}
			at += pixel;
		}
	}
}
