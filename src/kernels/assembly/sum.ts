import { loadPartly, zero } from "./pack";
import { storePartly } from "./window";

/** Rows added up on their own before they join the total: the error then grows with rows / 128, not with rows. */
export const RUN: i32 = 128;

/** out [columns] = the sum of the rows of x [rows, columns], such as the gradient of a bias. */
export function sumRows(x: usize, out: usize, rows: i32, columns: i32): void {
	const stride = columns << 2;
	zero(out, stride);
	for (let first = 0; first < rows; first += RUN) {
		const count = min(RUN, rows - first);
		let column = 0;
		// Sixteen columns, a cache line, at a time.
		for (; column + 16 <= columns; column += 16) {
			let at = x + (column << 2);
			let s0 = f32x4.splat(0);
			let s1 = s0;
			let s2 = s0;
			let s3 = s0;
			for (let row = 0; row < count; row++) {
				s0 = f32x4.add(s0, v128.load(at));
				s1 = f32x4.add(s1, v128.load(at, 16));
				s2 = f32x4.add(s2, v128.load(at, 32));
				s3 = f32x4.add(s3, v128.load(at, 48));
				at += stride;
			}
			const to = out + (column << 2);
			v128.store(to, f32x4.add(v128.load(to), s0));
			v128.store(to, f32x4.add(v128.load(to, 16), s1), 16);
			v128.store(to, f32x4.add(v128.load(to, 32), s2), 32);
			v128.store(to, f32x4.add(v128.load(to, 48), s3), 48);
		}
		for (; column < columns; column += 4) {
			const lanes = min(4, columns - column);
			let at = x + (column << 2);
			let sum = f32x4.splat(0);
			for (let row = 0; row < count; row++) {
				sum = f32x4.add(sum, loadPartly(at, lanes));
				at += stride;
			}
			addLanes(out + (column << 2), sum, lanes);
		}
		x += count * stride;
	}
}

/** Adds the first `lanes` of four values to those in memory. */
@inline
export function addLanes(to: usize, value: v128, lanes: i32): void {
	storePartly(to, f32x4.add(loadPartly(to, lanes), value), lanes);
}
