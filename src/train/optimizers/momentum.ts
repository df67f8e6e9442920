import { type Optimizer, zeros } from "./optimizer.js";

/** How much of the velocity a step keeps. */
export const MOMENTUM = 0.9;

/** Gradient descent with momentum as PyTorch has it: v ← 0.9 v + g, θ ← θ − η v. @see Polyak 1964 */
export const momentum: Optimizer = {
	name: "momentum",
	init: zeros(1),
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
