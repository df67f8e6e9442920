import test from "ava";
import fc from "fast-check";
import { differenceLoops } from "../../src/kernels/difference-loops.js";
import { differencesOf, type Range } from "../../src/kernels/differences.js";

/** Numbers that float32 holds, the same for one seed. */
function random(seed: number, length: number): Float32Array {
	let state = seed + 1;
	return Float32Array.from({ length }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 31 - 1;
	});
}

const shapes = fc.record({
	count: fc.integer({ min: 1, max: 9 }),
	length: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 250, max: 1030 })),
	seed: fc.integer({ min: 0, max: 1000 }),
});

test("the kernels' sums over differences are those of the loops, bit by bit, whatever the shape and what is held", (t) => {
	fc.assert(
		fc.property(shapes, fc.boolean(), ({ count, length, seed }, holds) => {
			const kernels = differencesOf(count, 1100);
			const parts = Array.from({ length: count }, (_, row) => random(seed + row, length));
			const held: Range[] = holds ? [[Math.floor(length / 3), Math.ceil(length / 2)]] : [];
			const stretch = { parts, origin: random(seed + 77, length), held };
			const pair = [random(seed + 88, length), Float64Array.from(random(seed + 99, length), (value) => value / 3)];
			const weights = Float64Array.from(random(seed + 55, 2 * count));
			const triangle = (gram: Float64Array) => gram.filter((_, i) => i % count <= Math.floor(i / count));
			t.deepEqual(triangle(kernels.gram(stretch)), triangle(differenceLoops.gram(stretch)));
			const [ours, theirs] = [kernels, differenceLoops].map((sums) => {
				const into = [new Float32Array(length), new Float32Array(length)];
				sums.combine(stretch, weights, into);
				return into;
			});
			t.deepEqual(ours, theirs);
			t.deepEqual(kernels.along(stretch, pair), differenceLoops.along(stretch, pair));
			t.deepEqual(kernels.rest(stretch, pair, weights), differenceLoops.rest(stretch, pair, weights));
		}),
		{ numRuns: 60 },
	);
});

test("sums over differences are those of whole numbers, worked out by hand", (t) => {
	const stretch = {
		parts: [Float32Array.of(3, 1, 7), Float32Array.of(1, 2, 7)],
		origin: Float32Array.of(1, 1, 5),
		held: [[2, 3]] as const,
	};
	// The differences are (2, 0, 0) and (0, 1, 0): the third number is held.
	const sums = differencesOf(2, 3);
	const gram = sums.gram(stretch);
	t.deepEqual([gram[0], gram[2], gram[3]], [4, 0, 1]);
	const into = [new Float32Array(3), new Float32Array(3)];
	sums.combine(stretch, Float64Array.of(1, 10, -1, 0.5), into);
	t.deepEqual(into, [Float32Array.of(2, 10, 0), Float32Array.of(-2, 0.5, 0)]);
	const pair = [Float32Array.of(1, 1, 1), Float32Array.of(0, 3, 1)];
	t.deepEqual([...sums.along(stretch, pair)], [2, 0, 1, 3]);
	// (2, 0, 0) less the first direction is (1, −1, −1); (0, 1, 0) less a third of the second is (0, 0, −⅓).
	const [left, all, other, own] = sums.rest(stretch, pair, Float64Array.of(1, 0, 0, 1 / 3));
	t.deepEqual([left, all, own], [3, 4, 1]);
	t.true(Math.abs((other ?? 0) - 1 / 9) < 1e-15);
});
