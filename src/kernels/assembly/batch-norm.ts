import { loadPartly } from "./pack";
import { multiplyAdd } from "./tile";
import { storePartly } from "./window";

/**
 * out = (x - mean) · factor + shift for each channel, where factor = scale / √(variance + ε) is worked out once a channel.
 * Not x · factor + (shift - mean · factor): where the mean is large beside the deviation that would cancel.
 *
 * @param x       [rows, channels]; out as x
 * @param shift   [channels], or 0 for none; scale likewise
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
	factors: usize,
): void {
	const pixel = channels << 2;
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
			v128.store(out + at, multiplyAdd(centred, v128.load(factors + at), added));
		}
		if (lanes !== 0) {
			const centred = f32x4.sub(loadPartly(x + whole, lanes), loadPartly(mean + whole, lanes));
			const added = shift === 0 ? none : loadPartly(shift + whole, lanes);
			storePartly(out + whole, multiplyAdd(centred, loadPartly(factors + whole, lanes), added), lanes);
		}
		x += pixel;
		out += pixel;
	}
}
