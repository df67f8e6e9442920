import test from "ava";
import { adam } from "../../src/train/optimizers/adam.js";
import type { Optimizer } from "../../src/train/optimizers/optimizer.js";
import { sgd } from "../../src/train/optimizers/sgd.js";

/** Two steps from 1 with the gradients 0.5 and -1. */
function twoSteps(optimizer: Optimizer, learningRate: number): number[] {
	const parameters = Float32Array.of(1);
	const state = optimizer.init(1);
	return [0.5, -1].map((gradient) => {
		optimizer.update(parameters, Float32Array.of(gradient), state, learningRate);
		return parameters[0] ?? Number.NaN;
	});
}

const close = (actual: number | undefined, expected: number) => Math.abs((actual ?? Number.NaN) - expected) < 1e-6;

test("SGD with momentum takes the steps worked out by hand", (t) => {
	// v = 0.5, θ = 1 - 0.1·0.5; v = 0.9·0.5 - 1 = -0.55, θ = 0.95 + 0.055.
	const [first, second] = twoSteps(sgd, 0.1);
	t.true(close(first, 0.95));
	t.true(close(second, 1.005));
});

test("Adam takes the steps worked out by hand", (t) => {
	// Step 1: m̂ = 0.5, v̂ = 0.25, so θ = 1 - 0.1. Step 2: m = 0.9·0.05 - 0.1 = -0.055, m̂ = -0.055/0.19;
	// v = 0.999·0.00025 + 0.001 = 0.00124975, v̂ = 0.00124975/0.001999; θ = 0.9 + 0.1·0.2894737/0.7906896.
	const [first, second] = twoSteps(adam, 0.1);
	t.true(close(first, 0.9));
	t.true(close(second, 0.9 + (0.1 * (0.055 / 0.19)) / Math.sqrt(0.00124975 / 0.001999)));
});

test("both find the minimum of a bowl", (t) => {
	for (const optimizer of [sgd, adam]) {
		const parameters = Float32Array.of(3, -2);
		const state = optimizer.init(2);
		for (let step = 0; step < 2000; step++)
			optimizer.update(
				parameters,
				parameters.map((x) => 2 * x),
				state,
				0.01,
			);
		t.true(
			parameters.every((x) => Math.abs(x) < 1e-3),
			optimizer.name,
		);
	}
});
