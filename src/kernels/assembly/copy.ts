import { loadPartly } from "./pack";
import { storePartly } from "./window";

/** Copies a run of values. Most runs are some dozens of them, for which a loop is faster than a bulk copy's call. */
@inline
export function copyRun(to: usize, from: usize, count: i32): void {
	const whole = (count & ~3) << 2;
	for (let at = 0; at < whole; at += 16) v128.store(to + at, v128.load(from + at));
	if ((count & 3) !== 0) storePartly(to + whole, loadPartly(from + whole, count & 3), count & 3);
}

/**
 * A block [n0, n1, n2, run] of a larger tensor, densely packed.
 *
 * @param from the block's first value in the tensor, whose three outer axes have strides of s0, s1, s2 values
 */
export function slice(
	from: usize,
	out: usize,
	n0: i32,
	n1: i32,
	n2: i32,
	run: i32,
	s0: i32,
	s1: i32,
	s2: i32,
): void {
	for (let i = 0; i < n0; i++) {
		for (let j = 0; j < n1; j++) {
			let at = from + ((i * s0 + j * s1) << 2);
			for (let k = 0; k < n2; k++) {
				copyRun(out, at, run);
				at += s2 << 2;
				out += run << 2;
			}
		}
	}
}

/** Rows of x [rows, columns] by their numbers (int32), which must be inside. */
export function gatherRows(x: usize, numbers: usize, out: usize, count: i32, columns: i32): void {
	const bytes = columns << 2;
	for (let i = 0; i < count; i++) {
		copyRun(out, x + load<i32>(numbers + (i << 2)) * bytes, columns);
		out += bytes;
	}
}

/**
 * out [n0, n1, n2, n3], densely packed, of values of four bytes that lie s0, s1, s2 and s3 values apart: a transposition, a part
 * taken by steps (negative ones walk backwards), a value stretched along axes (0).
 *
 * @param offset of the first one, in values
 */
export function copyStrided(
	from: usize,
	offset: i32,
	out: usize,
	n0: i32,
	n1: i32,
	n2: i32,
	n3: i32,
	s0: i32,
	s1: i32,
	s2: i32,
	s3: i32,
): void {
	for (let i = 0; i < n0; i++) {
		for (let j = 0; j < n1; j++) {
			let line = from + ((offset + i * s0 + j * s1) << 2);
			for (let k = 0; k < n2; k++) {
				if (s3 === 1) {
					copyRun(out, line, n3);
					out += n3 << 2;
				} else {
					let at = line;
					const end = out + (n3 << 2);
					for (; out < end; out += 4) {
						store<i32>(out, load<i32>(at));
						at += s3 << 2;
					}
				}
				line += s2 << 2;
			}
		}
	}
}

/**
 * Rows of `run` values of four bytes each, to rows that lie apart.
 *
 * @param fromStride values from one row to the next, 0 for one that is repeated
 * @param offset     of the first row in out, in values
 * @param outStride  values from one row of out to the next
 */
export function copyRows(
	from: usize,
	fromStride: i32,
	out: usize,
	offset: i32,
	outStride: i32,
	rows: i32,
	run: i32,
): void {
	let to = out + (offset << 2);
	for (let row = 0; row < rows; row++) {
		copyRun(to, from, run);
		from += fromStride << 2;
		to += outStride << 2;
	}
}
