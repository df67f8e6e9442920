import { exponential, logarithm } from "./elementary";
import { loadPartly } from "./pack";
import { multiplyAdd } from "./tile";
import { RUN } from "./sum";
import { storePartly } from "./window";

/** What goes along an axis: sums, maxima, softmax, normalisation. Sums are taken in an order that depends on nothing but lengths. */

const SUM: i32 = 0;
const MEAN: i32 = 1;
const MAX: i32 = 2;
const MIN: i32 = 3;
const SUM_OF_SQUARES: i32 = 4;
const NORM: i32 = 5;

@inline
function start(kind: i32): v128 {
	if (kind === MAX) return f32x4.splat(-Infinity);
	return kind === MIN ? f32x4.splat(Infinity) : f32x4.splat(0);
}

/** The value of a term is put into a result; lanes beyond the first `lanes` are left as they are. */
@inline
function take(kind: i32, result: v128, value: v128): v128 {
	if (kind === MAX) return f32x4.max(result, value);
	if (kind === MIN) return f32x4.min(result, value);
	return kind === SUM_OF_SQUARES ? multiplyAdd(value, value, result) : f32x4.add(result, value);
}

/** Two results of parts become one. */
@inline
function join(kind: i32, a: v128, b: v128): v128 {
	if (kind === MAX) return f32x4.max(a, b);
	return kind === MIN ? f32x4.min(a, b) : f32x4.add(a, b);
}

@inline
function across(kind: i32, v: v128): f32 {
	const pairs = join(kind, v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
	return f32x4.extract_lane(join(kind, pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Values summed up on their own before they join the total. */
const PART: i32 = RUN * 16;

/** Of `count` values one after the other: four runs of every fourth vector at a time. */
@inline
function along(kind: i32, x: usize, count: i32): f32 {
	let total = start(kind);
	while (count > 0) {
		const some = min(count, PART);
		let r0 = start(kind);
		let r1 = r0;
		let r2 = r0;
		let r3 = r0;
		let left = some;
		for (; left >= 16; left -= 16) {
			r0 = take(kind, r0, v128.load(x));
			r1 = take(kind, r1, v128.load(x, 16));
			r2 = take(kind, r2, v128.load(x, 32));
			r3 = take(kind, r3, v128.load(x, 48));
			x += 64;
		}
		for (; left >= 4; left -= 4) {
			r0 = take(kind, r0, v128.load(x));
			x += 16;
		}
		if (left > 0) {
			// What is beyond the end counts as what changes nothing.
			const mask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
			r1 = take(kind, r1, v128.bitselect(loadPartly(x, left), start(kind), mask));
			x += left << 2;
		}
		total = join(kind, total, join(kind, join(kind, r0, r1), join(kind, r2, r3)));
		count -= some;
	}
	return across(kind, total);
}

/** For each of `inner` columns, over rows of so many values. */
@inline
function down(kind: i32, x: usize, out: usize, rows: i32, inner: i32, divisor: f32): void {
	const stride = inner << 2;
	for (let column = 0; column < inner; column += 4) {
		const lanes = min(4, inner - column);
		let at = x + (column << 2);
		let total = start(kind);
		for (let first = 0; first < rows; first += RUN) {
			const last = min(first + RUN, rows);
			let result = start(kind);
			for (let r = first; r < last; r++) {
				result = take(kind, result, loadPartly(at, lanes));
				at += stride;
			}
			total = join(kind, total, result);
		}
		storePartly(out + (column << 2), f32x4.div(total, f32x4.splat(divisor)), lanes);
	}
}

/**
 * out [outer, inner] = sums, means, maxima, minima, sums of squares or norms of x [outer, count, inner] along the middle axis.
 */
export function reduce(kind: i32, x: usize, out: usize, outer: i32, count: i32, inner: i32): void {
	const divisor: f32 = kind === MEAN ? <f32>count : 1;
	const first = out;
	for (let i = 0; i < outer; i++) {
		if (inner === 1) {
			let result: f32;
			if (kind === MAX) result = along(MAX, x, count);
			else if (kind === MIN) result = along(MIN, x, count);
			else if (kind >= SUM_OF_SQUARES) result = along(SUM_OF_SQUARES, x, count);
			else result = along(SUM, x, count) / divisor;
			store<f32>(out, result);
		} else if (kind === MAX) down(MAX, x, out, count, inner, 1);
		else if (kind === MIN) down(MIN, x, out, count, inner, 1);
		else if (kind >= SUM_OF_SQUARES) down(SUM_OF_SQUARES, x, out, count, inner, 1);
		else down(SUM, x, out, count, inner, divisor);
		x += (count * inner) << 2;
		out += inner << 2;
	}
	if (kind !== NORM) return;
	for (let at = first; at < out; at += 4) store<f32>(at, sqrt<f32>(load<f32>(at)));
}

/** Softmax of each row of x [rows, count]; out may be x. */
export function softmax(x: usize, out: usize, rows: i32, count: i32): void {
	for (let row = 0; row < rows; row++) {
		exponentials(x, out, count, f32x4.splat(along(MAX, x, count)));
		const sum = f32x4.splat(along(SUM, out, count));
		for (let i = 0; i < count; i += 4) {
			const lanes = min(4, count - i);
			const at = out + (i << 2);
			storePartly(at, f32x4.div(loadPartly(at, lanes), sum), lanes);
		}
		x += count << 2;
		out += count << 2;
	}
}

@inline
function exponentials(x: usize, out: usize, count: i32, largest: v128): void {
	const fours = (count & ~15) << 2;
	let at = 0;
	for (; at < fours; at += 64) {
		v128.store(out + at, exponential(f32x4.sub(v128.load(x + at), largest)));
		v128.store(out + at, exponential(f32x4.sub(v128.load(x + at, 16), largest)), 16);
		v128.store(out + at, exponential(f32x4.sub(v128.load(x + at, 32), largest)), 32);
		v128.store(out + at, exponential(f32x4.sub(v128.load(x + at, 48), largest)), 48);
	}
	for (let i = count & ~15; i < count; i += 4) {
		const lanes = min(4, count - i);
		const centred = f32x4.sub(loadPartly(x + (i << 2), lanes), largest);
		storePartly(out + (i << 2), exponential(centred), lanes);
	}
}

/** The logarithm of softmax, x - largest - ln Σ e^(x - largest); out must not be x. */
export function logSoftmax(x: usize, out: usize, rows: i32, count: i32): void {
	for (let row = 0; row < rows; row++) {
		const largest = f32x4.splat(along(MAX, x, count));
		exponentials(x, out, count, largest);
		const base = logarithm(f32x4.splat(along(SUM, out, count)));
		for (let i = 0; i < count; i += 4) {
			const lanes = min(4, count - i);
			const centred = f32x4.sub(loadPartly(x + (i << 2), lanes), largest);
			storePartly(out + (i << 2), f32x4.sub(centred, base), lanes);
		}
		x += count << 2;
		out += count << 2;
	}
}

/** (x - mean) / √(variance + ε) of each row of x [rows, count]; out may be x. */
export function standardize(x: usize, out: usize, rows: i32, count: i32, epsilon: f32): void {
	for (let row = 0; row < rows; row++) {
		const mean = f32x4.splat(along(SUM, x, count) / <f32>count);
		for (let i = 0; i < count; i += 4) {
			const lanes = min(4, count - i);
			storePartly(out + (i << 2), f32x4.sub(loadPartly(x + (i << 2), lanes), mean), lanes);
		}
		const deviation = f32x4.splat(sqrt<f32>(along(SUM_OF_SQUARES, out, count) / <f32>count + epsilon));
		for (let i = 0; i < count; i += 4) {
			const lanes = min(4, count - i);
			const at = out + (i << 2);
			storePartly(at, f32x4.div(loadPartly(at, lanes), deviation), lanes);
		}
		x += count << 2;
		out += count << 2;
	}
}
