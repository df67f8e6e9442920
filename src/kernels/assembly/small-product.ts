import { loadPartly } from "./pack";
import { multiplyAdd } from "./tile";
import { storePartly } from "./window";

/**
 * Products of matrices so small that packing them costs about as much as multiplying: factors are read as they lie, for a register
 * tile of four rows × 8 or 4 columns at a time. Each value is 0 + a₀b₀ + a₁b₁ + ..., added in that order, as by gemm: the same
 * bits.
 */

/** Terms of a value that gemm takes in one pass, and values of B that stay in the first-level cache. */
const DEEPEST: i32 = 256;
const LARGEST: i32 = 4096;

export function isSmall(columns: i32, depth: i32): bool {
	return depth <= DEEPEST && depth * columns <= LARGEST;
}

/** The rows of a tile: where each begins in A and C. Where a matrix has fewer, the last one stands for those beyond it. */
@inline
function rowAt(base: usize, row: i32, rows: i32, stride: i32): usize {
	return base + min(row, rows - 1) * stride;
}

/**
 * C = A · B.
 *
 * @param a [rows, depth], row-major; b and c likewise
 */
export function smallProduct(a: usize, b: usize, c: usize, rows: i32, columns: i32, depth: i32): void {
	const ofA = depth << 2;
	const ofC = columns << 2;
	for (let row = 0; row < rows; row += 4) {
		const high = rows - row;
		let column = 0;
		for (; column + 8 <= columns; column += 8) wide(a, ofA, b + (column << 2), ofC, c + (column << 2), high, depth);
		for (; column < columns; column += 4) {
			const at = column << 2;
			narrow(a, ofA, b + at, ofC, c + at, high, min(4, columns - column), depth);
		}
		a += ofA << 2;
		c += ofC << 2;
	}
}

/** Up to four rows × 8 columns. */
function wide(a: usize, ofA: i32, b: usize, stride: i32, c: usize, rows: i32, depth: i32): void {
	let a0 = a;
	let a1 = rowAt(a, 1, rows, ofA);
	let a2 = rowAt(a, 2, rows, ofA);
	let a3 = rowAt(a, 3, rows, ofA);
	let low0 = f32x4.splat(0);
	let high0 = low0;
	let low1 = low0;
	let high1 = low0;
	let low2 = low0;
	let high2 = low0;
	let low3 = low0;
	let high3 = low0;
	while (depth > 0) {
		// unrolled: as in tile.ts
		for (let k = 0; k < 8; k++) {
			const low = v128.load(b);
			const high = v128.load(b, 16);
			const x0 = v128.load32_splat(a0, 4 * k);
			low0 = multiplyAdd(x0, low, low0);
			high0 = multiplyAdd(x0, high, high0);
			const x1 = v128.load32_splat(a1, 4 * k);
			low1 = multiplyAdd(x1, low, low1);
			high1 = multiplyAdd(x1, high, high1);
			const x2 = v128.load32_splat(a2, 4 * k);
			low2 = multiplyAdd(x2, low, low2);
			high2 = multiplyAdd(x2, high, high2);
			const x3 = v128.load32_splat(a3, 4 * k);
			low3 = multiplyAdd(x3, low, low3);
			high3 = multiplyAdd(x3, high, high3);
			b += stride;
			depth--;
			if (k < 7 && depth <= 0) break;
		}
		a0 += 32;
		a1 += 32;
		a2 += 32;
		a3 += 32;
	}
	v128.store(c, low0);
	v128.store(c, high0, 16);
	if (rows > 1) {
		v128.store(c + stride, low1);
		v128.store(c + stride, high1, 16);
	}
	if (rows > 2) {
		v128.store(c + 2 * stride, low2);
		v128.store(c + 2 * stride, high2, 16);
	}
	if (rows > 3) {
		v128.store(c + 3 * stride, low3);
		v128.store(c + 3 * stride, high3, 16);
	}
}

/** Up to four rows × up to four columns. */
function narrow(a: usize, ofA: i32, b: usize, stride: i32, c: usize, rows: i32, columns: i32, depth: i32): void {
	const a1 = rowAt(a, 1, rows, ofA) - a;
	const a2 = rowAt(a, 2, rows, ofA) - a;
	const a3 = rowAt(a, 3, rows, ofA) - a;
	let sum0 = f32x4.splat(0);
	let sum1 = sum0;
	let sum2 = sum0;
	let sum3 = sum0;
	// Asked once, not for each term: that took a quarter longer.
	if (columns === 4) {
		for (; depth > 0; depth--) {
			const values = v128.load(b);
			sum0 = multiplyAdd(v128.load32_splat(a), values, sum0);
			sum1 = multiplyAdd(v128.load32_splat(a + a1), values, sum1);
			sum2 = multiplyAdd(v128.load32_splat(a + a2), values, sum2);
			sum3 = multiplyAdd(v128.load32_splat(a + a3), values, sum3);
			a += 4;
			b += stride;
		}
	} else {
		for (; depth > 0; depth--) {
			const values = loadPartly(b, columns);
			sum0 = multiplyAdd(v128.load32_splat(a), values, sum0);
			sum1 = multiplyAdd(v128.load32_splat(a + a1), values, sum1);
			sum2 = multiplyAdd(v128.load32_splat(a + a2), values, sum2);
			sum3 = multiplyAdd(v128.load32_splat(a + a3), values, sum3);
			a += 4;
			b += stride;
		}
	}
	storePartly(c, sum0, columns);
	if (rows > 1) storePartly(c + stride, sum1, columns);
	if (rows > 2) storePartly(c + 2 * stride, sum2, columns);
	if (rows > 3) storePartly(c + 3 * stride, sum3, columns);
}
