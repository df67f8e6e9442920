import test from "ava";
import { rankCorrelation } from "../../src/doctor/rank-correlation.js";

const of = (...values: number[]) => Float64Array.from(values);

test("ranks agree wherever order does, and are opposed where it is", (t) => {
	t.is(rankCorrelation(of(1, 2, 3, 4), of(1, 10, 100, 1000)), 1);
	t.is(rankCorrelation(of(1, 2, 3, 4), of(4, 3, 2, 1)), -1);
	// 1 − 6·Σd²/(n(n² − 1)) with differences of ranks 1, 1, 1, 1: 1 − 24/60.
	t.true(Math.abs(rankCorrelation(of(1, 2, 3, 4), of(2, 1, 4, 3)) - 0.6) < 1e-12);
});

test("ties have their mean rank, NaN does not count, infinities are ranked, and a constant agrees with nothing", (t) => {
	// Ranks 1.5, 1.5, 3 and 1, 2, 3: 1.5/√(1.5·2).
	t.true(Math.abs(rankCorrelation(of(1, 1, 2), of(1, 2, 3)) - 1.5 / Math.sqrt(3)) < 1e-12);
	t.is(rankCorrelation(of(1, Number.NaN, 2, 3), of(1, 5, 2, Number.POSITIVE_INFINITY)), 1);
	t.is(rankCorrelation(of(1, 1, 1), of(1, 2, 3)), 0);
	t.is(rankCorrelation(of(1, 2), of(1, 2)), Number.NaN);
});
