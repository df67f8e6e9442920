import test from "ava";
import { UNARY_KINDS } from "../../src/kernels/instructions.js";
import { carryOut, startContext } from "./program.js";

const context = await startContext();

function apply(name: string, x: readonly number[], alpha = 1, beta = 0): Float32Array {
	const out = new Float32Array(x.length);
	carryOut(context, "unary", UNARY_KINDS.indexOf(name), Float32Array.from(x), out, x.length, alpha, beta);
	return out;
}

/** By its Taylor series, in double; it has lost digits beyond 4. */
function erf(x: number): number {
	let [sum, term] = [0, x];
	for (let n = 0; Math.abs(term) > 1e-18; n++) {
		sum += term / (2 * n + 1);
		term *= (-x * x) / (n + 1);
	}
	return Math.abs(x) > 4 ? Math.sign(x) : (2 / Math.sqrt(Math.PI)) * sum;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** What each is in double, the numbers it is tried with, and by how much it may be off: of the value, or where that is small of `near`. */
const functions: Readonly<
	Record<
		string,
		{
			of: (x: number, a: number, b: number) => number;
			off: number;
			near?: number;
			given?: [number, number];
			positive?: true;
		}
	>
> = {
	abs: { of: Math.abs, off: 0 },
	affine: { of: (x, a, b) => a * x + b, off: 2e-7, near: 2, given: [-0.75, 2.5] },
	clip: { of: (x, a, b) => clamp(x, a, b), off: 0, given: [-1, 6] },
	elu: { of: (x, a) => (x < 0 ? a * Math.expm1(x) : x), off: 5e-7, given: [1.5, 0] },
	erf: { of: erf, off: 2e-7 },
	exp: { of: Math.exp, off: 3e-7 },
	gelu: { of: (x) => (x * (1 + erf(x * Math.SQRT1_2))) / 2, off: 4e-7, near: 1 },
	geluTanh: {
		of: (x) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
		off: 1e-6,
		near: 1,
	},
	hardSigmoid: { of: (x, a, b) => clamp(a * x + b, 0, 1), off: 2e-7, near: 1, given: [1 / 6, 0.5] },
	hardSwish: { of: (x) => x * clamp(x / 6 + 0.5, 0, 1), off: 4e-7, near: 1 },
	leakyRelu: { of: (x, a) => (x < 0 ? a * x : x), off: 2e-7, given: [0.01, 0] },
	log: { of: Math.log, off: 2e-7, near: 0.1, positive: true },
	neg: { of: (x) => -x, off: 0 },
	reciprocal: { of: (x) => 1 / x, off: 1e-7 },
	relu: { of: (x) => Math.max(x, 0), off: 0 },
	selu: { of: (x) => 1.05070098736 * (x > 0 ? x : 1.67326324235 * Math.expm1(x)), off: 5e-7 },
	sigmoid: { of: logistic, off: 4e-7 },
	// a · x, up to 34, is rounded before it becomes an exponent.
	silu: { of: (x, a) => x * logistic(a * x), off: 2.5e-6, given: [1.7, 0] },
	softplus: { of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), off: 4e-7 },
	softsign: { of: (x) => x / (1 + Math.abs(x)), off: 2e-7 },
	sqrt: { of: Math.sqrt, off: 1e-7, positive: true },
	square: { of: (x) => x * x, off: 1e-7 },
	tanh: { of: Math.tanh, off: 5e-7 },
};

test("every function that programs know is tried here", (t) => {
	t.deepEqual(Object.keys(functions).sort(), [...UNARY_KINDS].sort());
});

for (const [name, { of, off, near = 0, given = [1, 0], positive }] of Object.entries(functions)) {
	test(`${name} agrees with its definition in float64 from -20 to 20 and near 0`, (t) => {
		const wide = Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 1000 + 0.0001);
		const small = Array.from({ length: 60 }, (_, i) => 2 ** (-i / 2) * (i % 2 === 0 ? 1 : -1));
		const x = [...wide, ...small].map((value) => Math.fround(positive ? Math.abs(value) : value));
		const [alpha, beta] = given.map(Math.fround) as [number, number];
		const got = apply(name, x, alpha, beta);
		let worst = 0;
		for (const [i, value] of x.entries()) {
			const want = of(value, alpha, beta);
			worst = Math.max(worst, Math.abs((got[i] ?? Number.NaN) - want) / Math.max(Math.abs(want), near, 1e-37));
		}
		t.true(worst <= off, `${name} is off by ${worst}`);
	});

	test(`${name} keeps NaN, and gives a value the same bits wherever it stands`, (t) => {
		t.true(Number.isNaN(apply(name, [Number.NaN], ...given)[0]));
		const x = Array.from({ length: 11 }, (_, i) => (positive ? 0.3 : -1.7) + i / 3);
		const whole = apply(name, x, ...given);
		for (const [i, value] of x.entries()) t.is(apply(name, [value], ...given)[0], whole[i]);
	});
}

test("far out, functions come to their limits", (t) => {
	const [up, down] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	t.deepEqual([...apply("exp", [up, down, 89, -104])], [up, 0, up, 0]);
	t.true(Number.isFinite(apply("exp", [88.7])[0]));
	t.deepEqual([...apply("tanh", [up, down, 30, -30])], [1, -1, 1, -1]);
	t.deepEqual([...apply("sigmoid", [up, down, 100, -100])], [1, 0, 1, 0]);
	t.deepEqual([...apply("softplus", [up, down])], [up, 0]);
	t.deepEqual([...apply("log", [0, up])], [down, up]);
	t.true(Number.isNaN(apply("log", [-1])[0]));
	t.is(apply("selu", [down])[0], Math.fround(-1.75809934));
	t.true(Object.is(apply("tanh", [-0])[0], -0));
});
