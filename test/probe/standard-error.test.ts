import test from "ava";
import { standardErrorOf } from "../../src/probe/standard-error.js";

const plain = (...sums: number[]) => ({
	sums: Float64Array.from(sums),
	weights: new Float64Array(sums.length).fill(1),
});

test("of a mean it is the standard deviation over √n", (t) => {
	// 1, 2, 3, 4: variance 5/3, so √(5/12).
	t.is(standardErrorOf([plain(1, 2, 3, 4)], [1])?.toFixed(12), Math.sqrt(5 / 12).toFixed(12));
});

test("what two means share does not count in their difference", (t) => {
	t.is(standardErrorOf([plain(100, 200, 300), plain(99, 199, 299)], [1, -1]), 0);
	// Differences 1, 3, 5: standard deviation 2.
	t.is(
		standardErrorOf([plain(101, 203, 305), plain(100, 200, 300)], [1, -1])?.toFixed(12),
		(2 / Math.sqrt(3)).toFixed(12),
	);
});

test("of weighted means it is that of the ratio's linear part", (t) => {
	// Sums 1, 4 and weights 1, 2: the mean 5/3; residuals −2/3 and 2/3, each by n/W = 2/3: ∓4/9; √(2·(4/9)²/1/2) = 4/9.
	const parts = { sums: Float64Array.of(1, 4), weights: Float64Array.of(1, 2) };
	t.is(standardErrorOf([parts], [1])?.toFixed(12), (4 / 9).toFixed(12));
});

test("a single sample says nothing of its error, nor do samples that count nothing", (t) => {
	t.is(standardErrorOf([plain(1)], [1]), null);
	t.is(standardErrorOf([{ sums: new Float64Array(3), weights: new Float64Array(3) }], [1]), null);
});
