import { constant } from "./constants";
import { multiplyAdd } from "./tile";
import { STEP } from "./winograd-tile";

/** Aᵀ times a column of six: [m₀+p+q, r+2s, p+4q, r+8s+m₅], p = m₁+m₂, q = m₃+m₄, r = m₁−m₂, s = m₃−m₄. */
@inline
function gatherFirst(m0: v128, p: v128, q: v128): v128 {
	return f32x4.add(f32x4.add(m0, p), q);
}

@inline
function gatherSecond(r: v128, s: v128): v128 {
	return f32x4.add(r, f32x4.add(s, s));
}

@inline
function gatherThird(p: v128, q: v128): v128 {
	return multiplyAdd(q, constant(4), p);
}

@inline
function gatherFourth(r: v128, s: v128, m5: v128): v128 {
	return f32x4.add(multiplyAdd(s, constant(8), r), m5);
}

/** F(4×4, 3×3): 36 products for 16 outputs. Interpolation points 0, ±1, ±2, ∞. */
@unmanaged
export class Four {
	/** Rows and columns of a tile of outputs. */
	@inline
	side(): i32 {
		return 4;
	}

	/** Rows and columns of the patch that gives a tile. */
	@inline
	reach(): i32 {
		return 6;
	}

	/**
	 * How many groups of TILE_ROWS tiles are transformed before the filters go by: the transformed filters of one panel
	 * (36 kB for 32 input channels) are then read from the second-level cache once for that many tiles, while the
	 * transformed inputs (18 kB a group there) still fit beside them.
	 */
	@inline
	groups(): i32 {
		return 8;
	}

	/** G times a column of three: [g₀/4, −(g₀+g₁+g₂)/6, −(g₀−g₁+g₂)/6, g₀/24+g₁/12+g₂/6, g₀/24−g₁/12+g₂/6, g₂]. */
	@inline
	spreadFilter(to: usize, stride: i32, g0: v128, g1: v128, g2: v128): void {
		const outer = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(-1.0 / 6.0));
		const middle = f32x4.mul(g1, f32x4.splat(1.0 / 6.0));
		const far = f32x4.add(f32x4.mul(g0, f32x4.splat(1.0 / 24.0)), f32x4.mul(g2, f32x4.splat(1.0 / 6.0)));
		const half = f32x4.mul(g1, f32x4.splat(1.0 / 12.0));
		v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
		v128.store(to + stride, f32x4.sub(outer, middle));
		v128.store(to + 2 * stride, f32x4.add(outer, middle));
		v128.store(to + 3 * stride, f32x4.add(far, half));
		v128.store(to + 4 * stride, f32x4.sub(far, half));
		v128.store(to + 5 * stride, g2);
	}

	/**
	 * Bᵀ times a column of six, fromStride bytes apart, in ten additions and multiplications:
	 * [4d₀−5d₂+d₄, −4d₁−4d₂+d₃+d₄, 4d₁−4d₂−d₃+d₄, −2d₁−d₂+2d₃+d₄, 2d₁−d₂−2d₃+d₄, 4d₁−5d₃+d₅].
	 */
	@inline
	spread(to: usize, stride: i32, from: usize, fromStride: i32): void {
		const d0 = v128.load(from);
		const d1 = v128.load(from + fromStride);
		const d2 = v128.load(from + 2 * fromStride);
		const d3 = v128.load(from + 3 * fromStride);
		const d4 = v128.load(from + 4 * fromStride);
		const d5 = v128.load(from + 5 * fromStride);
		const four = constant(4);
		const minusFour = constant(-4);
		const minusFive = constant(-5);
		const even = multiplyAdd(minusFour, d2, d4);
		const odd = multiplyAdd(minusFour, d1, d3);
		const evenNear = f32x4.sub(d4, d2);
		const difference = f32x4.sub(d3, d1);
		const oddNear = f32x4.add(difference, difference);
		v128.store(to, f32x4.add(multiplyAdd(minusFive, d2, f32x4.mul(four, d0)), d4));
		v128.store(to + stride, f32x4.add(even, odd));
		v128.store(to + 2 * stride, f32x4.sub(even, odd));
		v128.store(to + 3 * stride, f32x4.add(evenNear, oddNear));
		v128.store(to + 4 * stride, f32x4.sub(evenNear, oddNear));
		v128.store(to + 5 * stride, f32x4.add(multiplyAdd(minusFive, d3, f32x4.mul(four, d1)), d5));
	}

	/** Aᵀ times a row of products: a row of lines. */
	@inline
	gatherRow(lines: usize, products: usize): void {
		const m0 = v128.load(products);
		const m1 = v128.load(products, STEP);
		const m2 = v128.load(products, 2 * STEP);
		const m3 = v128.load(products, 3 * STEP);
		const m4 = v128.load(products, 4 * STEP);
		const m5 = v128.load(products, 5 * STEP);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.sub(m1, m2);
		const s = f32x4.sub(m3, m4);
		v128.store(lines, gatherFirst(m0, p, q));
		v128.store(lines, gatherSecond(r, s), 16);
		v128.store(lines, gatherThird(p, q), 32);
		v128.store(lines, gatherFourth(r, s, m5), 48);
	}

	/** Aᵀ times a column of lines, handed to W in pairs of rows; returns the sum. */
	@inline
	gatherColumn<W>(
		to: usize,
		rowStride: i32,
		lines: usize,
		bias: v128,
		least: v128,
		norm: usize,
		part: i32,
	): v128 {
		const w = changetype<W>(0);
		const m1 = v128.load(lines, 64);
		const m2 = v128.load(lines, 128);
		const m3 = v128.load(lines, 192);
		const m4 = v128.load(lines, 256);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.sub(m1, m2);
		const s = f32x4.sub(m3, m4);
		const y0 = gatherFirst(v128.load(lines), p, q);
		const y1 = gatherSecond(r, s);
		const y2 = gatherThird(p, q);
		const y3 = gatherFourth(r, s, v128.load(lines, 320));
		w.pair(to, 0, rowStride, y0, y1, bias, least, norm, part);
		w.pair(to, 1, rowStride, y2, y3, bias, least, norm, part);
		return f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3));
	}
}
