import test from "ava";
import type { LossSettings, Outputs } from "../../src/objective/loss.js";
import { type LossName, losses } from "../../src/objective/losses/index.js";
import { softmaxCrossEntropy } from "../../src/objective/losses/softmax-cross-entropy.js";
import { type MetricName, metrics } from "../../src/objective/metrics/index.js";

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
const outputs = (width: number, values: number[], targets: Int32Array | Float32Array, classes = width): Outputs => ({
	values: Float32Array.from(values),
	width,
	classes,
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
	// Two places of two classes a sample; the second sample's first does not count.
	["softmax-cross-entropy", outputs(4, [0, 0, 0, 0, 9, 9, 5, 5], Int32Array.of(0, 1, -1, 1), 2), 3 * Math.LN2],
	// Probabilities as targets: a class without any counts nothing, even where the outputs have it impossible.
	[
		"softmax-cross-entropy",
		outputs(2, [0, 0, 0, Math.log(3)], Float32Array.of(0.5, 0.5, 1, 0)),
		Math.LN2 + Math.log(4),
	],
	["cross-entropy-from-probabilities", outputs(2, [0, 1, 0.5, 0.5], Float32Array.of(0, 1, 0.25, 0.75)), Math.LN2],
];

for (const [number, [name, given, expected]] of sums.entries()) {
	test(`${name} adds up to the sum worked out by hand, and NaN to NaN (case ${number + 1})`, (t) => {
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
	["accuracy", outputs(4, [1, 0, 0, 1, 9, 9, 5, 1], Int32Array.of(0, 1, -1, 1), 2), 2 / 3],
	["accuracy", outputs(3, [1, 2, 3, 3, 2, 1], Float32Array.of(0.2, 0.3, 0.5, 0.1, 0.7, 0.2)), 0.5],
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

const LN4 = Math.log(4);
/** Logits whose softmax is 1/4, 3/4 and 1/2, 1/2. */
const logits = [0, Math.log(3), 0, 0];

test("weights of classes, smoothing and places that don't count are those of PyTorch's cross_entropy", (t) => {
	const mean = (settings: LossSettings, given: Outputs) => {
		const loss = softmaxCrossEntropy.with?.(settings) ?? softmaxCrossEntropy;
		return loss.add(0, given) / (loss.weight?.(given) ?? Number.NaN);
	};
	const indices = outputs(2, logits, Int32Array.of(0, 1));
	// Weighted means are divided by the weights of the classes that are there.
	t.true(close(mean({ classWeights: [3, 1] }, indices), (3 * LN4 + Math.LN2) / 4));
	t.true(close(mean({ classWeights: [3, 1] }, outputs(2, logits, Int32Array.of(0, -1))), LN4));
	const surprisals = [LN4, LN4 - Math.log(3), Math.LN2, Math.LN2] as const;
	const [a, b, c, d] = surprisals;
	t.true(close(mean({ labelSmoothing: 0.2 }, indices), (0.8 * (a + d) + 0.1 * (a + b + c + d)) / 2));
	t.true(
		close(
			mean({ labelSmoothing: 0.2, classWeights: [3, 1] }, indices),
			(0.8 * (3 * a + d) + 0.1 * (3 * a + b + 3 * c + d)) / 4,
		),
	);
	// With probabilities the classes are weighed, and the sum is divided by the samples.
	const soft = outputs(2, logits, Float32Array.of(0.25, 0.75, 1, 0));
	t.true(close(mean({ classWeights: [3, 1] }, soft), (0.75 * a + 0.75 * b + 3 * c) / 2));
});
