import { TILE_COLUMNS, TILE_ROWS } from "./tile";

/** Sets bytes (a multiple of four) to zero. */
export function zero(at: usize, bytes: usize): void {
	memory.fill(at, 0, bytes);
}

/**
 * Packs rows × depth values of a row-major matrix into panels of A: [row / TILE_ROWS][k / 4][row % TILE_ROWS][k % 4].
 *
 * @param stride values from one row of the source to the next
 */
export function packRows(to: usize, from: usize, stride: i32, rows: i32, depth: i32): void {
	const whole = depth >> 2;
	const rest = depth & 3;
	const groups = whole + i32(rest > 0);
	for (let row = 0; row < rows; row += TILE_ROWS) {
		if (rows - row < TILE_ROWS) zero(to, (groups * TILE_ROWS) << 4);
		const high = min(TILE_ROWS, rows - row);
		for (let m = 0; m < high; m++) {
			let source = from + (((row + m) * stride) << 2);
			let target = to + (m << 4);
			for (let group = 0; group < whole; group++) {
				v128.store(target, v128.load(source));
				source += 16;
				target += TILE_ROWS << 4;
			}
			if (rest > 0) {
				v128.store(target, loadPartly(source, rest));
			}
		}
		to += (groups * TILE_ROWS) << 4;
	}
}

/** The first `count` of four values, zeros in the other lanes; reads nothing beyond them. */
@inline
export function loadPartly(from: usize, count: i32): v128 {
	if (count >= 4) return v128.load(from);
	let value = v128.load32_zero(from);
	if (count > 1) value = v128.load32_lane(from, value, 1, 4);
	if (count > 2) value = v128.load32_lane(from, value, 2, 8);
	return value;
}

/** `count` values, `stride` bytes apart, zeros in the other lanes. */
@inline
export function loadStrided(from: usize, stride: i32, count: i32): v128 {
	let value = v128.load32_zero(from);
	if (count > 1) value = v128.load32_lane(from + stride, value, 1);
	if (count > 2) value = v128.load32_lane(from + 2 * stride, value, 2);
	if (count > 3) value = v128.load32_lane(from + 3 * stride, value, 3);
	return value;
}

/** Stores the first `count` columns of a 4×4 matrix given by its rows, stride bytes apart. */
@inline
function storeTransposed(to: usize, stride: i32, r0: v128, r1: v128, r2: v128, r3: v128, count: i32): void {
	const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
	const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
	v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
	if (count > 1) v128.store(to + stride, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
	if (count > 2) {
		const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
		const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
		v128.store(to + 2 * stride, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
		if (count > 3) v128.store(to + 3 * stride, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
	}
}

/** As packRows for a source that is stored transposed, [depth, rows]: element (row, k) at k · stride + row. */
export function packRowsTransposed(to: usize, from: usize, stride: i32, rows: i32, depth: i32): void {
	const groups = (depth + 3) >> 2;
	const step = stride << 2;
	for (let row = 0; row < rows; row += TILE_ROWS) {
		const high = min(TILE_ROWS, rows - row);
		if (high < TILE_ROWS) zero(to, (groups * TILE_ROWS) << 4);
		for (let group = 0; group < groups; group++) {
			const source = from + (((group << 2) * stride + row) << 2);
			const target = to + ((group * TILE_ROWS) << 4);
			const deep = min(4, depth - (group << 2));
			const r0 = loadPartly(source, high);
			const r1 = deep > 1 ? loadPartly(source + step, high) : f32x4.splat(0);
			const r2 = deep > 2 ? loadPartly(source + 2 * step, high) : f32x4.splat(0);
			const r3 = deep > 3 ? loadPartly(source + 3 * step, high) : f32x4.splat(0);
			storeTransposed(target, 16, r0, r1, r2, r3, high);
		}
		to += (groups * TILE_ROWS) << 4;
	}
}

/**
 * Packs depth × columns values of a row-major matrix into panels of B: [column / 8][k][column % 8], k padded with
 * zeros to a multiple of four.
 */
export function packColumns(to: usize, from: usize, stride: i32, depth: i32, columns: i32): void {
	const padded = (depth + 3) & ~3;
	const panel = padded << 5;
	let column = 0;
	// Four panels at a time use the two cache lines a row of them lies in while they are there.
	for (; column + 4 * TILE_COLUMNS <= columns; column += 4 * TILE_COLUMNS) {
		let source = from + (column << 2);
		let first = to;
		let third = to + 2 * panel;
		for (let k = 0; k < depth; k++) {
			v128.store(first, v128.load(source));
			v128.store(first, v128.load(source, 16), 16);
			v128.store(first + panel, v128.load(source, 32));
			v128.store(first + panel, v128.load(source, 48), 16);
			v128.store(third, v128.load(source, 64));
			v128.store(third, v128.load(source, 80), 16);
			v128.store(third + panel, v128.load(source, 96));
			v128.store(third + panel, v128.load(source, 112), 16);
			source += stride << 2;
			first += 32;
			third += 32;
		}
		for (let number = 0; number < 4; number++) {
			zero(to + (depth << 5), (padded - depth) << 5);
			to += panel;
		}
	}
	for (; column < columns; column += TILE_COLUMNS) {
		const wide = min(TILE_COLUMNS, columns - column);
		let source = from + (column << 2);
		let target = to;
		if (wide === TILE_COLUMNS) {
			for (let k = 0; k < depth; k++) {
				v128.store(target, v128.load(source));
				v128.store(target, v128.load(source, 16), 16);
				source += stride << 2;
				target += 32;
			}
		} else {
			for (let k = 0; k < depth; k++) {
				v128.store(target, loadPartly(source, wide));
				v128.store(target, wide > 4 ? loadPartly(source + 16, wide - 4) : f32x4.splat(0), 16);
				source += stride << 2;
				target += 32;
			}
		}
		to += panel;
		zero(target, to - target);
	}
}

/** As packColumns for a source that is stored transposed, [columns, depth]: element (k, column) at column · stride + k. */
export function packColumnsTransposed(to: usize, from: usize, stride: i32, depth: i32, columns: i32): void {
	const padded = (depth + 3) & ~3;
	const step = stride << 2;
	for (let column = 0; column < columns; column += TILE_COLUMNS) {
		const wide = min(TILE_COLUMNS, columns - column);
		for (let half = 0; half < TILE_COLUMNS; half += 4) {
			const have = wide - half;
			const source = from + (((column + half) * stride) << 2);
			let target = to + (half << 2);
			for (let k = 0; k < depth; k += 4) {
				const count = min(4, depth - k);
				const at = source + (k << 2);
				const r0 = have > 0 ? loadPartly(at, count) : f32x4.splat(0);
				const r1 = have > 1 ? loadPartly(at + step, count) : f32x4.splat(0);
				const r2 = have > 2 ? loadPartly(at + 2 * step, count) : f32x4.splat(0);
				const r3 = have > 3 ? loadPartly(at + 3 * step, count) : f32x4.splat(0);
				storeTransposed(target, 32, r0, r1, r2, r3, 4);
				target += 128;
			}
		}
		to += padded << 5;
	}
}

/** to [columns, rows] = from [rows, columns] turned over. */
export function transpose(to: usize, from: usize, rows: i32, columns: i32): void {
	for (let row = 0; row < rows; row++) {
		let target = to + (row << 2);
		for (let column = 0; column < columns; column++) {
			store<f32>(target, load<f32>(from));
			from += 4;
			target += rows << 2;
		}
	}
}
