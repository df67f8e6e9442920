import { constant } from "./constants";
import {
	exponential,
	exponentialMinusOne,
	hyperbolicTangent,
	logarithm,
	logistic,
	softPlus,
} from "./elementary";
import { errorFunction } from "./erf";
import { loadPartly } from "./pack";
import { atLeast, rectify } from "./tile";
import { storePartly } from "./window";

/**
 * Functions of one value, each a class, for a type can be handed to a template: so each gets a loop of its own. As numbers handed
 * to an inlined function they did not: the compiler folds loops that differ in a number into one that asks for it at each value.
 *
 * What alpha and beta mean stands in network/ops/unary.ts.
 */
@unmanaged
class Abs {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.abs(x);
	}
}

@unmanaged
class Affine {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.add(f32x4.mul(x, a), b);
	}
}

@unmanaged
class Clip {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.pmin(atLeast(x, a), b);
	}
}

@unmanaged
class Elu {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return belowZero(x, f32x4.mul(a, exponentialMinusOne(x)), x);
	}
}

@unmanaged
class Erf {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return errorFunction(x);
	}
}

@unmanaged
export class Exp {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return exponential(x);
	}
}

@unmanaged
class Gelu {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		const normal = f32x4.add(errorFunction(f32x4.mul(x, constant(0.707106781))), constant(1));
		return f32x4.mul(f32x4.mul(x, normal), constant(0.5));
	}
}

@unmanaged
class GeluTanh {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		const cubic = f32x4.mul(f32x4.mul(f32x4.mul(x, x), x), constant(0.044715));
		const inner = f32x4.mul(f32x4.add(x, cubic), constant(0.797884561));
		return f32x4.mul(f32x4.mul(x, f32x4.add(hyperbolicTangent(inner), constant(1))), constant(0.5));
	}
}

@unmanaged
class HardSigmoid {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		const slope = f32x4.add(f32x4.mul(x, a), b);
		return f32x4.pmin(atLeast(slope, f32x4.splat(0)), constant(1));
	}
}

@unmanaged
class LeakyRelu {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return belowZero(x, f32x4.mul(x, a), x);
	}
}

@unmanaged
class Log {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return logarithm(x);
	}
}

@unmanaged
class Neg {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.neg(x);
	}
}

@unmanaged
class Reciprocal {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.div(constant(1), x);
	}
}

@unmanaged
class Relu {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return rectify(x);
	}
}

@unmanaged
class Selu {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		const below = f32x4.mul(exponentialMinusOne(x), constant(1.75809934));
		return belowZero(x, below, f32x4.mul(x, constant(1.05070099)));
	}
}

@unmanaged
class Sigmoid {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return logistic(x);
	}
}

@unmanaged
class Silu {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.mul(x, logistic(f32x4.mul(x, a)));
	}
}

@unmanaged
class Softplus {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return softPlus(x);
	}
}

@unmanaged
class Softsign {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.div(x, f32x4.add(f32x4.abs(x), constant(1)));
	}
}

@unmanaged
class Sqrt {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.sqrt(x);
	}
}

@unmanaged
class Square {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return f32x4.mul(x, x);
	}
}

@unmanaged
class Tanh {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		return hyperbolicTangent(x);
	}
}

@unmanaged
class HardSwish {
	@inline
	of(x: v128, a: v128, b: v128): v128 {
		const slope = f32x4.add(f32x4.mul(x, constant(1.0 / 6.0)), constant(0.5));
		return f32x4.mul(x, f32x4.pmin(atLeast(slope, f32x4.splat(0)), constant(1)));
	}
}

@inline
function belowZero(x: v128, below: v128, other: v128): v128 {
	return v128.bitselect(below, other, f32x4.lt(x, f32x4.splat(0)));
}

/**
 * out = function(x), each of `count` values; out may be x.
 *
 * @param kind place of the function in UNARY_KINDS of kernels/instructions.ts
 */
export function unary(kind: i32, x: usize, out: usize, count: i32, alpha: f32, beta: f32): void {
	const a = f32x4.splat(alpha);
	const b = f32x4.splat(beta);
	switch (kind) {
		case 0:
			return each<Abs>(x, out, count, a, b);
		case 1:
			return each<Affine>(x, out, count, a, b);
		case 2:
			return each<Clip>(x, out, count, a, b);
		case 3:
			return each<Elu>(x, out, count, a, b);
		case 4:
			return each<Erf>(x, out, count, a, b);
		case 5:
			return each<Exp>(x, out, count, a, b);
		case 6:
			return each<Gelu>(x, out, count, a, b);
		case 7:
			return each<GeluTanh>(x, out, count, a, b);
		case 8:
			return each<HardSigmoid>(x, out, count, a, b);
		case 9:
			return each<LeakyRelu>(x, out, count, a, b);
		case 10:
			return each<Log>(x, out, count, a, b);
		case 11:
			return each<Neg>(x, out, count, a, b);
		case 12:
			return each<Reciprocal>(x, out, count, a, b);
		case 13:
			return each<Relu>(x, out, count, a, b);
		case 14:
			return each<Selu>(x, out, count, a, b);
		case 15:
			return each<Sigmoid>(x, out, count, a, b);
		case 16:
			return each<Silu>(x, out, count, a, b);
		case 17:
			return each<Softplus>(x, out, count, a, b);
		case 18:
			return each<Softsign>(x, out, count, a, b);
		case 19:
			return each<Sqrt>(x, out, count, a, b);
		case 20:
			return each<Square>(x, out, count, a, b);
		case 21:
			return each<Tanh>(x, out, count, a, b);
		case 22:
			return each<HardSwish>(x, out, count, a, b);
		default:
			unreachable();
	}
}

/** Four vectors at a time: their formulas, chains of results that wait for one another, go side by side. */
export function each<F>(x: usize, out: usize, count: i32, a: v128, b: v128): void {
	const f = changetype<F>(0);
	for (; count >= 16; count -= 16) {
		const y0 = f.of(v128.load(x), a, b);
		const y1 = f.of(v128.load(x, 16), a, b);
		const y2 = f.of(v128.load(x, 32), a, b);
		const y3 = f.of(v128.load(x, 48), a, b);
		v128.store(out, y0);
		v128.store(out, y1, 16);
		v128.store(out, y2, 32);
		v128.store(out, y3, 48);
		x += 64;
		out += 64;
	}
	for (; count > 0; count -= 4) {
		const lanes = min(4, count);
		storePartly(out, f.of(loadPartly(x, lanes), a, b), lanes);
		x += 16;
		out += 16;
	}
}
