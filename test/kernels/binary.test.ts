import test from "ava";
import fc from "fast-check";
import { lowerBinary } from "../../src/kernels/elementwise.js";
import { BINARY_KINDS, type Operands } from "../../src/kernels/instructions.js";
import type { Lowering, Operand } from "../../src/kernels/lowering.js";
import { forCases } from "./cases.js";
import { carryOut, startContext } from "./program.js";
import { random, sizeOf } from "./reference.js";

const context = await startContext();

const functions: Readonly<Record<string, (a: number, b: number) => number>> = {
	add: (a, b) => a + b,
	sub: (a, b) => a - b,
	mul: (a, b) => a * b,
	div: (a, b) => a / b,
	maximum: Math.max,
	minimum: Math.min,
	squaredDifference: (a, b) => Math.fround(a - b) ** 2,
};

/** Lengths of an axis, and which of the two operands is stretched along it. */
const axes = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom("none", "a", "b")), {
	minLength: 1,
	maxLength: 4,
});

/** The instruction that lowering comes to, and the shape of what comes out. */
function lower(name: string, a: number[], b: number[]) {
	const operand = (shape: readonly number[]): Operand => ({ shape, type: "float32", perSample: true, at: 0 });
	let emitted: unknown[] = [];
	const lowering = {
		value: operand,
		emit: (_: string, ...operands: unknown[]) => {
			emitted = operands;
		},
	} as unknown as Lowering;
	const out = lowerBinary(lowering, name, operand(a), operand(b));
	return { shape: out?.shape ?? [], operands: emitted as Operands["binary"] };
}

for (const [name, of] of Object.entries(functions))
	test(`${name} of broadcast values is that of each pair, rounded once`, (t) => {
		forCases(t, axes, 100, (lengths) => {
			const shapeOf = (own: string) => lengths.map(([length, stretched]) => (stretched === own ? 1 : length));
			const [a, b] = [random(shapeOf("a"), 1, 3), random(shapeOf("b"), 2, 3)];
			const { shape, operands } = lower(name, a.shape, b.shape);
			t.deepEqual(
				shape,
				lengths.map(([length]) => length),
			);
			const out = new Float32Array(sizeOf([...shape]));
			const [, , , , ...numbers] = operands;
			carryOut(context, "binary", BINARY_KINDS.indexOf(name), a.values, b.values, out, ...numbers);
			t.deepEqual(
				[...out],
				[...out.keys()].map((i) => Math.fround(of(at(a, shape, i), at(b, shape, i)))),
			);
		});
	});

/** The value of a smaller shape that falls on place `index` of a larger one. */
function at(
	{ shape, values }: { shape: number[]; values: Float32Array },
	whole: readonly number[],
	index: number,
): number {
	let [rest, place, stride] = [index, 0, 1];
	for (let axis = whole.length - 1; axis >= 0; axis--) {
		const [length = 1, own = 1] = [whole[axis], shape[axis]];
		place += own === 1 ? 0 : (rest % length) * stride;
		rest = Math.floor(rest / length);
		stride *= own;
	}
	return values[place] ?? Number.NaN;
}

test("negative results become zero where a relu is part of it, and NaN stays", (t) => {
	const a = Float32Array.from([1, -2, Number.NaN, 3, -4]);
	const b = new Float32Array(5);
	const out = new Float32Array(5);
	carryOut(context, "binary", 0, a, b, out, 1, 1, 1, 5, 0, 0, 0, 1, 0, 0, 0, 1, 1);
	t.deepEqual([...out], [1, 0, Number.NaN, 3, 0]);
});
