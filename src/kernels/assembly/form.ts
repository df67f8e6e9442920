/**
 * out = fround(w₀·a + w₁·b + w₂·c) for `count` values: in double, in this order, rounded once. That is how section.ts defines the
 * parameters at a point, and these are its bits.
 *
 * @param b 0 where there is no second vector; c 0 where there is no third
 */
export function formPoint(
	out: usize,
	a: usize,
	b: usize,
	c: usize,
	w0: f64,
	w1: f64,
	w2: f64,
	count: i32,
): void {
	const first = f64x2.splat(w0);
	const second = f64x2.splat(w1);
	const third = f64x2.splat(w2);
	const whole = (count & ~3) << 2;
	for (let at = 0; at < whole; at += 16) {
		const x = v128.load(a + at);
		let low = f64x2.mul(first, lowHalf(x));
		let high = f64x2.mul(first, highHalf(x));
		if (b !== 0) {
			const y = v128.load(b + at);
			low = f64x2.add(low, f64x2.mul(second, lowHalf(y)));
			high = f64x2.add(high, f64x2.mul(second, highHalf(y)));
		}
		if (c !== 0) {
			const z = v128.load(c + at);
			low = f64x2.add(low, f64x2.mul(third, lowHalf(z)));
			high = f64x2.add(high, f64x2.mul(third, highHalf(z)));
		}
		const halves = f32x4.demote_f64x2_zero(high);
		v128.store(out + at, v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), halves, 0, 1, 4, 5));
	}
	for (let at = whole; at < count << 2; at += 4) {
		let sum = w0 * <f64>load<f32>(a + at);
		if (b !== 0) sum += w1 * <f64>load<f32>(b + at);
		if (c !== 0) sum += w2 * <f64>load<f32>(c + at);
		store<f32>(out + at, <f32>sum);
	}
}

@inline
function lowHalf(x: v128): v128 {
	return f64x2.promote_low_f32x4(x);
}

@inline
function highHalf(x: v128): v128 {
	return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}
