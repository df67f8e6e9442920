import { type Optimizer, zeros } from "./optimizer.js";

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Adam with the constants of its paper. @see Kingma and Ba, ICLR 2015 (arXiv 1412.6980), algorithm 1 */
export const adam: Optimizer = {
	name: "adam",
	init: zeros(2),
	update(parameters, gradient, state, learningRate) {
		const [first = new Float32Array(), second = new Float32Array()] = state.vectors;
		state.step += 1;
		const firstCorrection = 1 - power(BETA_1, state.step);
		const rate = learningRate / firstCorrection;
		const secondScale = 1 / (1 - power(BETA_2, state.step));
		for (let i = 0; i < parameters.length; i++) {
			const g = gradient[i] ?? 0;
			const m = Math.fround(BETA_1 * (first[i] ?? 0) + (1 - BETA_1) * g);
			const v = Math.fround(BETA_2 * (second[i] ?? 0) + (1 - BETA_2) * g * g);
			first[i] = m;
			second[i] = v;
			parameters[i] = (parameters[i] ?? 0) - (rate * m) / (Math.sqrt(v * secondScale) + EPSILON);
		}
	},
};

/** base^exponent by repeated squaring: products alone, so the same bits everywhere. */
function power(base: number, exponent: number): number {
	let result = 1;
	let square = base;
	for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
		if (rest % 2 === 1) result *= square;
		square *= square;
	}
	return result;
}
