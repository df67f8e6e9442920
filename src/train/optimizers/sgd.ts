import type { Optimizer } from "./optimizer.js";

const MOMENTUM = 0.9;

/** Stochastic gradient descent with momentum as PyTorch has it: v ← 0.9 v + g, θ ← θ − η v. */
export const sgd: Optimizer = {
	name: "sgd",
	init: (length) => ({ step: 0, vectors: [new Float32Array(length)] }),
	update(parameters, gradient, state, learningRate) {
		const [velocity = new Float32Array()] = state.vectors;
		state.step += 1;
		for (let i = 0; i < parameters.length; i++) {
			const v = Math.fround(MOMENTUM * (velocity[i] ?? 0) + (gradient[i] ?? 0));
			velocity[i] = v;
			parameters[i] = (parameters[i] ?? 0) - learningRate * v;
		}
	},
};
