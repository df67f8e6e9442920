import { logarithm } from "./elementary";
import { loadPartly } from "./pack";
import { multiplyAdd } from "./tile";
import { each, Exp } from "./unary";
import { RUN } from "./sum";
import { storePartly } from "./window";

/** What goes along an axis: sums, maxima, softmax, normalisation. Sums are taken in an order that depends on nothing but lengths. */

/** What a reduction starts with, what a value is put into a result by, and how results of parts become one; unary.ts says why classes. */
@unmanaged
class Sum {
	@inline
	start(): v128 {
		return f32x4.splat(0);
	}
	@inline
	take(result: v128, value: v128): v128 {
		return f32x4.add(result, value);
	}
	@inline
	join(a: v128, b: v128): v128 {
		return f32x4.add(a, b);
	}
}

@unmanaged
class SumOfSquares {
	@inline
	start(): v128 {
		return f32x4.splat(0);
	}
	@inline
	take(result: v128, value: v128): v128 {
		return multiplyAdd(value, value, result);
	}
	@inline
	join(a: v128, b: v128): v128 {
		return f32x4.add(a, b);
	}
}

@unmanaged
export class Greatest {
	@inline
	start(): v128 {
		return f32x4.splat(-Infinity);
	}
	@inline
	take(result: v128, value: v128): v128 {
		return f32x4.max(result, value);
	}
	@inline
	join(a: v128, b: v128): v128 {
		return f32x4.max(a, b);
	}
}

@unmanaged
class Least {
	@inline
	start(): v128 {
		return f32x4.splat(Infinity);
	}
	@inline
	take(result: v128, value: v128): v128 {
		return f32x4.min(result, value);
	}
	@inline
	join(a: v128, b: v128): v128 {
		return f32x4.min(a, b);
	}
}

@inline
function across<F>(v: v128): f32 {
	const f = changetype<F>(0);
	const pairs = f.join(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
	return f32x4.extract_lane(f.join(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Values summed up on their own before they join the total. */
const PART: i32 = RUN * 16;

/** Of `count` values one after the other: four runs of every fourth vector at a time. */
export function along<F>(x: usize, count: i32): f32 {
	const f = changetype<F>(0);
	let total = f.start();
	while (count > 0) {
		const some = min(count, PART);
		let r0 = f.start();
		let r1 = r0;
		let r2 = r0;
		let r3 = r0;
		let left = some;
		for (; left >= 16; left -= 16) {
			r0 = f.take(r0, v128.load(x));
			r1 = f.take(r1, v128.load(x, 16));
			r2 = f.take(r2, v128.load(x, 32));
			r3 = f.take(r3, v128.load(x, 48));
			x += 64;
		}
		for (; left >= 4; left -= 4) {
			r0 = f.take(r0, v128.load(x));
			x += 16;
		}
		if (left > 0) {
			// What is beyond the end counts as what changes nothing.
			const mask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
			r1 = f.take(r1, v128.bitselect(loadPartly(x, left), f.start(), mask));
			x += left << 2;
		}
		total = f.join(total, f.join(f.join(r0, r1), f.join(r2, r3)));
		count -= some;
	}
	return across<F>(total);
}

/** For each of `inner` columns, over rows of so many values. */
function down<F>(x: usize, out: usize, rows: i32, inner: i32, divisor: f32): void {
	const f = changetype<F>(0);
	const stride = inner << 2;
	for (let column = 0; column < inner; column += 4) {
		const lanes = min(4, inner - column);
		let at = x + (column << 2);
		let total = f.start();
		for (let first = 0; first < rows; first += RUN) {
			const last = min(first + RUN, rows);
			let result = f.start();
			for (let r = first; r < last; r++) {
				result = f.take(result, loadPartly(at, lanes));
				at += stride;
			}
			total = f.join(total, result);
		}
		storePartly(out + (column << 2), f32x4.div(total, f32x4.splat(divisor)), lanes);
	}
}

function reduceAll<F>(x: usize, out: usize, outer: i32, count: i32, inner: i32, divisor: f32): void {
	for (let i = 0; i < outer; i++) {
		if (inner === 1) store<f32>(out, along<F>(x, count) / divisor);
		else down<F>(x, out, count, inner, divisor);
		x += (count * inner) << 2;
		out += inner << 2;
	}
}

/**
 * out [outer, inner] = sums, means, maxima, minima, sums of squares or norms of x [outer, count, inner] along the middle axis.
 *
 * @param kind place in REDUCE_KINDS of kernels/instructions.ts
 */
export function reduce(kind: i32, x: usize, out: usize, outer: i32, count: i32, inner: i32): void {
	switch (kind) {
		case 0:
			return reduceAll<Sum>(x, out, outer, count, inner, 1);
		case 1:
			return reduceAll<Sum>(x, out, outer, count, inner, <f32>count);
		case 2:
			return reduceAll<Greatest>(x, out, outer, count, inner, 1);
		case 3:
			return reduceAll<Least>(x, out, outer, count, inner, 1);
		case 4:
			return reduceAll<SumOfSquares>(x, out, outer, count, inner, 1);
		case 5: {
			reduceAll<SumOfSquares>(x, out, outer, count, inner, 1);
			const end = out + ((outer * inner) << 2);
			for (; out < end; out += 4) store<f32>(out, sqrt<f32>(load<f32>(out)));
			return;
		}
		default:
			unreachable();
	}
}

/** Values of rows whose exponentials are taken in one go, so that those of short rows go side by side, too: 16 kB. */
const AT_ONCE: i32 = 4096;

@inline
function rowsAtOnce(count: i32): i32 {
	return max(1, AT_ONCE / max(1, count));
}

/** out = e^(x - the row's largest) for some rows; out may be x. */
function exponentials(x: usize, out: usize, rows: i32, count: i32): void {
	const first = out;
	for (let row = 0; row < rows; row++) {
		shift(x, out, count, f32x4.splat(along<Greatest>(x, count)));
		x += count << 2;
		out += count << 2;
	}
	each<Exp>(first, first, rows * count, f32x4.splat(0), f32x4.splat(0));
}

/** out = x - by for each value of a row. */
@inline
function shift(x: usize, out: usize, count: i32, by: v128): void {
	for (; count >= 4; count -= 4) {
		v128.store(out, f32x4.sub(v128.load(x), by));
		x += 16;
		out += 16;
	}
	if (count > 0) storePartly(out, f32x4.sub(loadPartly(x, count), by), count);
}

/** Divides each value of a row. */
@inline
function divide(x: usize, count: i32, by: v128): void {
	for (; count >= 4; count -= 4) {
		v128.store(x, f32x4.div(v128.load(x), by));
		x += 16;
	}
	if (count > 0) storePartly(x, f32x4.div(loadPartly(x, count), by), count);
}

/** Softmax of each row of x [rows, count]; out may be x. */
export function softmax(x: usize, out: usize, rows: i32, count: i32): void {
	const most = rowsAtOnce(count);
	for (; rows > 0; rows -= most) {
		const some = min(most, rows);
		exponentials(x, out, some, count);
		for (let row = 0; row < some; row++) {
			divide(out, count, f32x4.splat(along<Sum>(out, count)));
			x += count << 2;
			out += count << 2;
		}
	}
}

/** The logarithm of softmax, x - largest - ln Σ e^(x - largest); out must not be x. */
export function logSoftmax(x: usize, out: usize, rows: i32, count: i32): void {
	const most = rowsAtOnce(count);
	for (; rows > 0; rows -= most) {
		const some = min(most, rows);
		exponentials(x, out, some, count);
		for (let row = 0; row < some; row++) {
			const base = logarithm(f32x4.splat(along<Sum>(out, count)));
			shift(x, out, count, f32x4.splat(along<Greatest>(x, count)));
			shift(out, out, count, base);
			x += count << 2;
			out += count << 2;
		}
	}
}

/** (x - mean) / √(variance + ε) of each row of x [rows, count]; out may be x. */
export function standardize(x: usize, out: usize, rows: i32, count: i32, epsilon: f32): void {
	for (let row = 0; row < rows; row++) {
		shift(x, out, count, f32x4.splat(along<Sum>(x, count) / <f32>count));
		divide(out, count, f32x4.splat(sqrt<f32>(along<SumOfSquares>(out, count) / <f32>count + epsilon)));
		x += count << 2;
		out += count << 2;
	}
}
