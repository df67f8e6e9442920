import { constant } from "./constants";
import { multiplyAdd } from "./tile";
import { STEP } from "./winograd-tile";

/**
 * Aᵀ times a column of eight: [m₀+p+q+32r, t+2u+16v, p+4q+8r, t+8u+4v, p+16q+2r, t+32u+v+m₇],
 * p = m₁+m₂, q = m₃+m₄, r = m₅+m₆, t = m₁−m₂, u = m₃−m₄, v = m₅−m₆.
 */
@inline
function gatherFirst(m0: v128, p: v128, q: v128, r: v128): v128 {
	return multiplyAdd(r, constant(32), f32x4.add(f32x4.add(m0, p), q));
}

@inline
function gatherSecond(t: v128, u: v128, v: v128): v128 {
	return multiplyAdd(v, constant(16), multiplyAdd(u, constant(2), t));
}

@inline
function gatherThird(p: v128, q: v128, r: v128): v128 {
	return multiplyAdd(r, constant(8), multiplyAdd(q, constant(4), p));
}

@inline
function gatherFourth(t: v128, u: v128, v: v128): v128 {
	return multiplyAdd(v, constant(4), multiplyAdd(u, constant(8), t));
}

@inline
function gatherFifth(p: v128, q: v128, r: v128): v128 {
	return multiplyAdd(r, constant(2), multiplyAdd(q, constant(16), p));
}

@inline
function gatherSixth(t: v128, u: v128, v: v128, m7: v128): v128 {
	return f32x4.add(multiplyAdd(u, constant(32), t), f32x4.add(v, m7));
}

/** F(6×6, 3×3): 64 products for 36 outputs. Interpolation points 0, ±1, ±2, ±1/2, ∞. What the parts take is said in Four. */
@unmanaged
export class Six {
	@inline
	side(): i32 {
		return 6;
	}

	@inline
	reach(): i32 {
		return 8;
	}

	/** Fewer, for a panel takes 64 kB of filters and a group 37 kB: with 64 and 128 channels 4 to 6 % less time than with four. */
	@inline
	groups(): i32 {
		return 2;
	}

	/**
	 * G times a column of three: [g₀, −2(g₀+g₁+g₂)/9, −2(g₀−g₁+g₂)/9, (g₀+2g₁+4g₂)/90, (g₀−2g₁+4g₂)/90,
	 * (4g₀+2g₁+g₂)/180, (4g₀−2g₁+g₂)/180, g₂].
	 */
	@inline
	spreadFilter(to: usize, stride: i32, g0: v128, g1: v128, g2: v128): void {
		const outer = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(-2.0 / 9.0));
		const middle = f32x4.mul(g1, f32x4.splat(2.0 / 9.0));
		const four = f32x4.splat(4);
		const near = f32x4.mul(multiplyAdd(g2, four, g0), f32x4.splat(1.0 / 90.0));
		const far = f32x4.mul(multiplyAdd(g0, four, g2), f32x4.splat(1.0 / 180.0));
		const nearHalf = f32x4.mul(g1, f32x4.splat(1.0 / 45.0));
		const farHalf = f32x4.mul(g1, f32x4.splat(1.0 / 90.0));
		v128.store(to, g0);
		v128.store(to + stride, f32x4.sub(outer, middle));
		v128.store(to + 2 * stride, f32x4.add(outer, middle));
		v128.store(to + 3 * stride, f32x4.add(near, nearHalf));
		v128.store(to + 4 * stride, f32x4.sub(near, nearHalf));
		v128.store(to + 5 * stride, f32x4.add(far, farHalf));
		v128.store(to + 6 * stride, f32x4.sub(far, farHalf));
		v128.store(to + 7 * stride, g2);
	}

	/**
	 * Bᵀ times a column of eight, fromStride bytes apart: [d₀−d₆+21(d₄−d₂)/4, e±o with e = d₂+d₆−17d₄/4 and
	 * o = d₁+d₅−17d₃/4, e±2o with e = d₆+d₂/4−5d₄/4 and o = d₅+d₁/4−5d₃/4, e±o/2 with e = d₆+4d₂−5d₄ and
	 * o = d₅+4d₁−5d₃, d₇−d₁+21(d₃−d₅)/4].
	 */
	@inline
	spread(to: usize, stride: i32, from: usize, fromStride: i32): void {
		const d1 = v128.load(from + fromStride);
		const d2 = v128.load(from + 2 * fromStride);
		const d3 = v128.load(from + 3 * fromStride);
		const d4 = v128.load(from + 4 * fromStride);
		const d5 = v128.load(from + 5 * fromStride);
		const d6 = v128.load(from + 6 * fromStride);
		const first = f32x4.sub(v128.load(from), d6);
		v128.store(to, multiplyAdd(f32x4.sub(d4, d2), constant(5.25), first));
		const last = f32x4.sub(v128.load(from + 7 * fromStride), d1);
		v128.store(to + 7 * stride, multiplyAdd(f32x4.sub(d3, d5), constant(5.25), last));
		const even = multiplyAdd(d4, constant(-4.25), f32x4.add(d2, d6));
		const odd = multiplyAdd(d3, constant(-4.25), f32x4.add(d1, d5));
		v128.store(to + stride, f32x4.add(even, odd));
		v128.store(to + 2 * stride, f32x4.sub(even, odd));
		const evenNear = multiplyAdd(d4, constant(-1.25), multiplyAdd(d2, constant(0.25), d6));
		const oddNear = multiplyAdd(d3, constant(-1.25), multiplyAdd(d1, constant(0.25), d5));
		v128.store(to + 3 * stride, multiplyAdd(oddNear, constant(2), evenNear));
		v128.store(to + 4 * stride, multiplyAdd(oddNear, constant(-2), evenNear));
		const evenFar = multiplyAdd(d4, constant(-5), multiplyAdd(d2, constant(4), d6));
		const oddFar = multiplyAdd(d3, constant(-5), multiplyAdd(d1, constant(4), d5));
		v128.store(to + 5 * stride, multiplyAdd(oddFar, constant(0.5), evenFar));
		v128.store(to + 6 * stride, multiplyAdd(oddFar, constant(-0.5), evenFar));
	}

	@inline
	gatherRow(lines: usize, products: usize): void {
		const m1 = v128.load(products, STEP);
		const m2 = v128.load(products, 2 * STEP);
		const m3 = v128.load(products, 3 * STEP);
		const m4 = v128.load(products, 4 * STEP);
		const m5 = v128.load(products, 5 * STEP);
		const m6 = v128.load(products, 6 * STEP);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.add(m5, m6);
		const t = f32x4.sub(m1, m2);
		const u = f32x4.sub(m3, m4);
		const v = f32x4.sub(m5, m6);
		v128.store(lines, gatherFirst(v128.load(products), p, q, r));
		v128.store(lines, gatherSecond(t, u, v), 16);
		v128.store(lines, gatherThird(p, q, r), 32);
		v128.store(lines, gatherFourth(t, u, v), 48);
		v128.store(lines, gatherFifth(p, q, r), 64);
		v128.store(lines, gatherSixth(t, u, v, v128.load(products, 7 * STEP)), 80);
	}

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
		const m1 = v128.load(lines, 96);
		const m2 = v128.load(lines, 192);
		const m3 = v128.load(lines, 288);
		const m4 = v128.load(lines, 384);
		const m5 = v128.load(lines, 480);
		const m6 = v128.load(lines, 576);
		const p = f32x4.add(m1, m2);
		const q = f32x4.add(m3, m4);
		const r = f32x4.add(m5, m6);
		const t = f32x4.sub(m1, m2);
		const u = f32x4.sub(m3, m4);
		const v = f32x4.sub(m5, m6);
		const y0 = gatherFirst(v128.load(lines), p, q, r);
		const y1 = gatherSecond(t, u, v);
		w.pair(to, 0, rowStride, y0, y1, bias, least, norm, part);
		const y2 = gatherThird(p, q, r);
		const y3 = gatherFourth(t, u, v);
		w.pair(to, 1, rowStride, y2, y3, bias, least, norm, part);
		const y4 = gatherFifth(p, q, r);
		const y5 = gatherSixth(t, u, v, v128.load(lines, 672));
		w.pair(to, 2, rowStride, y4, y5, bias, least, norm, part);
		return f32x4.add(f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3)), f32x4.add(y4, y5));
	}
}
