import test from "ava";
import fc from "fast-check";
import { bestAssignment } from "../../src/exact/assignment.js";
import { RandomStream } from "../../src/exact/random.js";

function sumOf(gain: ArrayLike<number>, order: ArrayLike<number>): number {
	return Array.from(order).reduce((sum, column, row) => sum + (gain[row * order.length + column] ?? Number.NaN), 0);
}

/** The best of all orders there are, one by one. */
function byTrying(gain: ArrayLike<number>, size: number, chosen: readonly number[] = []): number {
	if (chosen.length === size) return sumOf(gain, chosen);
	const left = Array.from({ length: size }, (_, column) => column).filter((column) => !chosen.includes(column));
	return Math.max(...left.map((column) => byTrying(gain, size, [...chosen, column])));
}

const gains = fc.integer({ min: 1, max: 6 }).chain((size) =>
	fc.record({
		size: fc.constant(size),
		gain: fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e3, max: 1e3, noNaN: true })), {
			minLength: size * size,
			maxLength: size * size,
		}),
	}),
);

test("no order brings more than the one that is found, and it takes each column once", (t) => {
	fc.assert(
		fc.property(gains, ({ size, gain }) => {
			const order = bestAssignment(Float64Array.from(gain), size);
			t.deepEqual(
				[...order].sort((a, b) => a - b),
				Array.from({ length: size }, (_, i) => i),
			);
			t.true(Math.abs(sumOf(gain, order) - byTrying(gain, size)) <= 1e-9 * 1e3 * size);
		}),
		{ numRuns: 300 },
	);
});

test("seven rows, against all 5040 orders", (t) => {
	const random = new RandomStream(3, "alignment");
	for (let round = 0; round < 5; round++) {
		const gain = Float64Array.from({ length: 49 }, () => random.normal());
		t.true(Math.abs(sumOf(gain, bestAssignment(gain, 7)) - byTrying(gain, 7)) < 1e-12);
	}
});

test("of orders that bring the same the first row has the first column, and so on", (t) => {
	t.deepEqual([...bestAssignment(new Float64Array(25), 5)], [0, 1, 2, 3, 4]);
	t.deepEqual([...bestAssignment(Float64Array.of(1, 1, 0, 1, 1, 0, 0, 0, 1), 3)], [0, 1, 2]);
});

test("an order hidden among 300 is found, whose prices prove that no other is better", (t) => {
	const size = 300;
	const random = new RandomStream(9, "alignment");
	const hidden = random.permutation(size);
	// Row and column prices whose sum is the gain along the hidden order, and above the gain everywhere else.
	const [rows, columns] = [0, 1].map(() => Float64Array.from({ length: size }, () => random.normal()));
	const gain = Float64Array.from({ length: size * size }, (_, at) => {
		const [row, column] = [Math.floor(at / size), at % size];
		const price = (rows?.[row] ?? 0) + (columns?.[column] ?? 0);
		return hidden[row] === column ? price : price - random.uniform() - 1e-6;
	});
	t.deepEqual([...bestAssignment(gain, size)], [...hidden]);
});
