import test from "ava";
import fc from "fast-check";
import { cosineOfHalfTurns, exp, log } from "../../src/exact/elementary.js";

/** Two units in the last place, relative. */
const TOLERANCE = 2 * 2 ** -52;

test("exp agrees with the engine's to two units in the last place", (t) => {
	fc.assert(
		fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => {
			return Math.abs(exp(x) - Math.exp(x)) <= TOLERANCE * Math.exp(x);
		}),
		{ numRuns: 20_000 },
	);
	t.pass();
});

test("log agrees with the engine's to two units in the last place", (t) => {
	fc.assert(
		fc.property(fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }), (x) => {
			return Math.abs(log(x) - Math.log(x)) <= TOLERANCE * Math.abs(Math.log(x));
		}),
		{ numRuns: 20_000 },
	);
	for (const x of [1 - 2 ** -53, 1 + 2 ** -52, 0.999, 1.001, 2, Math.E])
		t.true(Math.abs(log(x) - Math.log(x)) <= TOLERANCE * Math.abs(Math.log(x)), String(x));
});

test("exp and log have the limits that IEEE 754 asks for", (t) => {
	t.is(exp(0), 1);
	t.is(exp(-1000), 0);
	t.is(exp(Number.NEGATIVE_INFINITY), 0);
	t.is(exp(1000), Number.POSITIVE_INFINITY);
	t.is(exp(-745), 5e-324);
	t.is(exp(Number.NaN), Number.NaN);
	t.is(log(1), 0);
	t.is(log(0), Number.NEGATIVE_INFINITY);
	t.is(log(-1), Number.NaN);
	t.is(log(Number.NaN), Number.NaN);
	t.is(log(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
});

test("the cosine agrees with the engine's, and is exact where it can be", (t) => {
	for (let i = 0; i <= 1000; i++) {
		const difference = Math.abs(cosineOfHalfTurns(i / 1000) - Math.cos((Math.PI * i) / 1000));
		t.true(difference <= 2 ** -51, `${i}: ${difference}`);
	}
	t.deepEqual([0, 0.5, 1].map(cosineOfHalfTurns), [1, 0, -1]);
});
