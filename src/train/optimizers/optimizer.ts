import type { OptimizerState } from "../../store/training-state.js";

/** A rule that moves parameters against a gradient. */
export interface Optimizer {
	readonly name: string;
	/** @param length how many parameters there are */
	init(length: number): OptimizerState;
	/** One step; changes the parameters, the state and perhaps the gradient in place. */
	update(parameters: Float32Array, gradient: Float32Array, state: OptimizerState, learningRate: number): void;
}

/** The start of an optimiser that keeps so many vectors. */
export function zeros(vectors: number): Optimizer["init"] {
	return (length) => ({ step: 0, vectors: Array.from({ length: vectors }, () => new Float32Array(length)) });
}
