import test from "ava";
import { rankCorrelation, relationVerdict } from "../../src/article/correlation.js";

test("numbers in the same order correlate fully, by one order of all", (t) => {
	const { rho, above, below, pairs, isExact } = rankCorrelation([1, 2, 3, 4], [10, 20, 1000, 2000]);
	t.is(rho, 1);
	t.is(pairs, 4);
	t.true(isExact);
	// Of 4! orders of four numbers one is the observed.
	t.is(above, 1 / 24);
	t.is(below, 1);
});

test("Spearman's coefficient is that of 1 − 6 Σd² / (n (n² − 1))", (t) => {
	// Ranks 1 2 3 4 5 beside 2 1 4 3 5: four differences of 1.
	const { rho } = rankCorrelation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]);
	t.true(Math.abs(rho - (1 - (6 * 4) / (5 * 24))) < 1e-15);
});

test("of three pairs every coefficient is as often reached as a hand counts", (t) => {
	// The six orders of 1 2 3 give ρ = 1, ½, ½, −½, −½, −1.
	const { rho, above, below, strong } = rankCorrelation([1, 2, 3], [1, 3, 2]);
	t.is(rho, 0.5);
	t.is(above, 3 / 6);
	t.is(below, 5 / 6);
	t.is(strong, 3 / 6);
});

test("equal numbers share the mean of their ranks", (t) => {
	// Ranks 1, 2.5, 2.5, 4 beside 1, 2, 3, 4: 4.5 over √(4.5 · 5).
	const { rho } = rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]);
	t.true(Math.abs(rho - 4.5 / Math.sqrt(4.5 * 5)) < 1e-15);
});

test("pairs without a finite number are left out", (t) => {
	const { pairs, rho } = rankCorrelation([1, Number.NaN, 2, 3], [3, 0, 2, Number.POSITIVE_INFINITY]);
	t.is(pairs, 2);
	t.is(rho, -1);
});

test("nothing can be said where all of one list are equal, or of no pairs", (t) => {
	for (const correlation of [rankCorrelation([1, 1, 1], [1, 2, 3]), rankCorrelation([], [])]) {
		t.is(correlation.rho, Number.NaN);
		t.is(relationVerdict(correlation, 1), "open");
	}
});

const counting = (n: number) => Array.from({ length: n }, (_, i) => i);

test("beyond nine pairs random orders stand for all, the same each time, and come near the exact share", (t) => {
	const correlation = rankCorrelation(counting(10), [3, 0, 1, 2, 6, 4, 5, 9, 7, 8]);
	t.false(correlation.isExact);
	t.deepEqual(rankCorrelation(counting(10), [3, 0, 1, 2, 6, 4, 5, 9, 7, 8]), correlation);
	// The tables of the exact distribution (Zar 1972): of 10 pairs 0.564 has a one-sided share of 0.05.
	t.true(correlation.strong > 0.05 && correlation.strong < 0.09, String(correlation.strong));
});

test("a relation is borne out, not borne out, or open where there are too few pairs to say", (t) => {
	const falling = (n: number) => counting(n).toReversed();
	t.is(relationVerdict(rankCorrelation(counting(6), counting(6)), 1), "yes");
	t.is(relationVerdict(rankCorrelation(counting(6), falling(6)), 1), "no");
	t.is(relationVerdict(rankCorrelation(counting(6), falling(6)), -1), "yes");
	// Of three pairs even the best order is one of six.
	t.is(relationVerdict(rankCorrelation(counting(3), counting(3)), 1), "open");
	// No relation among ten is none that could be told; among twenty-four a middling one would have shown.
	const mixed = (n: number) => counting(n).map((i) => (i % 2 === 0 ? i : n - i));
	t.is(relationVerdict(rankCorrelation(counting(10), mixed(10)), 1), "open");
	t.is(relationVerdict(rankCorrelation(counting(24), mixed(24)), 1), "no");
});
