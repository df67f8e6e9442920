import { type Optimizer, zeros } from "./optimizer.js";

const DECAY = 0.99;
const EPSILON = 1e-8;

/** RMSprop: a ← 0.99 a + 0.01 g², θ ← θ − η g / (√a + ε). @see Tieleman and Hinton 2012, lecture 6.5; constants of PyTorch */
export const rmsprop: Optimizer = {
	name: "rmsprop",
	init: zeros(1),
	update(parameters, gradient, state, learningRate) {
		const [squares = new Float32Array()] = state.vectors;
		state.step += 1;
		for (let i = 0; i < parameters.length; i++) {
			const g = gradient[i] ?? 0;
			const a = Math.fround(DECAY * (squares[i] ?? 0) + (1 - DECAY) * g * g);
			squares[i] = a;
			parameters[i] = (parameters[i] ?? 0) - (learningRate * g) / (Math.sqrt(a) + EPSILON);
		}
	},
};
