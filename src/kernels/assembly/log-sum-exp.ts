import { exponentials, logarithm } from "./double";
import { along, Greatest } from "./rows";

/**
 * out [rows] = ln Σ e^x of each row of x [rows, columns], float64: the largest value of a row taken out, and the others' powers
 * added up in their order, as objective/losses/softmax-cross-entropy.ts has it.
 */
export function logSumExp(x: usize, out: usize, rows: i32, columns: i32): void {
	for (let row = 0; row < rows; row++) {
		const largest = <f64>along<Greatest>(x, columns);
		const sum = sumOfPowers(x, columns, f64x2.splat(largest));
		// At least 1, which the largest gives, unless some value is NaN or the largest infinite.
		store<f64>(out, sum >= 1 ? logarithm(sum) + largest : NaN);
		x += columns << 2;
		out += 8;
	}
}

@inline
function sumOfPowers(x: usize, count: i32, largest: v128): f64 {
	let sum: f64 = 0;
	for (; count >= 4; count -= 4) {
		const values = v128.load(x);
		const first = exponentials(f64x2.sub(f64x2.promote_low_f32x4(values), largest));
		const upper = v128.shuffle<f32>(values, values, 2, 3, 2, 3);
		const second = exponentials(f64x2.sub(f64x2.promote_low_f32x4(upper), largest));
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
