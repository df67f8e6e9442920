import test from "ava";
import type { Outputs } from "../../src/objective/loss.js";
import { type LossName, losses } from "../../src/objective/losses/index.js";
import { type MetricName, metrics } from "../../src/objective/metrics/index.js";

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
const outputs = (width: number, values: number[], targets: Int32Array | Float32Array): Outputs => ({
	values: Float32Array.from(values),
	width,
	targets,
});

/** Sums over the samples, worked out by hand. */
const sums: readonly [LossName, Outputs, number][] = [
	["cross-entropy-from-probabilities", outputs(2, [0.25, 0.75, 0.5, 0.5], Int32Array.of(0, 1)), Math.log(8)],
	["negative-log-likelihood", outputs(2, [-1, -2, -3, -4], Int32Array.of(1, 0)), 5],
	["binary-cross-entropy", outputs(1, [0.25, 1], Float32Array.of(0, 0)), -Math.log(0.75) + 100],
	["binary-cross-entropy-from-logits", outputs(1, [0, -1000], Float32Array.of(1, 1)), Math.LN2 + 1000],
	["mse", outputs(2, [1, 2, 3, 4], Float32Array.of(0, 0, 3, 2)), 2.5 + 2],
	["mae", outputs(2, [1, 2, 3, 4], Float32Array.of(0, 0, 3, 2)), 1.5 + 1],
	["huber", outputs(2, [0.5, 3, 0, 0], Float32Array.of(0, 0, 0, 0)), (0.125 + 2.5) / 2],
	// Two tokens of two classes a sample; the second sample's first token does not count.
	["token-cross-entropy", outputs(4, [0, 0, 0, 0, 9, 9, 5, 5], Int32Array.of(0, 1, -100, 1)), 2 * Math.LN2],
];

for (const [name, given, expected] of sums) {
	test(`${name} adds up to the sum worked out by hand, and NaN to NaN`, (t) => {
		const found = losses[name].add(10, given);
		t.true(close(found - 10, expected), `${found - 10} is not ${expected}`);
		const spoiled = {
			...given,
			values: given.values.map((value, i) => (i === given.values.length - 1 ? Number.NaN : value)),
		};
		t.true(Number.isNaN(losses[name].add(0, spoiled)));
	});
}

const figures: readonly [MetricName, Outputs, number][] = [
	["accuracy", outputs(2, [1, 2, 2, 1], Int32Array.of(1, 1)), 0.5],
	["accuracy", outputs(4, [1, 0, 0, 1, 9, 9, 5, 1], Int32Array.of(0, 1, -100, 1)), 2 / 3],
	["top-5", outputs(7, [7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1], Int32Array.of(4, 5)), 0.5],
	["binary-accuracy", outputs(1, [0.4, 0.6], Float32Array.of(0, 0)), 0.5],
	["mae", outputs(2, [1, 2, 3, 4], Float32Array.of(0, 0, 3, 2)), 1.25],
	// Errors 1, 0, 1 against a spread of 1 + 0 + 1.
	["r2", outputs(1, [2, 2, 2], Float32Array.of(1, 2, 3)), 0],
];

for (const [index, [name, given, expected]] of figures.entries()) {
	test(`${name} is the figure worked out by hand (case ${index + 1})`, (t) => {
		const { sums, add, value } = metrics[name];
		const kept = new Float64Array(sums);
		add(kept, given);
		t.true(close(value(kept), expected), `${value(kept)} is not ${expected}`);
	});
}
