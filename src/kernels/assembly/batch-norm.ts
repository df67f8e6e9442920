import { loadPartly, zero } from "./pack";
import { addLanes, RUN, sumRows } from "./sum";
import { atLeast, multiplyAdd, roundUp, TILE_COLUMNS } from "./tile";
import { storePartly } from "./window";

/**
 * Batch normalisation of x [rows, channels] and its gradient. What is one value a channel (mean, variance, scale, shift)
 * lies as [channels].
 */

/**
 * What each channel is normalised by, as kernels take it that do so as they write: [mean][factor][shift][most], each of normParts
 * bytes.
 *
 * @param to    normBytes
 * @param shift or 0 for none; scale likewise
 * @param most  what results are at most, such as 6 or Infinity
 */
export function prepareNorm(
	to: usize,
	mean: usize,
	variance: usize,
	shift: usize,
	scale: usize,
	epsilon: f32,
	most: f32,
	channels: i32,
): void {
	const part = normParts(channels);
	zero(to, normBytes(channels));
	for (let at = 0; at < channels << 2; at += 4) {
		const numerator: f32 = scale === 0 ? 1 : load<f32>(scale + at);
		store<f32>(to + at, load<f32>(mean + at));
		store<f32>(to + part + at, numerator / sqrt<f32>(load<f32>(variance + at) + epsilon));
		if (shift !== 0) store<f32>(to + 2 * part + at, load<f32>(shift + at));
		store<f32>(to + 3 * part + at, most);
	}
}

/** Bytes from one part of what prepareNorm writes to the next: whole panels of channels. */
@inline
export function normParts(channels: i32): i32 {
	return roundUp(channels, TILE_COLUMNS) << 2;
}

/** Bytes that prepareNorm writes. */
export function normBytes(channels: i32): i32 {
	return 4 * normParts(channels);
}

/**
 * (x - mean) · factor + shift of four channels, at least and at most what is said. Not x · factor + (shift - mean · factor):
 * where the mean is large beside the deviation that would cancel.
 */
@inline
function normalized(x: v128, mean: v128, factor: v128, shift: v128, most: v128, least: v128): v128 {
	return f32x4.pmin(atLeast(multiplyAdd(f32x4.sub(x, mean), factor, shift), least), most);
}

/**
 * The same by what lies in memory.
 *
 * @param norm what prepareNorm has written for the first of the channels
 * @param part normParts
 */
@inline
export function normalizedBy(x: v128, norm: usize, part: i32, least: v128): v128 {
	const mean = v128.load(norm);
	return normalized(x, mean, v128.load(norm + part), v128.load(norm + 2 * part), v128.load(norm + 3 * part), least);
}

/**
 * Rows that four channels at a time are gone through, whose other channels are still in the first-level cache then; where a row
 * is long, they would drive each other out.
 */
const ROWS: i32 = 16;
const LONG_ROWS: i32 = 8;
const LONG: i32 = 256;

/**
 * Normalises rows of channels, some or all of those that prepareNorm has written for; out may be x.
 *
 * @param norm of the first channel
 * @param part normParts of all channels
 */
export function normalizeRows(
	x: usize,
	out: usize,
	stride: i32,
	rows: i32,
	channels: i32,
	norm: usize,
	part: i32,
	relu: bool,
): void {
	const least = f32x4.splat(relu ? 0 : -Infinity);
	const most = channels > LONG ? LONG_ROWS : ROWS;
	for (let first = 0; first < rows; first += most) {
		const count = min(most, rows - first);
		for (let channel = 0; channel < channels; channel += 4) {
			const at = channel << 2;
			const lanes = min(4, channels - channel);
			const mean = v128.load(norm + at);
			const factor = v128.load(norm + at + part);
			const shift = v128.load(norm + at + 2 * part);
			const most = v128.load(norm + at + 3 * part);
			let from = x + at;
			let to = out + at;
			if (lanes === 4) {
				for (let row = 0; row < count; row++) {
					v128.store(to, normalized(v128.load(from), mean, factor, shift, most, least));
					from += stride;
					to += stride;
				}
				continue;
			}
			for (let row = 0; row < count; row++) {
				storePartly(to, normalized(loadPartly(from, lanes), mean, factor, shift, most, least), lanes);
				from += stride;
				to += stride;
			}
		}
		x += count * stride;
		out += count * stride;
	}
}

/**
 * out = (x - mean) · factor + shift, where factor = scale / √(variance + ε) is worked out once a channel.
 *
 * @param shift or 0 for none; scale likewise
 * @param relu  whether negative results become zero
 * @param norm  room for normBytes
 */
export function batchNorm(
	x: usize,
	mean: usize,
	variance: usize,
	shift: usize,
	scale: usize,
	epsilon: f32,
	out: usize,
	rows: i32,
	channels: i32,
	relu: bool,
	norm: usize,
): void {
	prepareNorm(norm, mean, variance, shift, scale, epsilon, Infinity, channels);
	normalizeRows(x, out, channels << 2, rows, channels, norm, normParts(channels), relu);
}

/** The mean of each channel and, from a second pass over x, the mean of its squared distances from that. */
export function batchStatistics(x: usize, mean: usize, variance: usize, rows: i32, channels: i32): void {
	sumRows(x, mean, rows, channels);
	divide(mean, channels, <f32>rows);
	sumCentredProducts(x, x, mean, variance, rows, channels, true);
	divide(variance, channels, <f32>rows);
}

function divide(values: usize, count: i32, divisor: f32): void {
	for (let at = values; at < values + (count << 2); at += 4) store<f32>(at, load<f32>(at) / divisor);
}

/**
 * With x̂ = (x - mean) / √(variance + ε), mean and variance those of x itself:
 * dShift = Σ dy, dScale = Σ dy · x̂, dx = scale / √(variance + ε) · (dy - dShift / rows - x̂ · dScale / rows).
 *
 * @param dx    as x
 * @param slope room for [3, channels] values
 */
export function batchNormGradient(
	dy: usize,
	x: usize,
	mean: usize,
	variance: usize,
	scale: usize,
	epsilon: f32,
	dx: usize,
	dScale: usize,
	dShift: usize,
	rows: i32,
	channels: i32,
	slope: usize,
): void {
	const stride = channels << 2;
	sumRows(dy, dShift, rows, channels);
	sumCentredProducts(dy, x, mean, dScale, rows, channels, false);
	const bend = slope + stride;
	const level = bend + stride;
	for (let at = 0; at < stride; at += 4) {
		const deviation = sqrt<f32>(load<f32>(variance + at) + epsilon);
		store<f32>(dScale + at, load<f32>(dScale + at) / deviation);
		const factor = load<f32>(scale + at) / deviation;
		store<f32>(level + at, load<f32>(dShift + at) / <f32>rows);
		store<f32>(slope + at, factor);
		store<f32>(bend + at, (-factor * load<f32>(dScale + at)) / (deviation * <f32>rows));
	}
	for (let row = 0; row < rows; row++) {
		for (let at = 0; at < stride; at += 16) {
			const lanes = min(4, (stride - at) >> 2);
			const rest = f32x4.sub(loadPartly(dy + at, lanes), loadPartly(level + at, lanes));
			const centred = f32x4.sub(loadPartly(x + at, lanes), loadPartly(mean + at, lanes));
			const straight = f32x4.mul(rest, loadPartly(slope + at, lanes));
			storePartly(dx + at, multiplyAdd(centred, loadPartly(bend + at, lanes), straight), lanes);
		}
		dy += stride;
		x += stride;
		dx += stride;
	}
}

/** out = Σ y · (x - mean) over the rows, or Σ (y - mean) · (x - mean) where both are centred. */
@inline
function sumCentredProducts(
	y: usize,
	x: usize,
	mean: usize,
	out: usize,
	rows: i32,
	channels: i32,
	both: bool,
): void {
	const stride = channels << 2;
	zero(out, stride);
	for (let first = 0; first < rows; first += RUN) {
		const count = min(RUN, rows - first);
		for (let at = 0; at < stride; at += 16) {
			const lanes = min(4, (stride - at) >> 2);
			const center = loadPartly(mean + at, lanes);
			let ofX = x + at;
			let ofY = y + at;
			let sum = f32x4.splat(0);
			for (let row = 0; row < count; row++) {
				const value = loadPartly(ofY, lanes);
				const centred = f32x4.sub(loadPartly(ofX, lanes), center);
				sum = multiplyAdd(both ? f32x4.sub(value, center) : value, centred, sum);
				ofX += stride;
				ofY += stride;
			}
			addLanes(out + at, sum, lanes);
		}
		x += count * stride;
		y += count * stride;
	}
}
