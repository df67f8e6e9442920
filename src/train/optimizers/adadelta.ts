import { type Optimizer, zeros } from "./optimizer.js";

const DECAY = 0.9;
const EPSILON = 1e-6;

/**
 * Adadelta: a ← 0.9 a + 0.1 g², d = g √(b + ε) / √(a + ε), b ← 0.9 b + 0.1 d², θ ← θ − η d.
 *
 * @see Zeiler 2012 (arXiv 1212.5701), algorithm 1; ε, and the learning rate that the paper has no need of, as in PyTorch
 */
export const adadelta: Optimizer = {
	name: "adadelta",
	init: zeros(2),
	update(parameters, gradient, state, learningRate) {
		const [squares = new Float32Array(), steps = new Float32Array()] = state.vectors;
		state.step += 1;
		for (let i = 0; i < parameters.length; i++) {
			const g = gradient[i] ?? 0;
			const a = Math.fround(DECAY * (squares[i] ?? 0) + (1 - DECAY) * g * g);
			const b = steps[i] ?? 0;
			const d = g * Math.sqrt((b + EPSILON) / (a + EPSILON));
			squares[i] = a;
			steps[i] = DECAY * b + (1 - DECAY) * d * d;
			parameters[i] = (parameters[i] ?? 0) - learningRate * d;
		}
	},
};
