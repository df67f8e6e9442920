import { loadPartly, zero } from "./pack";
import { addLanes, RUN, sumRows } from "./sum";
import { atLeast, multiplyAdd } from "./tile";
import { storePartly } from "./window";

/**
 * Batch normalisation of x [rows, channels] and its gradient. What is one value a channel (mean, variance, scale, shift)
 * lies as [channels].
 */

/**
 * out = (x - mean) · factor + shift, where factor = scale / √(variance + ε) is worked out once a channel. Not
 * x · factor + (shift - mean · factor): where the mean is large beside the deviation that would cancel.
 *
 * @param shift   or 0 for none; scale likewise
 * @param relu    whether negative results become zero
 * @param factors room for [channels] values
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
	factors: usize,
): void {
	const pixel = channels << 2;
	const least = f32x4.splat(relu ? 0 : -Infinity);
	for (let at = 0; at < pixel; at += 4) {
		const numerator: f32 = scale === 0 ? 1 : load<f32>(scale + at);
		store<f32>(factors + at, numerator / sqrt<f32>(load<f32>(variance + at) + epsilon));
	}
	const whole = pixel & ~15;
	const lanes = channels & 3;
	const none = f32x4.splat(0);
	for (let row = 0; row < rows; row++) {
		for (let at = 0; at < whole; at += 16) {
			const centred = f32x4.sub(v128.load(x + at), v128.load(mean + at));
			const added = shift === 0 ? none : v128.load(shift + at);
			v128.store(out + at, atLeast(multiplyAdd(centred, v128.load(factors + at), added), least));
		}
		if (lanes !== 0) {
			const centred = f32x4.sub(loadPartly(x + whole, lanes), loadPartly(mean + whole, lanes));
			const added = shift === 0 ? none : loadPartly(shift + whole, lanes);
			const result = multiplyAdd(centred, loadPartly(factors + whole, lanes), added);
			storePartly(out + whole, atLeast(result, least), lanes);
		}
		x += pixel;
		out += pixel;
	}
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
