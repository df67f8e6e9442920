import { adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";
import { sgd } from "./sgd.js";

/** Every optimiser there is, one line each, with the learning rate that suits it for a start. */
export const optimizers = {
	adam: { optimizer: adam, learningRate: 0.001 },
	sgd: { optimizer: sgd, learningRate: 0.01 },
} satisfies Record<string, { optimizer: Optimizer; learningRate: number }>;

export type OptimizerName = keyof typeof optimizers;

export const optimizerNames = Object.keys(optimizers) as OptimizerName[];
