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
	for (let i = 0; i < n0; i++) {
		for (let j = 0; j < n1; j++) {
			let atA = a + ((i * a0 + j * a1) << 2);
			let atB = b + ((i * b0 + j * b1) << 2);
			for (let k = 0; k < n2; k++) {
				row(kind, atA, a3, atB, b3, out, n3, least);
				atA += a2 << 2;
				atB += b2 << 2;
				out += n3 << 2;
			}
		}
	}
}

function row(kind: i32, a: usize, a3: i32, b: usize, b3: i32, out: usize, count: i32, least: v128): void {
	switch (kind) {
		case 0:
			return each<Add>(a, a3, b, b3, out, count, least);
		case 1:
			return each<Sub>(a, a3, b, b3, out, count, least);
		case 2:
			return each<Mul>(a, a3, b, b3, out, count, least);
		case 3:
			return each<Div>(a, a3, b, b3, out, count, least);
		case 4:
			return each<Maximum>(a, a3, b, b3, out, count, least);
		case 5:
			return each<Minimum>(a, a3, b, b3, out, count, least);
		case 6:
			return each<SquaredDifference>(a, a3, b, b3, out, count, least);
		default:
			unreachable();
	}
}

function each<F>(a: usize, a3: i32, b: usize, b3: i32, out: usize, count: i32, least: v128): void {
	const f = changetype<F>(0);
	if (a3 === 0 || b3 === 0) {
		stretched<F>(a, a3, b, b3, out, count, least);
		return;
	}
	for (; count >= 16; count -= 16) {
		v128.store(out, atLeast(f.of(v128.load(a), v128.load(b)), least));
		v128.store(out, atLeast(f.of(v128.load(a, 16), v128.load(b, 16)), least), 16);
		v128.store(out, atLeast(f.of(v128.load(a, 32), v128.load(b, 32)), least), 32);
		v128.store(out, atLeast(f.of(v128.load(a, 48), v128.load(b, 48)), least), 48);
		a += 64;
		b += 64;
		out += 64;
	}
	for (; count > 0; count -= 4) {
		const lanes = min(4, count);
		storePartly(out, atLeast(f.of(loadPartly(a, lanes), loadPartly(b, lanes)), least), lanes);
		a += 16;
		b += 16;
		out += 16;
	}
}

/** Where one of them, or both, is the same value all along. */
@inline
function stretched<F>(a: usize, a3: i32, b: usize, b3: i32, out: usize, count: i32, least: v128): void {
	const f = changetype<F>(0);
	const sameA = v128.load32_splat(a);
	const sameB = v128.load32_splat(b);
	for (; count >= 4; count -= 4) {
		const x = a3 !== 0 ? v128.load(a) : sameA;
		const y = b3 !== 0 ? v128.load(b) : sameB;
		v128.store(out, atLeast(f.of(x, y), least));
		a += 16;
		b += 16;
		out += 16;
	}
	if (count > 0) {
		const x = a3 !== 0 ? loadPartly(a, count) : sameA;
		const y = b3 !== 0 ? loadPartly(b, count) : sameB;
		storePartly(out, atLeast(f.of(x, y), least), count);
	}
}
