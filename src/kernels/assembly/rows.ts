import { exponential, logarithm } from "./elementary";
import { loadPartly } from "./pack";
import { atLeast, multiplyAdd } from "./tile";
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

/** The greatest where NaN may be lost, in one instruction: what is summed up afterwards still has it. */
@unmanaged
class Peak {
	@inline
	start(): v128 {
		return f32x4.splat(-Infinity);
	}
	@inline
	take(result: v128, value: v128): v128 {
		return atLeast(result, value);
	}
	@inline
	join(a: v128, b: v128): v128 {
		return atLeast(a, b);
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

/** The four lanes' result, in each of them. */
@inline
function across<F>(v: v128): v128 {
	const f = changetype<F>(0);
	const pairs = f.join(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
	return f.join(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
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
	return f32x4.extract_lane(across<F>(total), 0);
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
		shift(x, out, count, f32x4.splat(along<Peak>(x, count)));
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

/** Each value of a row divided, then times a factor and plus a term of its column; factors and terms 0 for none. */
@inline
function divide(x: usize, count: i32, by: v128, factors: usize, terms: usize): void {
	for (; count >= 4; count -= 4) {
		let value = f32x4.div(v128.load(x), by);
		if (factors !== 0) {
			value = f32x4.mul(value, v128.load(factors));
			factors += 16;
		}
		if (terms !== 0) {
			value = f32x4.add(value, v128.load(terms));
			terms += 16;
		}
		v128.store(x, value);
		x += 16;
	}
	if (count > 0) {
		let value = f32x4.div(loadPartly(x, count), by);
		if (factors !== 0) value = f32x4.mul(value, loadPartly(factors, count));
		if (terms !== 0) value = f32x4.add(value, loadPartly(terms, count));
		storePartly(x, value, count);
	}
}

/** How many vectors a short row takes. */
@unmanaged
class One {
	@inline
	vectors(): i32 {
		return 1;
	}
}

@unmanaged
class Two {
	@inline
	vectors(): i32 {
		return 2;
	}
}

@unmanaged
class Three {
	@inline
	vectors(): i32 {
		return 3;
	}
}

@unmanaged
class Four {
	@inline
	vectors(): i32 {
		return 4;
	}
}

/** Softmax of rows of up to 16 values, which stay in registers: the bits of the other, whose sums are in this order. */
function softmaxOfFew<N>(x: usize, out: usize, rows: i32, count: i32): void {
	const n = changetype<N>(0).vectors();
	const before = (n - 1) << 4;
	const rest = count - ((n - 1) << 2);
	const inside = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));
	const stride = count << 2;
	for (; rows > 0; rows--) {
		let last = loadPartly(x + before, rest);
		let largest = v128.bitselect(last, f32x4.splat(-Infinity), inside);
		let first = last;
		let second = last;
		let third = last;
		if (n > 1) {
			first = v128.load(x);
			largest = atLeast(largest, first);
		}
		if (n > 2) {
			second = v128.load(x, 16);
			largest = atLeast(largest, second);
		}
		if (n > 3) {
			third = v128.load(x, 32);
			largest = atLeast(largest, third);
		}
		largest = across<Peak>(largest);
		last = exponential(f32x4.sub(last, largest));
		let sum = v128.and(last, inside);
		if (n > 1) {
			first = exponential(f32x4.sub(first, largest));
			let others = first;
			if (n > 2) {
				second = exponential(f32x4.sub(second, largest));
				others = f32x4.add(first, second);
			}
			if (n > 3) {
				third = exponential(f32x4.sub(third, largest));
				if (count === 16) sum = f32x4.add(third, sum);
				else others = f32x4.add(others, third);
			}
			sum = f32x4.add(others, sum);
		}
		sum = across<Sum>(sum);
		if (n > 1) v128.store(out, f32x4.div(first, sum));
		if (n > 2) v128.store(out, f32x4.div(second, sum), 16);
		if (n > 3) v128.store(out, f32x4.div(third, sum), 32);
		storePartly(out + before, f32x4.div(last, sum), rest);
		x += stride;
		out += stride;
	}
}

/** Softmax of each row of x [rows, count]; out may be x. */
export function softmax(x: usize, out: usize, rows: i32, count: i32): void {
	switch ((count + 3) >> 2) {
		case 1:
			return softmaxOfFew<One>(x, out, rows, count);
		case 2:
			return softmaxOfFew<Two>(x, out, rows, count);
		case 3:
			return softmaxOfFew<Three>(x, out, rows, count);
		case 4:
			return softmaxOfFew<Four>(x, out, rows, count);
		default:
			return softmaxOfMany(x, out, rows, count);
	}
}

function softmaxOfMany(x: usize, out: usize, rows: i32, count: i32): void {
	const most = rowsAtOnce(count);
	for (; rows > 0; rows -= most) {
		const some = min(most, rows);
		exponentials(x, out, some, count);
		for (let row = 0; row < some; row++) {
			divide(out, count, f32x4.splat(along<Sum>(out, count)), 0, 0);
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
			shift(x, out, count, f32x4.splat(along<Peak>(x, count)));
			shift(out, out, count, base);
			x += count << 2;
			out += count << 2;
		}
	}
}

/**
 * (x - mean) / √(variance + ε) of each row of x [rows, count], then · factors + terms; out may be x.
 *
 * @param factors [count], or 0 for none; terms likewise
 */
export function standardize(
	x: usize,
	out: usize,
	rows: i32,
	count: i32,
	epsilon: f32,
	factors: usize,
	terms: usize,
): void {
	const bytes = count << 2;
	const most = rowsAtOnce(count);
	// In two goes: what a row waits for is short enough for the next rows to go on beside it.
	for (; rows > 0; rows -= most) {
		const some = min(most, rows);
		let row = out;
		for (const end = out + some * bytes; row < end; row += bytes) {
			shift(x, row, count, f32x4.splat(along<Sum>(x, count) / <f32>count));
			x += bytes;
		}
		for (const end = row; out < end; out += bytes) {
			const variance = along<SumOfSquares>(out, count) / <f32>count;
			divide(out, count, f32x4.splat(sqrt<f32>(variance + epsilon)), factors, terms);
		}
	}
}
