import test from "ava";
import { type OptimizerName, optimizerNames, optimizers } from "../../src/train/optimizers/index.js";

/** Two steps from 1 with the gradients 0.5 and -1. */
function twoSteps(name: OptimizerName, learningRate: number, decay = 0): number[] {
	const optimizer = optimizers[name].create(decay);
	const parameters = Float32Array.of(1);
	const state = optimizer.init(1);
	return [0.5, -1].map((gradient) => {
		optimizer.update(parameters, Float32Array.of(gradient), state, learningRate);
		return parameters[0] ?? Number.NaN;
	});
}

/** What two steps of learning rate 0.1 come to, worked out by hand. */
const byHand: readonly [title: string, name: OptimizerName, decay: number, expected: [number, number]][] = [
	// 1 - 0.1·0.5, then 0.95 + 0.1.
	["plain gradient descent", "sgd", 0, [0.95, 1.05]],
	// g = 0.5 + 0.2·1, so 1 - 0.07; g = -1 + 0.2·0.93 = -0.814, so 0.93 + 0.0814.
	["gradient descent with weight decay 0.2", "sgd", 0.2, [0.93, 1.0114]],
	// v = 0.5, θ = 1 - 0.1·0.5; v = 0.9·0.5 - 1 = -0.55, θ = 0.95 + 0.055.
	["momentum", "momentum", 0, [0.95, 1.005]],
	// v = 0.5, step 0.5 + 0.45; v = -0.55, step -1 - 0.495.
	["Nesterov's momentum", "nesterov", 0, [1 - 0.095, 0.905 + 0.1495]],
	// Step 1: m̂ = 0.5, v̂ = 0.25, so θ = 1 - 0.1. Step 2: m = 0.9·0.05 - 0.1 = -0.055, m̂ = -0.055/0.19;
	// v = 0.999·0.00025 + 0.001 = 0.00124975, v̂ = 0.00124975/0.001999.
	["Adam", "adam", 0, [0.9, 0.9 + (0.1 * (0.055 / 0.19)) / Math.sqrt(0.00124975 / 0.001999)]],
	// Adam's steps, each after θ·(1 - 0.1·0.2): 0.98 - 0.1, then 0.88·0.98 and the second step.
	[
		"AdamW with weight decay 0.2",
		"adamw",
		0.2,
		[0.88, 0.8624 + (0.1 * (0.055 / 0.19)) / Math.sqrt(0.00124975 / 0.001999)],
	],
	// a = 0.025, d = 0.5·√(1e-6/0.025001) = 0.00316221; b = 0.1·d² = 1e-6 (to 4e-11);
	// a = 0.1225, d = -√((b + 1e-6)/0.122501).
	[
		"Adadelta",
		"adadelta",
		0,
		[1 - 0.05 * Math.sqrt(1e-6 / 0.025001), 1 - 0.05 * Math.sqrt(1e-6 / 0.025001) + 0.1 * Math.sqrt(2e-6 / 0.122501)],
	],
	// a = 0.0025, step 0.1·0.5/0.05 = 1; a = 0.99·0.0025 + 0.01 = 0.012475.
	["RMSprop", "rmsprop", 0, [0, 0.1 / Math.sqrt(0.012475)]],
];

for (const [title, name, decay, expected] of byHand) {
	test(`${title} takes the steps worked out by hand`, (t) => {
		for (const [i, value] of twoSteps(name, 0.1, decay).entries())
			t.true(Math.abs(value - (expected[i] ?? Number.NaN)) < 1e-6, `step ${i + 1}: ${value} is not ${expected[i]}`);
	});
}

for (const name of optimizerNames) {
	test(`${name} finds its way down a bowl`, (t) => {
		const { create, learningRate } = optimizers[name];
		const optimizer = create(0);
		const parameters = Float32Array.of(0.3, -0.2);
		const state = optimizer.init(2);
		const steps = 3000;
		for (let step = 0; step < steps; step++)
			optimizer.update(
				parameters,
				parameters.map((x) => 2 * x),
				state,
				learningRate,
			);
		t.true(
			parameters.every((x) => Math.abs(x) < 2e-3),
			`${name}: ${parameters}`,
		);
		t.is(state.step, steps);
	});
}
