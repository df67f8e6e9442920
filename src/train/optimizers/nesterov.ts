import { MOMENTUM } from "./momentum.js";
import { type Optimizer, zeros } from "./optimizer.js";

/**
 * Momentum with a look ahead: v ← 0.9 v + g, θ ← θ − η (g + 0.9 v).
 *
 * @see Sutskever, Martens, Dahl, Hinton, ICML 2013, in the form PyTorch has
 */
export const nesterov: Optimizer = {
	name: "nesterov",
	init: zeros(1),
	update(parameters, gradient, state, learningRate) {
		const [velocity = new Float32Array()] = state.vectors;
		state.step += 1;
		for (let i = 0; i < parameters.length; i++) {
			const g = gradient[i] ?? 0;
			const v = Math.fround(MOMENTUM * (velocity[i] ?? 0) + g);
			velocity[i] = v;
			parameters[i] = (parameters[i] ?? 0) - learningRate * (g + MOMENTUM * v);
		}
	},
};
