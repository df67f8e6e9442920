import test from "ava";
import { forCases, operands, PLAIN, products } from "./cases.js";
import {
	addTerm,
	bits,
	kinds,
	random,
	run,
	runStock,
	startFastKernels,
	sums,
	UNIT,
	type Values,
	worstError,
} from "./reference.js";

test.before(startFastKernels);

/** a · b in float64 from whatever way they are stored. */
function multiply(a: Values, b: Values, attrs: typeof PLAIN, bias?: Values) {
	const [batch = 1, a1 = 1, a2 = 1] = a.shape;
	const [, b1 = 1, b2 = 1] = b.shape;
	const [rows, depth] = attrs.transposeA ? [a2, a1] : [a1, a2];
	const columns = attrs.transposeB ? b1 : b2;
	const result = sums(batch * rows * columns);
	for (let n = 0; n < batch; n++)
		for (let m = 0; m < rows; m++)
			for (let c = 0; c < columns; c++) {
				const at = (n * rows + m) * columns + c;
				for (let k = 0; k < depth; k++) {
					const left = a.values[n * rows * depth + (attrs.transposeA ? k * rows + m : m * depth + k)] ?? 0;
					const right = b.values[n * depth * columns + (attrs.transposeB ? c * depth + k : k * columns + c)] ?? 0;
					addTerm(result, at, left * right);
				}
				if (bias) addTerm(result, at, bias.values[c] ?? 0);
			}
	return { ...result, depth };
}

/** Recursive summation of k products and a bias: Higham, Accuracy and Stability, section 3.1, with room for γ. */
const bound = (depth: number) => 1.01 * (depth + 1) * UNIT;

test("any sizes and transpositions are within the bound of recursive summation", (t) => {
	forCases(t, products, 60, ({ seed, ...c }) => {
		const { a, b } = operands(c, c, [seed, seed + 1]);
		const got = run("BatchMatMul", { a, b }, { transposeA: c.transposeA, transposeB: c.transposeB });
		t.true(worstError(got.values, multiply(a, b, c)) <= bound(c.depth));
	});
});

test("sizes around every block boundary are right", (t) => {
	for (const [rows, depth, columns] of [
		[49, 257, 9],
		[48, 256, 8],
		[3, 513, 257],
		[1, 1, 1],
		[97, 3, 263],
		[5, 300, 1],
	] as const)
		for (const attrs of [PLAIN, { transposeA: true, transposeB: true }]) {
			const { a, b } = operands({ batch: 1, rows, depth, columns }, attrs, [rows, depth]);
			const bias = random([columns], 3);
			const got = run("_FusedMatMul", { a, b, bias }, { ...attrs, activation: "linear" });
			t.true(worstError(got.values, multiply(a, b, attrs, bias)) <= bound(depth), `${rows}×${depth}×${columns}`);
		}
});

test("relu makes negative sums zero and keeps the others' bits", (t) => {
	const inputs = { a: random([1, 9, 30], 1), b: random([1, 30, 11], 2), bias: random([11], 3) };
	const linear = run("_FusedMatMul", inputs, { ...PLAIN, activation: "linear" });
	const relu = run("_FusedMatMul", inputs, { ...PLAIN, activation: "relu" });
	t.deepEqual(
		relu.values,
		linear.values.map((value) => Math.max(value, 0)),
	);
});

test("a row gets the same bits in a batch of 1, 7 and 256", (t) => {
	const b = random([1, 300, 21], 2);
	const all = random([1, 256, 300], 1);
	const whole = run("BatchMatMul", { a: all, b }, PLAIN).values;
	for (const rows of [1, 7, 50]) {
		const a = { shape: [1, rows, 300], values: all.values.slice(0, rows * 300) };
		t.deepEqual(bits(run("BatchMatMul", { a, b }, PLAIN).values), bits(whole.slice(0, rows * 21)));
	}
});

test("one of the batches may be repeated, as the stock kernel does", (t) => {
	const a = random([3, 5, 6], 1);
	const b = random([1, 6, 7], 2);
	const got = run("BatchMatMul", { a, b }, PLAIN);
	t.deepEqual(got.shape, [3, 5, 7]);
	const repeated = { shape: [3, 6, 7], values: Float32Array.from([...b.values, ...b.values, ...b.values]) };
	t.true(worstError(got.values, multiply(a, repeated, PLAIN)) <= bound(6));
});

test("matrices without and with several batch axes take the same path and give the same bits", (t) => {
	const a = random([2, 5, 6], 1);
	const b = random([2, 6, 7], 2);
	const three = run("BatchMatMul", { a, b }, PLAIN);
	const four = run("BatchMatMul", { a: { ...a, shape: [2, 1, 5, 6] }, b: { ...b, shape: [2, 1, 6, 7] } }, PLAIN);
	t.deepEqual(four.shape, [2, 1, 5, 7]);
	t.deepEqual(bits(four.values), bits(three.values));
	const first = {
		a: { shape: [5, 6], values: a.values.slice(0, 30) },
		b: { shape: [6, 7], values: b.values.slice(0, 42) },
	};
	const two = run("BatchMatMul", first, PLAIN);
	t.deepEqual(two.shape, [5, 7]);
	t.deepEqual(bits(two.values), bits(three.values.slice(0, 35)));
});

test("NaN, infinities and overflow come out where the stock kernel gives them", (t) => {
	const a = random([1, 6, 10], 1);
	const b = random([1, 10, 9], 2);
	a.values.set([Number.NaN], 3);
	a.values.set([Number.POSITIVE_INFINITY], 15);
	a.values.set([1e30, 1e30, 1e30], 30);
	b.values.set([1e30], 5);
	const bias = random([9], 3);
	const linear = run("_FusedMatMul", { a, b, bias }, { ...PLAIN, activation: "linear" }).values;
	const stock = runStock("_FusedMatMul", { a, b, bias }, { ...PLAIN, activation: "linear" }).values;
	t.is(kinds(linear), kinds(stock));
	// The stock relu makes NaN zero; ours hands it on, as IEEE 754 arithmetic and the stock convolution do.
	const relu = run("_FusedMatMul", { a, b, bias }, { ...PLAIN, activation: "relu" }).values;
	t.is(kinds(relu), kinds(linear.map((value) => Math.max(value, 0))));
});

test("values of 1e-30 and 1e30 lose no more than others", (t) => {
	for (const [left, right] of [
		[1e30, 1e-30],
		[1e-15, 1e-15],
		[1e15, 1e15],
	] as const) {
		const a = random([1, 13, 40], 1, left);
		const b = random([1, 40, 17], 2, right);
		t.true(worstError(run("BatchMatMul", { a, b }, PLAIN).values, multiply(a, b, PLAIN)) <= bound(40));
	}
});
