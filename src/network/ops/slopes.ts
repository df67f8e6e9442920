import type { NodeBuilder } from "./op.js";

/** A function at work: what goes in, what comes out, and its numbers. */
interface Applied {
	readonly x: string;
	readonly y: string;
	readonly alpha: number;
	readonly beta: number;
}

/** The slope as a value, or as a number where it is the same everywhere. */
export type Slope = (applied: Applied, build: NodeBuilder) => string | number;

/** 1 where alpha ≤ x ≤ beta, else 0. */
function inside(x: string, alpha: number, beta: number, build: NodeBuilder): string {
	const atLeast = build.unary("toFloat", build.binary("greaterEqual", x, build.number(alpha)));
	const atMost = build.unary("toFloat", build.binary("lessEqual", x, build.number(beta)));
	return build.mul(atLeast, atMost);
}

/** Above 0 one slope, and else another, which is computed from min(x, 0) so that it can't overflow above. */
function apart(x: string, above: number, below: (negative: string) => string, build: NodeBuilder): string {
	const positive = build.unary("step", x);
	const negative = build.unary("clip", x, Number.NEGATIVE_INFINITY, 0);
	return build.add(build.affine(positive, above), build.mul(build.affine(positive, -1, 1), below(negative)));
}

const SELU = { scale: 1.0507009873554805, alpha: 1.7580993408473766 };

/** 1 / √(factor · x² + added), with a sign. */
function inverseRoot(x: string, factor: number, added: number, sign: number, build: NodeBuilder): string {
	const root = build.unary("sqrt", build.affine(build.unary("square", x), factor, added));
	return build.affine(build.unary("reciprocal", root), sign);
}

/**
 * f′ for each function f of `unary`, made of functions that have slopes themselves. Those without one, whose values are whole or
 * steps, are flat. At a kink the slope is that of the side that the gradient takes.
 */
export const slopes: Readonly<Record<string, Slope>> = {
	abs: ({ x }, build) => build.unary("sign", x),
	acos: ({ x }, build) => inverseRoot(x, -1, 1, -1, build),
	acosh: ({ x }, build) => inverseRoot(x, 1, -1, 1, build),
	affine: ({ alpha }) => alpha,
	asin: ({ x }, build) => inverseRoot(x, -1, 1, 1, build),
	asinh: ({ x }, build) => inverseRoot(x, 1, 1, 1, build),
	atan: ({ x }, build) => build.unary("reciprocal", build.affine(build.unary("square", x), 1, 1)),
	atanh: ({ x }, build) => build.unary("reciprocal", build.affine(build.unary("square", x), -1, 1)),
	celu: ({ x, alpha }, build) =>
		apart(x, 1, (negative) => build.unary("exp", build.affine(negative, 1 / alpha)), build),
	clip: ({ x, alpha, beta }, build) => inside(x, alpha, beta, build),
	cos: ({ x }, build) => build.affine(build.unary("sin", x), -1),
	cosh: ({ x }, build) => build.unary("sinh", x),
	elu: ({ x, alpha }, build) => apart(x, 1, (negative) => build.affine(build.unary("exp", negative), alpha), build),
	erf: ({ x }, build) => build.affine(bell(x, -1, build), 2 / Math.sqrt(Math.PI)),
	exp: ({ y }) => y,
	// Φ(x) + x φ(x)
	gelu: ({ x }, build) => {
		const share = build.affine(build.unary("erf", build.affine(x, Math.SQRT1_2)), 0.5, 0.5);
		return build.add(share, build.mul(x, build.affine(bell(x, -0.5, build), 1 / Math.sqrt(2 * Math.PI))));
	},
	geluTanh: ({ x }, build) => {
		const factor = Math.sqrt(2 / Math.PI);
		const square = build.unary("square", x);
		const t = build.unary("tanh", build.mul(x, build.affine(square, factor * 0.044715, factor)));
		const inner = build.affine(square, 3 * factor * 0.044715, factor);
		const bent = build.mul(build.mul(x, build.affine(build.unary("square", t), -0.5, 0.5)), inner);
		return build.add(build.affine(t, 0.5, 0.5), bent);
	},
	hardSigmoid: ({ x, alpha, beta }, build) => build.affine(inside(build.affine(x, alpha, beta), 0, 1, build), alpha),
	hardSwish: ({ x }, build) => {
		const ramp = build.affine(x, 1 / 6, 0.5);
		const gate = build.unary("clip", ramp, 0, 1);
		return build.add(gate, build.affine(build.mul(x, inside(ramp, 0, 1, build)), 1 / 6));
	},
	leakyRelu: ({ x, alpha }, build) => build.affine(build.unary("step", x), 1 - alpha, alpha),
	log: ({ x }, build) => build.unary("reciprocal", x),
	mish: ({ x }, build) => {
		const t = build.unary("tanh", build.unary("softplus", x));
		const bent = build.mul(build.affine(build.unary("square", t), -1, 1), build.unary("sigmoid", x));
		return build.add(t, build.mul(x, bent));
	},
	neg: () => -1,
	reciprocal: ({ y }, build) => build.affine(build.unary("square", y), -1),
	selu: ({ x }, build) =>
		apart(x, SELU.scale, (negative) => build.affine(build.unary("exp", negative), SELU.alpha), build),
	sigmoid: ({ y }, build) => build.mul(y, build.affine(y, -1, 1)),
	// σ(αx) (1 + αx (1 - σ(αx)))
	silu: ({ x, alpha }, build) => {
		const scaled = build.affine(x, alpha);
		const gate = build.unary("sigmoid", scaled);
		return build.mul(gate, build.affine(build.mul(scaled, build.affine(gate, -1, 1)), 1, 1));
	},
	sin: ({ x }, build) => build.unary("cos", x),
	sinh: ({ x }, build) => build.unary("cosh", x),
	softplus: ({ x }, build) => build.unary("sigmoid", x),
	softsign: ({ x }, build) =>
		build.unary("reciprocal", build.unary("square", build.affine(build.unary("abs", x), 1, 1))),
	sqrt: ({ y }, build) => build.affine(build.unary("reciprocal", y), 0.5),
	square: ({ x }, build) => build.affine(x, 2),
	tan: ({ y }, build) => build.affine(build.unary("square", y), 1, 1),
	tanh: ({ y }, build) => build.affine(build.unary("square", y), -1, 1),
	toFloat: () => 1,
};

/** e^(factor · x²) */
function bell(x: string, factor: number, build: NodeBuilder): string {
	return build.unary("exp", build.affine(build.unary("square", x), factor));
}
