import type { Optimizer } from "./optimizer.js";

/**
 * An optimiser on the loss with ½ λ ‖θ‖² added to it: λθ joins the gradient before anything else sees it. All
 * parameters decay, biases and normalisation too, as PyTorch has it.
 *
 * @param decay λ; 0 gives the optimiser back as it is
 */
export function withWeightDecay(optimizer: Optimizer, decay: number): Optimizer {
	if (decay === 0) return optimizer;
	return {
		...optimizer,
		update(parameters, gradient, state, learningRate) {
			for (let i = 0; i < parameters.length; i++) gradient[i] = (gradient[i] ?? 0) + decay * (parameters[i] ?? 0);
			optimizer.update(parameters, gradient, state, learningRate);
		},
	};
}
