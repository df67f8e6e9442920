import { type Optimizer, zeros } from "./optimizer.js";

/** Stochastic gradient descent, plain: θ ← θ − η g. */
export const sgd: Optimizer = {
	name: "sgd",
	init: zeros(0),
	update(parameters, gradient, state, learningRate) {
		state.step += 1;
		for (let i = 0; i < parameters.length; i++)
			parameters[i] = (parameters[i] ?? 0) - learningRate * (gradient[i] ?? 0);
	},
};
