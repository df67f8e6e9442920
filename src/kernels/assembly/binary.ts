import { loadPartly } from "./pack";
import { atLeast } from "./tile";
import { storePartly } from "./window";

/** Functions of two values, each a class for the reason that unary.ts gives. */
@unmanaged
class Add {
	@inline
	of(a: v128, b: v128): v128 {
		return f32x4.add(a, b);
	}
}

@unmanaged
class Sub {
	@inline
	of(a: v128, b: v128): v128 {
		return f32x4.sub(a, b);
	}
}

@unmanaged
class Mul {
	@inline
	of(a: v128, b: v128): v128 {
		return f32x4.mul(a, b);
	}
}

@unmanaged
class Div {
	@inline
	of(a: v128, b: v128): v128 {
		return f32x4.div(a, b);
	}
}

@unmanaged
class Maximum {
	@inline
	of(a: v128, b: v128): v128 {
		return f32x4.max(a, b);
	}
}

@unmanaged
class Minimum {
	@inline
	of(a: v128, b: v128): v128 {
		return f32x4.min(a, b);
	}
}

@unmanaged
class SquaredDifference {
	@inline
	of(a: v128, b: v128): v128 {
		const difference = f32x4.sub(a, b);
		return f32x4.mul(difference, difference);
	}
}

/**
 * out [n0, n1, n2, n3] = function(a, b), of which each lies as many values apart along an axis as its strides say: 0 stretches.
 * Along the last axis it is 0 or 1. out may be an operand that is not stretched.
 *
 * @param kind place of the function in BINARY_KINDS of kernels/instructions.ts
 * @param relu whether negative results become zero
 */
export function binary(
	kind: i32,
	a: usize,
	b: usize,
	out: usize,
	n0: i32,
	n1: i32,
	n2: i32,
	n3: i32,
	a0: i32,
	a1: i32,
	a2: i32,
	a3: i32,
	b0: i32,
	b1: i32,
	b2: i32,
	b3: i32,
	relu: bool,
): void {
	const least = f32x4.splat(relu ? 0 : -Infinity);
	switch (kind) {
		case 0:
			return rows<Add>(a, b, out, n0, n1, n2, n3, a0, a1, a2, a3, b0, b1, b2, b3, least);
		case 1:
			return rows<Sub>(a, b, out, n0, n1, n2, n3, a0, a1, a2, a3, b0, b1, b2, b3, least);
		case 2:
			return rows<Mul>(a, b, out, n0, n1, n2, n3, a0, a1, a2, a3, b0, b1, b2, b3, least);
		case 3:
			return rows<Div>(a, b, out, n0, n1, n2, n3, a0, a1, a2, a3, b0, b1, b2, b3, least);
		case 4:
			return rows<Maximum>(a, b, out, n0, n1, n2, n3, a0, a1, a2, a3, b0, b1, b2, b3, least);
		case 5:
			return rows<Minimum>(a, b, out, n0, n1, n2, n3, a0, a1, a2, a3, b0, b1, b2, b3, least);
		case 6:
			return rows<SquaredDifference>(a, b, out, n0, n1, n2, n3, a0, a1, a2, a3, b0, b1, b2, b3, least);
		default:
			unreachable();
	}
}

/** Row by row; rows of normalised values are short, so that what a row costs beside its values counts. */
function rows<F>(
	a: usize,
	b: usize,
	out: usize,
	n0: i32,
	n1: i32,
	n2: i32,
	n3: i32,
	a0: i32,
	a1: i32,
	a2: i32,
	a3: i32,
	b0: i32,
	b1: i32,
	b2: i32,
	b3: i32,
	least: v128,
): void {
	// Along a row of one value both strides may be 0.
	const isFirstSame = a3 === 0 && n3 > 1;
	const isSecondSame = b3 === 0 && n3 > 1;
	for (let i = 0; i < n0; i++) {
		for (let j = 0; j < n1; j++) {
			let atA = a + ((i * a0 + j * a1) << 2);
			let atB = b + ((i * b0 + j * b1) << 2);
			for (let k = 0; k < n2; k++) {
				if (isFirstSame) afterSame<F>(v128.load32_splat(atA), atB, out, n3, least);
				else if (isSecondSame) beforeSame<F>(atA, v128.load32_splat(atB), out, n3, least);
				else each<F>(atA, atB, out, n3, least);
				atA += a2 << 2;
				atB += b2 << 2;
				out += n3 << 2;
			}
		}
	}
}

@inline
function each<F>(a: usize, b: usize, out: usize, count: i32, least: v128): void {
	const f = changetype<F>(0);
	for (; count >= 16; count -= 16) {
		// unrolled: V8 does not, and a vector's own work is three instructions.
		for (let i = 0; i < 4; i++) {
			v128.store(out, atLeast(f.of(v128.load(a, i * 16), v128.load(b, i * 16)), least), i * 16);
		}
		a += 64;
		b += 64;
		out += 64;
	}
	for (; count >= 4; count -= 4) {
		v128.store(out, atLeast(f.of(v128.load(a), v128.load(b)), least));
		a += 16;
		b += 16;
		out += 16;
	}
	if (count > 0) storePartly(out, atLeast(f.of(loadPartly(a, count), loadPartly(b, count)), least), count);
}

/** Where the first is the same value all along. */
@inline
function afterSame<F>(a: v128, b: usize, out: usize, count: i32, least: v128): void {
	const f = changetype<F>(0);
	for (; count >= 16; count -= 16) {
		// unrolled: as in each.
		for (let i = 0; i < 4; i++) {
			v128.store(out, atLeast(f.of(a, v128.load(b, i * 16)), least), i * 16);
		}
		b += 64;
		out += 64;
	}
	for (; count >= 4; count -= 4) {
		v128.store(out, atLeast(f.of(a, v128.load(b)), least));
		b += 16;
		out += 16;
	}
	if (count > 0) storePartly(out, atLeast(f.of(a, loadPartly(b, count)), least), count);
}

/** Where the second is. */
@inline
function beforeSame<F>(a: usize, b: v128, out: usize, count: i32, least: v128): void {
	const f = changetype<F>(0);
	for (; count >= 16; count -= 16) {
		// unrolled: as in each.
		for (let i = 0; i < 4; i++) {
			v128.store(out, atLeast(f.of(v128.load(a, i * 16), b), least), i * 16);
		}
		a += 64;
		out += 64;
	}
	for (; count >= 4; count -= 4) {
		v128.store(out, atLeast(f.of(v128.load(a), b), least));
		a += 16;
		out += 16;
	}
	if (count > 0) storePartly(out, atLeast(f.of(loadPartly(a, count), b), least), count);
}
