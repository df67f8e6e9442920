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
				if (isFirstSame) row<F, Same, Own>(atA, atB, out, n3, least);
				else if (isSecondSame) row<F, Own, Same>(atA, atB, out, n3, least);
				else row<F, Own, Own>(atA, atB, out, n3, least);
				atA += a2 << 2;
				atB += b2 << 2;
				out += n3 << 2;
			}
		}
	}
}

/** An operand of which each value has one of its own along a row. */
@unmanaged
class Own {
	@inline
	four(at: usize, first: v128, offset: usize): v128 {
		return v128.load(at + offset);
	}
	@inline
	some(at: usize, first: v128, count: i32): v128 {
		return loadPartly(at, count);
	}
	@inline
	step(bytes: i32): i32 {
		return bytes;
	}
}

/** One that is the same value, the first, all along. */
@unmanaged
class Same {
	@inline
	four(at: usize, first: v128, offset: usize): v128 {
		return first;
	}
	@inline
	some(at: usize, first: v128, count: i32): v128 {
		return first;
	}
	@inline
	step(bytes: i32): i32 {
		return 0;
	}
}

@inline
function row<F, A, B>(a: usize, b: usize, out: usize, count: i32, least: v128): void {
	const f = changetype<F>(0);
	const ofA = changetype<A>(0);
	const ofB = changetype<B>(0);
	const firstA = v128.load32_splat(a);
	const firstB = v128.load32_splat(b);
	for (; count >= 16; count -= 16) {
		// unrolled: V8 does not, and a vector's own work is three instructions.
		for (let i = 0; i < 4; i++) {
			v128.store(out, atLeast(f.of(ofA.four(a, firstA, i * 16), ofB.four(b, firstB, i * 16)), least), i * 16);
		}
		a += ofA.step(64);
		b += ofB.step(64);
		out += 64;
	}
	for (; count >= 4; count -= 4) {
		v128.store(out, atLeast(f.of(ofA.four(a, firstA, 0), ofB.four(b, firstB, 0)), least));
		a += ofA.step(16);
		b += ofB.step(16);
		out += 16;
	}
	if (count > 0) {
		const last = f.of(ofA.some(a, firstA, count), ofB.some(b, firstB, count));
		storePartly(out, atLeast(last, least), count);
	}
}
