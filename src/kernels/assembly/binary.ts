import { loadPartly } from "./pack";
import { atLeast } from "./tile";
import { storePartly } from "./window";

/** Functions of two values, by the numbers that kernels/instructions.ts knows them by. */
const ADD: i32 = 0;
const SUB: i32 = 1;
const MUL: i32 = 2;
const DIV: i32 = 3;
const MAXIMUM: i32 = 4;
const MINIMUM: i32 = 5;
const SQUARED_DIFFERENCE: i32 = 6;

/**
 * out [n0, n1, n2, n3] = function(a, b), of which each lies as many values apart along an axis as its strides say: 0 stretches.
 * Along the last axis it is 0 or 1. out may be an operand that is not stretched.
 *
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
	if (kind === ADD) run(ADD, a, a3, b, b3, out, count, least);
	else if (kind === SUB) run(SUB, a, a3, b, b3, out, count, least);
	else if (kind === MUL) run(MUL, a, a3, b, b3, out, count, least);
	else if (kind === DIV) run(DIV, a, a3, b, b3, out, count, least);
	else if (kind === MAXIMUM) run(MAXIMUM, a, a3, b, b3, out, count, least);
	else if (kind === MINIMUM) run(MINIMUM, a, a3, b, b3, out, count, least);
	else run(SQUARED_DIFFERENCE, a, a3, b, b3, out, count, least);
}

/** `kind` is a constant where this is inlined. */
@inline
function run(kind: i32, a: usize, a3: i32, b: usize, b3: i32, out: usize, count: i32, least: v128): void {
	const whole = (count & ~3) << 2;
	const lanes = count & 3;
	if (a3 !== 0 && b3 !== 0) {
		for (let at = 0; at < whole; at += 16)
			v128.store(out + at, atLeast(value(kind, v128.load(a + at), v128.load(b + at)), least));
		if (lanes !== 0) {
			const result = value(kind, loadPartly(a + whole, lanes), loadPartly(b + whole, lanes));
			storePartly(out + whole, atLeast(result, least), lanes);
		}
		return;
	}
	// One of them, or both, is the same value all along.
	const sameA = v128.load32_splat(a);
	const sameB = v128.load32_splat(b);
	for (let at = 0; at < whole; at += 16) {
		const x = a3 !== 0 ? v128.load(a + at) : sameA;
		const y = b3 !== 0 ? v128.load(b + at) : sameB;
		v128.store(out + at, atLeast(value(kind, x, y), least));
	}
	if (lanes !== 0) {
		const x = a3 !== 0 ? loadPartly(a + whole, lanes) : sameA;
		const y = b3 !== 0 ? loadPartly(b + whole, lanes) : sameB;
		storePartly(out + whole, atLeast(value(kind, x, y), least), lanes);
	}
}

@inline
function value(kind: i32, a: v128, b: v128): v128 {
	if (kind === ADD) return f32x4.add(a, b);
	if (kind === SUB) return f32x4.sub(a, b);
	if (kind === MUL) return f32x4.mul(a, b);
	if (kind === DIV) return f32x4.div(a, b);
	if (kind === MAXIMUM) return f32x4.max(a, b);
	if (kind === MINIMUM) return f32x4.min(a, b);
	const difference = f32x4.sub(a, b);
	return f32x4.mul(difference, difference);
}
