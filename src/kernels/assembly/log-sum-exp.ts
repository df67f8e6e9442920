import { exponentials, logarithms } from "./double";
import { loadStrided } from "./pack";
import { along, Greatest } from "./rows";

/** Columns up to which four rows go side by side: of few columns a row has too little that could go on at once. */
const SHORT: i32 = 64;

/**
 * out [rows] = ln Σ e^x of each row of x [rows, columns], float64: the largest value of a row taken out, and the others' powers
 * added up in their order, as objective/losses/softmax-cross-entropy.ts has it.
 */
export function logSumExp(x: usize, out: usize, rows: i32, columns: i32): void {
	const bytes = columns << 2;
	if (columns <= SHORT) {
		for (; rows >= 4; rows -= 4) {
			ofFour(x, out, columns);
			x += bytes << 2;
			out += 32;
		}
	}
	for (; rows > 0; rows--) {
		const largest = f64x2.splat(<f64>along<Greatest>(x, columns));
		v128.store64_lane(out, finished(f64x2.splat(sumOfPowers(x, columns, largest)), largest), 0);
		x += bytes;
		out += 8;
	}
}

/** The same of four rows, a lane each. */
function ofFour(x: usize, out: usize, columns: i32): void {
	const bytes = columns << 2;
	let largest = f32x4.splat(-Infinity);
	for (let column = 0; column < columns; column++) largest = f32x4.max(largest, loadStrided(x + (column << 2), bytes, 4));
	const low = f64x2.promote_low_f32x4(largest);
	const high = f64x2.promote_low_f32x4(upper(largest));
	let first = f64x2.splat(0);
	let second = first;
	for (let column = 0; column < columns; column++) {
		const values = loadStrided(x + (column << 2), bytes, 4);
		first = f64x2.add(first, exponentials(f64x2.sub(f64x2.promote_low_f32x4(values), low)));
		second = f64x2.add(second, exponentials(f64x2.sub(f64x2.promote_low_f32x4(upper(values)), high)));
	}
	v128.store(out, finished(first, low));
	v128.store(out, finished(second, high), 16);
}

@inline
function upper(values: v128): v128 {
	return v128.shuffle<f32>(values, values, 2, 3, 2, 3);
}

/** A sum is at least 1, which the largest value gives, unless some value is NaN or the largest infinite. */
@inline
function finished(sum: v128, largest: v128): v128 {
	const result = f64x2.add(logarithms(sum), largest);
	return v128.bitselect(result, f64x2.splat(NaN), f64x2.ge(sum, f64x2.splat(1)));
}

@inline
function sumOfPowers(x: usize, count: i32, largest: v128): f64 {
	let sum: f64 = 0;
	for (; count >= 4; count -= 4) {
		const values = v128.load(x);
		const first = exponentials(f64x2.sub(f64x2.promote_low_f32x4(values), largest));
		const second = exponentials(f64x2.sub(f64x2.promote_low_f32x4(upper(values)), largest));
		sum += f64x2.extract_lane(first, 0);
		sum += f64x2.extract_lane(first, 1);
		sum += f64x2.extract_lane(second, 0);
		sum += f64x2.extract_lane(second, 1);
		x += 16;
	}
	for (; count > 0; count--) {
		const power = exponentials(f64x2.sub(f64x2.promote_low_f32x4(v128.load32_zero(x)), largest));
		sum += f64x2.extract_lane(power, 0);
		x += 4;
	}
	return sum;
}
