import { adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";

/**
 * Adam with the decay apart from the gradient: θ ← θ − η λ θ, then Adam's step.
 *
 * @param decay λ
 * @see Loshchilov and Hutter, ICLR 2019 (arXiv 1711.05101), algorithm 2, with the decay times the learning rate as in PyTorch
 */
export function adamw(decay: number): Optimizer {
	return {
		...adam,
		name: "adamw",
		update(parameters, gradient, state, learningRate) {
			const kept = 1 - learningRate * decay;
			for (let i = 0; i < parameters.length; i++) parameters[i] = (parameters[i] ?? 0) * kept;
			adam.update(parameters, gradient, state, learningRate);
		},
	};
}
